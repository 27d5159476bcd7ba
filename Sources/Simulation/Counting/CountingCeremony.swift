import Consensus
import Cryptography
import Peer
import Primitives

/// Ceremonies and keys without a curve, for bulk runs.
struct CountingCryptography: PeerCryptography {
    let domain: StatementDomain

    func ceremony(of committee: Committee) -> any CeremonyVerifier {
        CountingCeremony(committee: committee, domain: domain)
    }

    func verifier(of key: CompressedPoint) -> (any PeerKeyVerifier)? {
        CountingKeyVerifier(key: key, domain: domain)
    }
}

/// The formulas of ceremonies, with hashes.
struct CountingCeremony: CeremonyVerifier {
    let committee: Committee
    let domain: StatementDomain

    func session(for plan: AttemptPlan) -> (any CeremonySession)? {
        CountingSession(plan: plan, committee: committee)
    }

    func digest(of statement: GroupKeyStatement) -> StatementDigest { domain.digest(of: statement) }

    func isValid(
        _ approval: FixedBytes<ByteTag.Signature, 64>,
        of statement: StatementDigest,
        by account: Address
    ) -> Bool {
        approval == Self.approval(of: statement, by: account)
    }

    // MARK: What members make

    static func approval(
        of statement: StatementDigest,
        by account: Address
    ) -> FixedBytes<ByteTag.Signature, 64> {
        CountingHash.double(
            CountingHash.digest("approval", bytes: statement.digest.array + account.array)
        )
    }

    static func session(_ plan: AttemptPlan) -> KeyGenerationID {
        KeyGenerationID(CountingHash.digest("sid", bytes: plan.sszBytes).storage)
    }

    static func proof(
        _ role: StaticString,
        _ dealer: MemberIndex,
        _ session: KeyGenerationID
    ) -> PossessionProof {
        CountingHash.double(CountingHash.digest(role, UInt64(dealer.rawValue), bytes: session.array))
    }

    static func share(of recipient: MemberIndex, from dealer: MemberIndex, in deal: Deal) -> ScalarBytes {
        let constant = deal.commitments.first?.array ?? []
        let digest = CountingHash.digest(
            "share",
            UInt64(recipient.rawValue),
            UInt64(dealer.rawValue),
            bytes: deal.session.array + constant
        )
        return Scalar(reducing: digest).bytes
    }

    /// A valid deal, another one for each number.
    static func deal(
        _ plan: AttemptPlan,
        by dealer: MemberIndex,
        number: UInt64,
        in committee: Committee
    ) -> Deal {
        let session = session(plan)
        let author = UInt64(dealer.rawValue)
        let commitments = (0..<UInt64(committee.quorum)).map {
            CountingHash.point(CountingHash.digest("commitment", author, number, $0))
        }
        var deal = Deal(
            session: session,
            commitments: SSZList(commitments) ?? SSZList(),
            ephemeralKey: CountingHash.point(CountingHash.digest("ephemeral", author, number)),
            constantProof: proof("constant", dealer, session),
            ephemeralProof: proof("ephemeral proof", dealer, session),
            encryptedShares: SSZList()
        )
        deal.encryptedShares =
            SSZList(committee.indices.map { share(of: $0, from: dealer, in: deal) }) ?? SSZList()
        return deal
    }

    static func isGood(_ deal: Deal, from dealer: MemberIndex, for recipient: MemberIndex) -> Bool {
        deal.encryptedShares[recipient.offset] == share(of: recipient, from: dealer, in: deal)
    }

    static func complaint(
        about dealer: MemberIndex,
        in session: KeyGenerationID,
        by accuser: MemberIndex
    ) -> Complaint {
        Complaint(
            session: session,
            dealer: dealer,
            sharedPoint: sharedPoint(dealer, accuser, session),
            proof: EqualityProof(challenge: ScalarBytes(), response: ScalarBytes())
        )
    }

    static func sharedPoint(
        _ dealer: MemberIndex,
        _ accuser: MemberIndex,
        _ session: KeyGenerationID
    ) -> CompressedPoint {
        CountingHash.point(
            CountingHash.digest(
                "shared",
                UInt64(dealer.rawValue),
                UInt64(accuser.rawValue),
                bytes: session.array
            )
        )
    }
}

/// One attempt of a ``CountingCeremony``.
struct CountingSession: CeremonySession {
    private let plan: AttemptPlan
    private let committee: Committee
    private var deals: [MemberIndex: Deal] = [:]

    init(plan: AttemptPlan, committee: Committee) {
        self.plan = plan
        self.committee = committee
        id = CountingCeremony.session(plan)
    }

    let id: KeyGenerationID

    mutating func take(_ deal: Deal, from dealer: MemberIndex) throws(DealFault) {
        guard deal.session == id else { throw .foreignSession }
        guard plan.dealers.contains(dealer) else { throw .notADealer(dealer) }
        guard deal.commitments.count == committee.quorum else {
            throw .commitmentCount(deal.commitments.count, threshold: committee.quorum)
        }
        guard deal.encryptedShares.count == committee.size else {
            throw .shareCount(deal.encryptedShares.count, members: committee.size)
        }
        guard deal.ephemeralProof == CountingCeremony.proof("ephemeral proof", dealer, id) else {
            throw .invalidEphemeralProof
        }
        guard deal.constantProof == CountingCeremony.proof("constant", dealer, id) else {
            throw .invalidConstantProof
        }
        deals[dealer] = deal
    }

    func verdict(on complaint: Complaint, by accuser: MemberIndex) -> ComplaintVerdict? {
        guard complaint.session == id, let deal = deals[complaint.dealer] else { return nil }
        guard complaint.sharedPoint == CountingCeremony.sharedPoint(complaint.dealer, accuser, id) else {
            return .accuser(accuser)
        }
        let isGood = CountingCeremony.isGood(deal, from: complaint.dealer, for: accuser)
        return isGood ? .accuser(accuser) : .dealer(complaint.dealer)
    }

    func outcome() throws(KeyGenerationError) -> CeremonyOutcome {
        var bytes = id.array
        for dealer in plan.dealers {
            guard let deal = deals[dealer] else { throw .missingDeal(dealer) }
            bytes += deal.digest.array
        }
        let transcript = SHA256.hash(bytes)
        let key = CountingHash.point(transcript)
        return CeremonyOutcome(transcript: transcript, groupKey: key, key: CountingKey(key: key))
    }
}
