package import BLS12381
package import Primitives

/// What everybody may know of a share that an operator holds.
package struct HeldShare: Hashable, Sendable {
    /// The attempt that made it.
    package var attempt: Digest
    /// The request that the attempt was at.
    package var request: RequestID
    /// Which of the attempt's keys it is of, from 0; not a place of the request.
    package var position: UInt16
    /// The validator's key.
    package var publicKey: G1Bytes
    /// The digest of the ceremony.
    package var transcript: Digest
    /// The share times the generator.
    package var publicShare: G1Bytes

    /// Joins the parts; nothing is checked.
    package init(
        attempt: Digest,
        request: RequestID,
        position: UInt16,
        publicKey: G1Bytes,
        transcript: Digest,
        publicShare: G1Bytes
    ) {
        self.attempt = attempt
        self.request = request
        self.position = position
        self.publicKey = publicKey
        self.transcript = transcript
        self.publicShare = publicShare
    }
}

/// A share with what is known of it.
package struct StoredShare: Sendable {
    /// What everybody may know.
    package let held: HeldShare
    /// The share.
    package let secret: SecretKey

    /// Joins the two, or answers `nil` when the secret is not that of the public share.
    package init?(_ held: HeldShare, _ secret: SecretKey) {
        guard secret.publicKey.bytes == held.publicShare else { return nil }
        self.held = held
        self.secret = secret
    }
}
