package import Primitives

/// A member's account's approval of a group key.
package struct Approval: SSZContainer {
    /// Who approves.
    package var member: MemberIndex
    /// The signature over the ``GroupKeyStatement``, in the 64 bytes of EIP-2098.
    package var signature: FixedBytes<ByteTag.Signature, 64>

    /// Joins the two.
    package init(member: MemberIndex, signature: FixedBytes<ByteTag.Signature, 64>) {
        self.member = member
        self.signature = signature
    }

    package static let fields = [
        SSZField("member", MemberIndex.self),
        SSZField("signature", FixedBytes<ByteTag.Signature, 64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(member)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        member = try reader.field()
        signature = try reader.field()
    }
}

/// A quorum's word that its shares of a new group key are sound: what the contract wants for the registration,
/// apart from the key's own signature.
package struct KeyCertificate: SSZContainer {
    /// The epoch that the key is for.
    package var epoch: Epoch
    /// T: the digest of the ceremony that made the key.
    package var transcript: Digest
    /// The key.
    package var groupKey: CompressedPoint
    /// At least n - f approvals, ascending by member, each member once.
    package var approvals: SSZList<Approval, 128>

    /// Joins the parts; nothing is checked.
    package init(
        epoch: Epoch,
        transcript: Digest,
        groupKey: CompressedPoint,
        approvals: SSZList<Approval, 128>
    ) {
        self.epoch = epoch
        self.transcript = transcript
        self.groupKey = groupKey
        self.approvals = approvals
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("transcript", Digest.self),
        SSZField("group_key", CompressedPoint.self),
        SSZField("approvals", SSZList<Approval, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(transcript)
        visitor.field(groupKey)
        visitor.field(approvals)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        transcript = try reader.field()
        groupKey = try reader.field()
        approvals = try reader.field()
    }
}
