import Consensus
import Cryptography
import Primitives

/// The formulas of ceremonies without a curve.
enum HashCeremony {
    static func session(_ plan: AttemptPlan) -> KeyGenerationID {
        KeyGenerationID(HashWorld.digest("sid", bytes: plan.sszBytes).storage)
    }

    static func proof(_ role: String, _ dealer: MemberIndex, _ session: KeyGenerationID) -> PossessionProof {
        let digest = HashWorld.digest(role, UInt64(dealer.rawValue), bytes: session.array).array
        return PossessionProof(digest + digest)!
    }

    static func share(
        of recipient: MemberIndex,
        from dealer: MemberIndex,
        _ deal: (session: KeyGenerationID, constant: CompressedPoint)
    ) -> ScalarBytes {
        let bytes = deal.session.array + deal.constant.array
        let digest = HashWorld.digest(
            "share",
            UInt64(recipient.rawValue),
            UInt64(dealer.rawValue),
            bytes: bytes
        )
        return HashWorld.scalar(digest).bytes
    }

    static func deal(_ plan: AttemptPlan, by dealer: MemberIndex, number: UInt64, in committee: Committee)
        -> Deal
    {
        let session = session(plan)
        let commitments = (0..<UInt64(committee.quorum)).map { degree in
            CompressedPoint([2] + HashWorld.digest("A", UInt64(dealer.rawValue), number, degree).array)!
        }
        let shares = committee.indices.map { share(of: $0, from: dealer, (session, commitments[0])) }
        return Deal(
            session: session,
            commitments: SSZList(commitments)!,
            ephemeralKey: CompressedPoint(
                [3] + HashWorld.digest("E", UInt64(dealer.rawValue), number).array
            )!,
            constantProof: proof("constant", dealer, session),
            ephemeralProof: proof("ephemeral", dealer, session),
            encryptedShares: SSZList(shares)!
        )
    }

    static func isGood(_ deal: Deal, from dealer: MemberIndex, for recipient: MemberIndex) -> Bool {
        deal.encryptedShares[recipient.offset]
            == share(of: recipient, from: dealer, (deal.session, deal.commitments[0]))
    }

    static func point(_ dealer: MemberIndex, _ accuser: MemberIndex, _ session: KeyGenerationID)
        -> CompressedPoint
    {
        let numbers = (UInt64(dealer.rawValue), UInt64(accuser.rawValue))
        return CompressedPoint([2] + HashWorld.digest("S", numbers.0, numbers.1, bytes: session.array).array)!
    }

    static func complaint(
        about dealer: MemberIndex,
        in session: KeyGenerationID,
        by accuser: MemberIndex
    ) -> Complaint {
        Complaint(
            session: session,
            dealer: dealer,
            sharedPoint: point(dealer, accuser, session),
            proof: EqualityProof(challenge: ScalarBytes(), response: ScalarBytes())
        )
    }

    static func approval(
        of statement: StatementDigest,
        by account: Address
    ) -> FixedBytes<ByteTag.Signature, 64> {
        let digest = HashWorld.digest("approval", bytes: statement.digest.array + account.array).array
        return FixedBytes(digest + digest)!
    }
}

/// Checks hashed ceremonies.
struct HashCeremonyVerifier: CeremonyVerifier {
    let cast: Cast

    func session(for plan: AttemptPlan) -> (any CeremonySession)? {
        HashCeremonySession(plan: plan, committee: cast.committee)
    }

    func digest(of statement: GroupKeyStatement) -> StatementDigest {
        cast.domain.digest(of: statement)
    }

    func isValid(
        _ approval: FixedBytes<ByteTag.Signature, 64>,
        of statement: StatementDigest,
        by account: Address
    ) -> Bool {
        approval == HashCeremony.approval(of: statement, by: account)
    }
}

struct HashCeremonySession: CeremonySession {
    let plan: AttemptPlan
    let committee: Committee
    private var deals: [MemberIndex: Deal] = [:]

    init(plan: AttemptPlan, committee: Committee) {
        self.plan = plan
        self.committee = committee
    }

    var id: KeyGenerationID { HashCeremony.session(plan) }

    mutating func take(_ deal: Deal, from dealer: MemberIndex) throws(DealFault) {
        guard deal.session == id else { throw .foreignSession }
        guard plan.dealers.contains(dealer) else { throw .notADealer(dealer) }
        guard deal.commitments.count == committee.quorum else {
            throw .commitmentCount(deal.commitments.count, threshold: committee.quorum)
        }
        guard deal.encryptedShares.count == committee.size else {
            throw .shareCount(deal.encryptedShares.count, members: committee.size)
        }
        guard deal.ephemeralProof == HashCeremony.proof("ephemeral", dealer, id) else {
            throw .invalidEphemeralProof
        }
        guard deal.constantProof == HashCeremony.proof("constant", dealer, id) else {
            throw .invalidConstantProof
        }
        deals[dealer] = deal
    }

    func verdict(on complaint: Complaint, by accuser: MemberIndex) -> ComplaintVerdict? {
        guard complaint.session == id, let deal = deals[complaint.dealer] else { return nil }
        guard complaint.sharedPoint == HashCeremony.point(complaint.dealer, accuser, id) else {
            return .accuser(accuser)
        }
        return HashCeremony.isGood(deal, from: complaint.dealer, for: accuser)
            ? .accuser(accuser) : .dealer(complaint.dealer)
    }

    func outcome() throws(KeyGenerationError) -> CeremonyOutcome {
        var bytes = id.array
        for dealer in plan.dealers {
            guard let deal = deals[dealer] else { throw .missingDeal(dealer) }
            bytes += deal.digest.array
        }
        let transcript = SHA256.hash(bytes)
        return CeremonyOutcome(
            transcript: transcript,
            groupKey: CompressedPoint([2] + transcript.array)!,
            key: HashKey(size: committee.size)
        )
    }
}
