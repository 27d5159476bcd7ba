package import BLS12381
package import Primitives

/// An operator's number on chain.
///
/// Also where its shares lie on their polynomials; never 0 in what the chain announces.
package struct OperatorID: SSZNumber, Comparable, CustomStringConvertible {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The operator with this number.
    package init(_ number: UInt64) {
        rawValue = number
    }

    /// The number as the place of a share, or `nil` for 0.
    package var shareIndex: ShareIndex? { ShareIndex(rawValue) }
}

/// The operators that hold shares of one key.
package struct OperatorGroup: Hashable, Sendable {
    /// How many there may be.
    package static let sizes: ClosedRange<Int> = 4...13

    /// Their numbers, rising.
    package let ids: [OperatorID]

    /// Takes numbers, or answers `nil` unless they rise strictly, none is 0, and they are as many as may be.
    package init?(_ ids: some Collection<OperatorID>) {
        let ids = Array(ids)
        guard Self.sizes.contains(ids.count), let first = ids.first, first != OperatorID(0),
            zip(ids, ids.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.ids = ids
    }

    /// How many there are.
    package var count: Int { ids.count }

    /// How many of them sign as the validator: n - f, where f is the greatest number with n >= 3f + 1.
    package var threshold: Int { count - (count - 1) / 3 }

    /// Whether the operator holds a share.
    package func contains(_ id: OperatorID) -> Bool { ids.contains(id) }
}

/// An operator as the chain knows it.
package struct OperatorRecord: Hashable, Sendable {
    /// Its number.
    package var id: OperatorID
    /// The account that may change how it is reached.
    package var account: Address
    /// The Ed25519 key that signs what it says.
    package var identity: Identity
    /// Keccak-256 of the text by which SSV calls its RSA key; zero when it has none.
    package var sharesKeyHash: Digest
    /// Where it can be reached, as `host:port`.
    package var endpoint: ByteList<64>
    /// Whether it may hold further shares.
    package var isActive: Bool
    /// Whether the selection rule may choose it.
    package var isCollateralised: Bool
    /// Its place in the order of registration, from 1.
    package var registration: UInt64

    /// Joins the parts; nothing is checked.
    package init(
        id: OperatorID,
        account: Address,
        identity: Identity,
        sharesKeyHash: Digest,
        endpoint: ByteList<64>,
        isActive: Bool,
        isCollateralised: Bool,
        registration: UInt64
    ) {
        self.id = id
        self.account = account
        self.identity = identity
        self.sharesKeyHash = sharesKeyHash
        self.endpoint = endpoint
        self.isActive = isActive
        self.isCollateralised = isCollateralised
        self.registration = registration
    }
}
