package import BLS12381
package import Primitives

/// Ether in billionths, the beacon chain's unit.
package struct Gwei: SSZNumber, Comparable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// So many whole ether.
    package static func ether(_ count: UInt64) -> Gwei { Gwei(rawValue: count * 1_000_000_000) }

    package static func < (one: Gwei, other: Gwei) -> Bool { one.rawValue < other.rawValue }
}

/// What a new validator signs (`DepositMessage`, consensus specifications, phase 0).
///
/// Public key and credentials are as they stand in the message; ``DepositData/fault(on:)`` says what is wrong with them.
package struct DepositMessage: SSZContainer {
    /// The validator's public key.
    package var publicKey: G1Bytes
    /// Where its ether goes when it leaves.
    package var withdrawalCredentials: FixedBytes<BeaconTag.WithdrawalCredentials, 32>
    /// What is deposited.
    package var amount: Gwei

    /// Joins the three.
    package init(publicKey: PublicKey, withdrawalCredentials: WithdrawalCredentials, amount: Gwei) {
        self.init(publicKey: publicKey.bytes, withdrawalCredentials: withdrawalCredentials, amount: amount)
    }

    /// Joins the three; the key is not checked to be one.
    package init(publicKey: G1Bytes, withdrawalCredentials: WithdrawalCredentials, amount: Gwei) {
        self.publicKey = publicKey
        self.withdrawalCredentials = withdrawalCredentials.bytes
        self.amount = amount
    }

    /// A message as a file or a chain states it; nothing is checked.
    package init(
        stated publicKey: G1Bytes,
        _ withdrawalCredentials: FixedBytes<BeaconTag.WithdrawalCredentials, 32>,
        _ amount: Gwei
    ) {
        self.publicKey = publicKey
        self.withdrawalCredentials = withdrawalCredentials
        self.amount = amount
    }

    package static let fields = [
        SSZField("pubkey", G1Bytes.self),
        SSZField("withdrawal_credentials", FixedBytes<BeaconTag.WithdrawalCredentials, 32>.self),
        SSZField("amount", Gwei.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(publicKey)
        visitor.field(withdrawalCredentials)
        visitor.field(amount)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        publicKey = try reader.field()
        withdrawalCredentials = try reader.field()
        amount = try reader.field()
    }
}

/// A deposit with its signature, as the deposit contract takes it (`DepositData`, consensus specifications, phase 0).
///
/// The contract checks only the root. The beacon chain ignores a first deposit whose signature is bad, and keeps the
/// ether; and it takes the credentials of the first good one for ever.
package struct DepositData: SSZContainer {
    /// What was signed.
    package var message: DepositMessage
    /// The validator's signature over ``ValidatorStatement/deposit(_:)``.
    package var signature: G2Bytes

    /// Joins the two; nothing is checked.
    package init(message: DepositMessage, signature: G2Bytes) {
        self.message = message
        self.signature = signature
    }

    package static let fields =
        DepositMessage.fields + [SSZField("signature", G2Bytes.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        message.visit(&visitor)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        message = try DepositMessage(fields: &reader)
        signature = try reader.field()
    }

    /// The least that makes a validator, EIP-7251.
    package static let leastAmount = Gwei.ether(32)
    /// The most that counts for a validator with compounding credentials, EIP-7251.
    package static let mostAmount = Gwei.ether(2_048)

    /// Why the chain, or we, would not take the deposit; `nil` when all is well.
    ///
    /// Takes about 2 ms, the signature's.
    package func fault(on network: BeaconNetwork) -> DepositFault? {
        guard let key = PublicKey(message.publicKey) else { return .publicKey }
        guard let credentials = WithdrawalCredentials(message.withdrawalCredentials) else {
            return .credentials
        }
        let most = credentials.kind == .regular ? Self.leastAmount : Self.mostAmount
        guard (Self.leastAmount...most).contains(message.amount) else { return .amount(message.amount) }
        guard let signature = Signature(signature) else { return .signature }
        return signature.isValid(for: .deposit(message), on: network, by: key) ? nil : .signature
    }
}

/// What is wrong with a deposit.
package enum DepositFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The public key is no element of G1 other than the identity.
    case publicKey
    /// The withdrawal credentials name no address.
    case credentials
    /// It makes no validator, or is more than counts.
    case amount(Gwei)
    /// The signature is not the key's, or is bound to another network.
    case signature

    package var description: String {
        switch self {
        case .publicKey: "the public key is not an element of G1 that can be used"
        case .credentials: "the withdrawal credentials name no address behind prefix 0x01 or 0x02"
        case .amount(let amount):
            "\(amount.rawValue) Gwei is not between 32 ether and what such credentials let count"
        case .signature: "the signature is not the public key's for this network"
        }
    }
}
