internal import BLS12381
internal import Cryptography
internal import Ethereum
package import Primitives

/// What SSV asks a validator's key to sign before it lets an account register the validator.
package struct OwnerNonce: Hashable, Sendable {
    /// The account.
    package var owner: Address
    /// How many validators the account has registered before.
    package var nonce: UInt64

    /// Joins the two.
    package init(owner: Address, nonce: UInt64) {
        self.owner = owner
        self.nonce = nonce
    }

    /// Keccak-256 of the checksummed address, a colon and the nonce in digits.
    package var digest: Digest { Keccak256.hash(Array("\(owner.checksummed):\(nonce)".utf8)) }
}
