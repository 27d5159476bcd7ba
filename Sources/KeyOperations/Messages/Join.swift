package import BLS12381
package import Primitives

/// An operator takes part, and shows the key to which its shares are encrypted: one for all keys of the attempt.
package struct Join: SSZContainer {
    /// X: made for this attempt alone.
    package var encryptionKey: G1Bytes
    /// That the operator knows the secret to it.
    package var proof: G1PossessionProof

    /// Joins the two; nothing is checked.
    package init(encryptionKey: G1Bytes, proof: G1PossessionProof) {
        self.encryptionKey = encryptionKey
        self.proof = proof
    }

    /// What the proof is bound to: the attempt and the operator.
    package static func statement(in attempt: Digest, by author: OperatorID) -> Digest {
        var bytes = Array("oracle operation join v1".utf8) + attempt.array
        author.encode(to: &bytes)
        return SHA256.hash(bytes)
    }

    package static let fields = [
        SSZField("encryption_key", G1Bytes.self),
        SSZField("proof", G1PossessionProof.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(encryptionKey)
        visitor.field(proof)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        encryptionKey = try reader.field()
        proof = try reader.field()
    }
}
