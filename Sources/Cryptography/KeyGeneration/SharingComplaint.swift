package import Primitives

/// A recipient's public proof that a dealer has given it a bad share, or of its own lie.
///
/// It reveals the point S that the two share, which opens this one share to everyone, and proves that S is the
/// right one. From then on anybody can decide who is at fault, at any time and without asking either.
package struct SharingComplaint<Group: SharingGroup>: SSZContainer {
    /// The session it is about.
    package var session: KeyGenerationID
    /// The accused.
    package var dealer: Group.Index
    /// S = x E: the accuser's secret times the deal's ephemeral key.
    package var sharedPoint: Group.ElementBytes
    /// That S belongs to the accuser's registered key.
    package var proof: SharingEqualityProof<Group>

    /// Joins the parts; nothing is checked.
    package init(
        session: KeyGenerationID,
        dealer: Group.Index,
        sharedPoint: Group.ElementBytes,
        proof: SharingEqualityProof<Group>
    ) {
        self.session = session
        self.dealer = dealer
        self.sharedPoint = sharedPoint
        self.proof = proof
    }

    package static var sszTypeName: String { "\(Group.containerPrefix)Complaint" }

    package static var fields: [SSZField] {
        [
            SSZField("session", KeyGenerationID.self),
            SSZField("dealer", Group.Index.self),
            SSZField("shared_point", Group.ElementBytes.self),
            SSZField("proof", SharingEqualityProof<Group>.self),
        ]
    }

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(session)
        visitor.field(dealer)
        visitor.field(sharedPoint)
        visitor.field(proof)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        session = try reader.field()
        dealer = try reader.field()
        sharedPoint = try reader.field()
        proof = try reader.field()
    }
}

/// Who a complaint convicts.
package enum SharingVerdict<Group: SharingGroup>: Hashable, Sendable {
    /// The share does not match the dealer's commitments.
    case dealer(Group.Index)
    /// The share is good, or the complaint proves nothing: a false accusation.
    case accuser(Group.Index)

    /// The member at fault.
    package var guilty: Group.Index {
        switch self {
        case .dealer(let member), .accuser(let member): member
        }
    }
}

extension SharingSession {
    /// Complains about a dealer whose share was bad (``SharingFault``).
    ///
    /// To be made only then: against a good share it convicts its author.
    package func complaint(
        about deal: CheckedSharingDeal<Group>,
        with key: Group.EncryptionKey,
        as member: Group.Index,
        random: inout some SecureRandom
    ) -> SharingComplaint<Group> {
        let secret = Group.secret(of: key)
        let shared = Group.published(secret, times: deal.ephemeralKey)
        let statement = statement(
            about: deal,
            by: member,
            key: encryptionKeys[offset(of: member)],
            shared: shared
        )
        return SharingComplaint(
            session: id,
            dealer: deal.dealer,
            sharedPoint: Group.bytes(of: shared),
            proof: statement.prove(secret, random: &random)
        )
    }

    /// Decides a complaint that `accuser` has signed.
    ///
    /// `nil` when it is not about this deal, or the accuser not a recipient. Every node that knows the deal reaches the
    /// same verdict.
    package func verdict(
        on complaint: SharingComplaint<Group>,
        by accuser: Group.Index,
        about deal: CheckedSharingDeal<Group>
    ) -> SharingVerdict<Group>? {
        guard complaint.session == id, deal.session == id, complaint.dealer == deal.dealer,
            let offset = offsets[accuser]
        else { return nil }
        guard
            let shared = Group.element(complaint.sharedPoint),
            statement(about: deal, by: accuser, key: encryptionKeys[offset], shared: shared)
                .isProven(by: complaint.proof)
        else { return .accuser(accuser) }
        let pad = sharePad(of: deal, for: accuser).pad(complaint.sharedPoint)
        let share = Group.difference(deal.encryptedShares[offset], pad)
        let isGood = Group.generator(times: share) == Group.value(of: deal.commitments, at: accuser)
        return isGood ? .accuser(accuser) : .dealer(deal.dealer)
    }

    private func statement(
        about deal: CheckedSharingDeal<Group>,
        by member: Group.Index,
        key: Group.Element,
        shared: Group.Element
    ) -> EqualityStatement<Group> {
        EqualityStatement(
            session: id,
            dealer: deal.dealer,
            accuser: member,
            key: key,
            base: deal.ephemeralKey,
            shared: shared
        )
    }
}
