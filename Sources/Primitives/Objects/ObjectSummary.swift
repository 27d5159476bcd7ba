/// An object with the payload's root in the payload's place.
///
/// Its hash-tree-root is the object's own, since a Merkle tree does not tell a leaf from the root below it.
/// So a signature over an object is checked without its payload: proofs that a member signed two different
/// objects for one place stay small however large the objects are.
package struct ObjectSummary: SSZContainer {
    /// The epoch of the object.
    package var epoch: Epoch
    /// Who said it.
    package var author: MemberIndex
    /// What sort of statement the payload was.
    package var kind: ObjectKind
    /// Its place among the author's objects of this kind.
    package var order: Order
    /// The hash-tree-root of the payload.
    package var payloadRoot: Digest

    /// The summary of an object.
    package init(of object: Object) {
        epoch = object.epoch
        author = object.author
        kind = object.kind
        order = object.order
        payloadRoot = object.payload.hashTreeRoot()
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("author", MemberIndex.self),
        SSZField("kind", ObjectKind.self),
        SSZField("order", Order.self),
        SSZField("payload_root", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(author)
        visitor.field(kind)
        visitor.field(order)
        visitor.field(payloadRoot)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        author = try reader.field()
        kind = try reader.field()
        order = try reader.field()
        payloadRoot = try reader.field()
    }
}

/// The summary of an object with the author's signature over the object.
package struct SignedSummary: SSZContainer {
    /// What was said, in brief.
    package var summary: ObjectSummary
    /// The author's Ed25519 signature over the object's ``SigningRoot``.
    package var signature: IdentitySignature

    /// The summary of a signed object.
    package init(of signed: SignedObject) {
        summary = ObjectSummary(of: signed.object)
        signature = signed.signature
    }

    package static let fields = [
        SSZField("summary", ObjectSummary.self),
        SSZField("signature", IdentitySignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(summary)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        summary = try reader.field()
        signature = try reader.field()
    }
}

extension SigningRoot {
    /// The root of the object that a summary stands for.
    package init(of summary: ObjectSummary, in domains: SigningDomains) {
        self.init(digest: SHA256.hash(summary.hashTreeRoot(), domains[summary.kind]))
    }
}
