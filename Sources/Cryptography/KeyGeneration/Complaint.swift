package import Primitives

/// A recipient's public proof that a dealer has given it a bad share, or of its own lie.
///
/// It reveals the point S that the two share, which opens this one share to everyone, and proves that S is the
/// right one. From then on anybody can decide who is at fault, at any time and without asking either.
package struct Complaint: SSZContainer {
    /// The attempt it is about.
    package var session: KeyGenerationID
    /// The accused.
    package var dealer: MemberIndex
    /// S = x E: the accuser's secret times the deal's ephemeral key.
    package var sharedPoint: CompressedPoint
    /// That S belongs to the accuser's registered key.
    package var proof: EqualityProof

    /// Joins the parts; nothing is checked.
    package init(
        session: KeyGenerationID,
        dealer: MemberIndex,
        sharedPoint: CompressedPoint,
        proof: EqualityProof
    ) {
        self.session = session
        self.dealer = dealer
        self.sharedPoint = sharedPoint
        self.proof = proof
    }

    package static let fields = [
        SSZField("session", KeyGenerationID.self),
        SSZField("dealer", MemberIndex.self),
        SSZField("shared_point", CompressedPoint.self),
        SSZField("proof", EqualityProof.self),
    ]

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
package enum ComplaintVerdict: Hashable, Sendable {
    /// The share does not match the dealer's commitments.
    case dealer(MemberIndex)
    /// The share is good, or the complaint proves nothing: a false accusation.
    case accuser(MemberIndex)

    /// The member at fault.
    package var guilty: MemberIndex {
        switch self {
        case .dealer(let member), .accuser(let member): member
        }
    }
}

extension KeyGenerationSession {
    /// Complains about a dealer whose share was bad (``ShareFault``).
    ///
    /// To be made only then: against a good share it convicts its author.
    package func complaint(
        about deal: CheckedDeal,
        with key: EncryptionKey,
        as member: MemberIndex,
        random: inout some SecureRandom
    ) -> Complaint {
        let shared = DiffieHellman.published(key.secret, deal.ephemeralKey)
        let statement = statement(about: deal, by: member, shared: shared)
        return Complaint(
            session: id,
            dealer: deal.dealer,
            sharedPoint: shared.compressed,
            proof: statement.prove(key.secret, random: &random)
        )
    }

    /// Decides a complaint that `accuser` has signed.
    ///
    /// `nil` when it is not about this deal, or the accuser not a recipient. Every node that knows the deal reaches the
    /// same verdict.
    package func verdict(
        on complaint: Complaint,
        by accuser: MemberIndex,
        about deal: CheckedDeal
    ) -> ComplaintVerdict? {
        guard complaint.session == id, deal.session == id, complaint.dealer == deal.dealer,
            encryptionKey(of: accuser) != nil
        else { return nil }
        guard
            let shared = Point(complaint.sharedPoint),
            statement(about: deal, by: accuser, shared: shared).isProven(by: complaint.proof)
        else { return .accuser(accuser) }
        let pad = sharePad(of: deal, for: accuser).pad(complaint.sharedPoint)
        let share = deal.encryptedShares[accuser.offset] - pad
        let isGood = GroupElement.generator(times: share) == deal.polynomial.evaluated(at: accuser)
        return isGood ? .accuser(accuser) : .dealer(deal.dealer)
    }

    private func statement(
        about deal: CheckedDeal,
        by member: MemberIndex,
        shared: Point
    ) -> EqualityStatement {
        EqualityStatement(
            session: id,
            dealer: deal.dealer,
            accuser: member,
            key: encryptionKeys[member.offset],
            base: deal.ephemeralKey,
            shared: shared
        )
    }
}
