package import Cryptography
package import Primitives

/// An offer to sign a statement under the leader of a view, with a nonce commitment for it.
///
/// Sent by each member to the leader of the view, on its own link, never relayed.
package struct Ready: SSZContainer {
    /// The view whose leader coordinates.
    package var view: View
    /// The statement's EIP-712 digest, which the sender built itself.
    package var statement: Digest
    /// The transcript of the group key that is to sign.
    package var key: Digest
    /// The public half of a nonce pair that waits in the sender's memory, unused.
    package var commitment: NonceCommitment

    /// An offer to sign.
    package init(view: View, statement: Digest, key: Digest, commitment: NonceCommitment) {
        self.view = view
        self.statement = statement
        self.key = key
        self.commitment = commitment
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("statement", Digest.self),
        SSZField("key", Digest.self),
        SSZField("commitment", NonceCommitment.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(statement)
        visitor.field(key)
        visitor.field(commitment)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        statement = try reader.field()
        key = try reader.field()
        commitment = try reader.field()
    }
}
