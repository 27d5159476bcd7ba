package import Primitives

/// Where a validator's ether goes when it leaves: an address of the execution chain behind a prefix.
///
/// Only the two forms that name an address can be made. Credentials of a BLS key (prefix 0x00) would let whoever holds
/// that key choose the address later.
package struct WithdrawalCredentials: Hashable, Sendable {
    /// The credentials as they stand in a deposit.
    package let bytes: FixedBytes<BeaconTag.WithdrawalCredentials, 32>

    /// What becomes of rewards.
    package enum Kind: UInt8, Sendable {
        /// They are paid out, and 32 ether stay (prefix 0x01).
        case regular = 1
        /// They stay, up to 2,048 ether (prefix 0x02, EIP-7251).
        case compounding = 2
    }

    /// Credentials that pay to an address.
    package init(_ address: Address, kind: Kind = .regular) {
        var bytes = FixedBytes<BeaconTag.WithdrawalCredentials, 32>()
        bytes[0] = kind.rawValue
        for index in 0..<20 { bytes[12 + index] = address[index] }
        self.bytes = bytes
    }

    /// Reads credentials, or answers `nil` for any other prefix, or when the eleven bytes after it are not zero.
    package init?(_ bytes: FixedBytes<BeaconTag.WithdrawalCredentials, 32>) {
        guard Kind(rawValue: bytes[0]) != nil, (1..<12).allSatisfy({ bytes[$0] == 0 }) else { return nil }
        self.bytes = bytes
    }

    /// The address.
    package var address: Address {
        var address = Address()
        for index in 0..<20 { address[index] = bytes[12 + index] }
        return address
    }

    /// What becomes of rewards.
    package var kind: Kind { bytes[0] == Kind.regular.rawValue ? .regular : .compounding }
}
