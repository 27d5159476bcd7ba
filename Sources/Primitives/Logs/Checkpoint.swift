/// What a member's log comes to at one size, in its author's own words.
///
/// The leaf of an entry is ``LogTree/leaf(_:)`` of the hash-tree-root of its ``SignedObject``. So an entry is shown to
/// stand in the log by an ``InclusionProof``, and the log to go on from an earlier checkpoint by a
/// ``ConsistencyProof``, without any other entry.
package struct Checkpoint: SSZContainer {
    /// The epoch in whose committee the author holds its position.
    package var epoch: Epoch
    /// Whose log it is.
    package var author: MemberIndex
    /// How many entries it has, over all epochs.
    package var size: UInt64
    /// The root of its ``LogTree``.
    package var root: Digest
    /// The hash-tree-root of its last entry, which the next one names; zero without entries.
    package var head: Digest

    /// Joins the parts; nothing is checked.
    package init(epoch: Epoch, author: MemberIndex, size: UInt64, root: Digest, head: Digest) {
        self.epoch = epoch
        self.author = author
        self.size = size
        self.root = root
        self.head = head
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("author", MemberIndex.self),
        SSZField("size", UInt64.self),
        SSZField("root", Digest.self),
        SSZField("head", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(author)
        visitor.field(size)
        visitor.field(root)
        visitor.field(head)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        author = try reader.field()
        size = try reader.field()
        root = try reader.field()
        head = try reader.field()
    }
}

/// A checkpoint with its author's signature.
package struct SignedCheckpoint: SSZContainer {
    /// What the log comes to.
    package var checkpoint: Checkpoint
    /// The author's Ed25519 signature over ``SigningRoot/init(of:in:)``.
    package var signature: IdentitySignature

    /// Joins the two; nothing is checked.
    package init(checkpoint: Checkpoint, signature: IdentitySignature) {
        self.checkpoint = checkpoint
        self.signature = signature
    }

    /// Signs a checkpoint as the authenticator's identity, which should be the author's.
    package init(
        signing checkpoint: Checkpoint,
        in domains: SigningDomains,
        with authenticator: some Authenticator
    ) {
        self.checkpoint = checkpoint
        signature = authenticator.sign(SigningRoot(of: checkpoint, in: domains))
    }

    /// Whether the author that it names has signed it, as a member of the committee.
    package func isAuthentic(
        in committee: Committee,
        domains: SigningDomains,
        with verifier: some IdentityVerifier
    ) -> Bool {
        guard checkpoint.epoch == committee.epoch, let member = committee[checkpoint.author] else {
            return false
        }
        return verifier.isValid(signature, of: SigningRoot(of: checkpoint, in: domains), by: member.identity)
    }

    package static let fields = [
        SSZField("checkpoint", Checkpoint.self),
        SSZField("signature", IdentitySignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(checkpoint)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        checkpoint = try reader.field()
        signature = try reader.field()
    }
}

extension SigningRoot {
    /// The root of a checkpoint in a deployment.
    package init(of checkpoint: Checkpoint, in domains: SigningDomains) {
        self.init(digest: SHA256.hash(checkpoint.hashTreeRoot(), domains.checkpoint))
    }
}
