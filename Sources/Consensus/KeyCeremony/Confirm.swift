package import Cryptography
package import Primitives

/// The body of a log entry of topic ``LogTopic/confirm``: "my share of this attempt is sound, and this is its outcome".
///
/// A member confirms an attempt once. The approval makes the confirmations of a quorum what the registry contract
/// accepts.
package struct Confirm: SSZContainer {
    /// The attempt.
    package var session: KeyGenerationID
    /// T: what the deals add up to.
    package var transcript: Digest
    /// The member's account's signature over the ``GroupKeyStatement``, in the 64 bytes of EIP-2098.
    package var approval: FixedBytes<ByteTag.Signature, 64>

    /// A confirmation.
    package init(
        session: KeyGenerationID,
        transcript: Digest,
        approval: FixedBytes<ByteTag.Signature, 64>
    ) {
        self.session = session
        self.transcript = transcript
        self.approval = approval
    }

    package static let fields = [
        SSZField("session", KeyGenerationID.self),
        SSZField("transcript", Digest.self),
        SSZField("approval", FixedBytes<ByteTag.Signature, 64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(session)
        visitor.field(transcript)
        visitor.field(approval)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        session = try reader.field()
        transcript = try reader.field()
        approval = try reader.field()
    }
}
