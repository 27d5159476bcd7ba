package import Primitives

/// The group's signature over what has come of an operation on validators' keys, in the log of who coordinated it.
///
/// What the statement says, every member knows by itself that endorsed it; here it is named by its hash.
package struct SignedReport: SSZContainer {
    /// The epoch whose group key has signed.
    package var epoch: Epoch
    /// EIP-712's hash of the statement, without the contract's domain.
    package var structHash: Digest
    /// The signature over the statement in that domain.
    package var signature: GroupSignature

    /// Joins the three; nothing is checked.
    package init(epoch: Epoch, structHash: Digest, signature: GroupSignature) {
        self.epoch = epoch
        self.structHash = structHash
        self.signature = signature
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("struct_hash", Digest.self),
        SSZField("signature", GroupSignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(structHash)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        structHash = try reader.field()
        signature = try reader.field()
    }
}
