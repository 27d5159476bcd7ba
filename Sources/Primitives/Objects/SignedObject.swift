/// What a member says, before it signs.
package struct Object: SSZContainer {
    /// The epoch in whose committee the author holds its position.
    package var epoch: Epoch
    /// Who says it.
    package var author: MemberIndex
    /// What sort of statement the payload is.
    package var kind: ObjectKind
    /// Its place among the author's objects of this kind.
    package var order: Order
    /// The SSZ encoding of the statement, at most ``ObjectKind/payloadLimit`` bytes.
    package var payload: ByteList<32_768>

    /// An object.
    ///
    /// The payload's limit is a matter of the kind and checked by ``SignedObject/init(fields:)``.
    package init(
        epoch: Epoch,
        author: MemberIndex,
        kind: ObjectKind,
        order: Order,
        payload: ByteList<32_768>
    ) {
        self.epoch = epoch
        self.author = author
        self.kind = kind
        self.order = order
        self.payload = payload
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("author", MemberIndex.self),
        SSZField("kind", ObjectKind.self),
        SSZField("order", Order.self),
        SSZField("payload", ByteList<32_768>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(author)
        visitor.field(kind)
        visitor.field(order)
        visitor.field(payload)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        author = try reader.field()
        kind = try reader.field()
        order = try reader.field()
        payload = try reader.field()
        guard payload.bytes.count <= kind.payloadLimit else {
            throw .limit(of: "payload of \(kind)", count: payload.bytes.count)
        }
    }
}

/// An object with its author's signature.
///
/// Relayed unchanged, and enough to prove to anyone who said what.
package struct SignedObject: SSZContainer {
    /// What is said.
    package var object: Object
    /// The author's Ed25519 signature over ``SigningRoot``.
    package var signature: IdentitySignature

    /// Joins the two; nothing is checked.
    package init(object: Object, signature: IdentitySignature) {
        self.object = object
        self.signature = signature
    }

    package static let fields = [
        SSZField("object", Object.self),
        SSZField("signature", IdentitySignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(object)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        object = try reader.field()
        signature = try reader.field()
    }
}
