package import BLS12381
package import Primitives

/// A key that an attempt has made or shared anew.
package struct MadeKey: Hashable, Sendable {
    /// The place of the request that it fills; 0 for a reshare.
    package var place: UInt16
    /// How it is shared, the constant term first.
    package var sharing: SharedPublicKey
    /// The validator's signature over its deposit; of a keygen only.
    package var depositSignature: G2Bytes?
    /// The validator's signature for SSV's contract; of a keygen only.
    package var ownershipSignature: G2Bytes?

    /// Joins the parts; nothing is checked.
    package init(
        place: UInt16,
        sharing: SharedPublicKey,
        depositSignature: G2Bytes?,
        ownershipSignature: G2Bytes?
    ) {
        self.place = place
        self.sharing = sharing
        self.depositSignature = depositSignature
        self.ownershipSignature = ownershipSignature
    }

    package static func == (one: MadeKey, other: MadeKey) -> Bool {
        one.place == other.place && one.sharing == other.sharing
            && one.depositSignature == other.depositSignature
            && one.ownershipSignature == other.ownershipSignature
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(place)
        hasher.combine(sharing.publicKey.bytes)
    }
}

/// What has come of an attempt that is complete.
///
/// It follows from the plan and what the operators have signed: whoever has all of that has the same result.
package enum OperationResult: Hashable, Sendable {
    /// Keys, and the digest of the ceremony that made them.
    case keys(transcript: Digest, [MadeKey])
    /// The validator's signature over the plan's exit.
    case exit(G2Bytes)
}
