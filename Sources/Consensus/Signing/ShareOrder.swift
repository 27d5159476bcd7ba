package import Cryptography
package import Primitives

/// An order to the vault: one share for one request that has passed the signer's checks.
package struct ShareOrder: Hashable, Sendable {
    /// The request.
    package let request: SignRequest
    /// The request's hash-tree-root.
    package let root: Digest
    /// What this node itself knows the request to be about; the pair to be spent was promised in this context.
    package let context: NonceContext

    /// The commitment list to sign for.
    package var commitments: [SignerCommitment] { request.signers.elements }
    /// The transcript of the group key whose share signs.
    package var key: Digest { request.key }
}

/// How many requests a signer has left unanswered without anybody being at fault.
package struct SignerDrops: Hashable, Sendable {
    /// The request is for a view that this node has left or not entered.
    package var otherView: UInt64 = 0
    /// The node does not hold the statement to be true, or no longer.
    package var notEndorsed: UInt64 = 0
    /// The request was repeated while its share is being made.
    package var inHand: UInt64 = 0
    /// The request names nonces that this process does not have.
    package var unknownCommitment: UInt64 = 0
    /// A vote already given excludes this one.
    package var lockedOut: UInt64 = 0
    /// The vault no longer had what it had promised.
    package var vaultRefusals: UInt64 = 0
}

extension NonceCommitment {
    /// All zero: no further commitment; it encodes no point.
    static let none = NonceCommitment(hiding: CompressedPoint(), binding: CompressedPoint())
}
