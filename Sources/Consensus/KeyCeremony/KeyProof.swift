package import Primitives

/// That a new group key works: its own signature over its ``GroupKeyStatement``, as the contract wants it.
///
/// Whoever coordinated the signature puts it into its log, so that any member can bring the key to the contract.
package struct KeyProof: SSZContainer {
    /// T: the digest of the ceremony that made the key.
    package var transcript: Digest
    /// The key's signature.
    package var signature: GroupSignature

    /// Joins the two; nothing is checked.
    package init(transcript: Digest, signature: GroupSignature) {
        self.transcript = transcript
        self.signature = signature
    }

    package static let fields = [
        SSZField("transcript", Digest.self),
        SSZField("signature", GroupSignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(transcript)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        transcript = try reader.field()
        signature = try reader.field()
    }
}
