import Consensus
import Cryptography
import Primitives
import Testing

/// A judge with a hashed committee, and the words of its members.
struct EvidenceBench {
    let cast = Cast.hashed(4)
    let judge: EvidenceJudge

    init() {
        judge = EvidenceJudge(
            committee: cast.committee,
            deployment: cast.deployment,
            authenticator: cast.authenticator,
            ceremony: HashCeremonyVerifier(cast: cast)
        )
    }

    var plan: AttemptPlan { .first(for: cast.committee) }
    var leaders: (MemberIndex, MemberIndex) { (MemberIndex(1), MemberIndex(3)) }

    func account(_ member: MemberIndex) -> Address { cast.committee[member]!.account }

    func judged(_ evidence: Evidence) -> EvidenceVerdict {
        judge.judge(evidence) { $0 == HashKey.transcript ? HashKey(size: 4) : nil }
    }

    func expectGuilty(
        _ evidence: Evidence,
        _ member: MemberIndex,
        _ crime: Crime,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let conviction = Conviction(epoch: cast.committee.epoch, member: member, crime: crime)
        #expect(judged(evidence) == .guilty(conviction), sourceLocation: sourceLocation)
        let record = EvidenceRecord(evidence)
        #expect((try? record?.evidence()) == evidence, sourceLocation: sourceLocation)
    }

    func expectUnfounded(_ evidence: Evidence, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(judged(evidence) == .unfounded, sourceLocation: sourceLocation)
    }

    /// Whatever single bit of a proof is changed, it convicts nobody else and of nothing else.
    func expectFragile(_ evidence: Evidence, sourceLocation: SourceLocation = #_sourceLocation) {
        guard case .guilty(let conviction) = judged(evidence), let record = EvidenceRecord(evidence) else {
            Issue.record("the proof does not convict", sourceLocation: sourceLocation)
            return
        }
        var survivors = 0
        for index in record.proof.bytes.indices {
            var bytes = record.proof.bytes
            bytes[index] ^= 1 << UInt8(index % 8)
            var changed = record
            changed.proof = ByteList(bytes)!
            guard let evidence = try? changed.evidence() else { continue }
            guard case .guilty(let other) = judged(evidence) else { continue }
            #expect(other == conviction, sourceLocation: sourceLocation)
            survivors += 1
        }
        #expect(survivors == 0, "bytes that nothing binds: \(survivors)", sourceLocation: sourceLocation)
    }

    // MARK: Words

    func vote(for leader: MemberIndex, in view: View, by member: MemberIndex) -> SignedObject {
        let election = cast.electing(leader, in: view)
        let request = request(election, in: view, by: member)
        let none = HashWorld.commitment(member, 9)
        return cast.object(by: member, .signShare(SignShare(to: request, share: .one, next: none)))
    }

    func request(
        _ election: Endorsement,
        in view: View,
        by member: MemberIndex,
        brokenList: Bool = false
    ) -> SignRequest {
        var signers = [1, 2, 3].map { number in
            SignerCommitment(
                signer: MemberIndex(number),
                nonces: HashWorld.commitment(MemberIndex(number), 1)
            )
        }
        if brokenList { signers[2].nonces.hiding = CompressedPoint() }
        return SignRequest(
            view: view,
            statement: election.statement.digest,
            key: HashKey.transcript,
            session: 1,
            signers: SSZList(signers)!
        )
    }

    func badShare(by member: MemberIndex, error: UInt64, brokenList: Bool = false) -> BadShare {
        let election = cast.election(in: View(9))
        let request = request(election, in: View(9), by: member, brokenList: brokenList)
        let round = HashRound(signers: request.signers.elements, statement: election.statement)
        let share = SignShare(
            to: request,
            share: round.share(of: member) + Scalar(error),
            next: HashWorld.commitment(member, 2)
        )
        return BadShare(
            structHash: election.structHash,
            request: request,
            share: cast.object(by: member, .signShare(share))
        )
    }

    func deal(by dealer: MemberIndex, number: UInt64 = 1) -> Deal {
        HashCeremony.deal(plan, by: dealer, number: number, in: cast.committee)
    }

    /// A deal whose share for a member is wrong.
    func spoiledDeal(by dealer: MemberIndex, for victim: MemberIndex) -> Deal {
        var deal = deal(by: dealer)
        var shares = deal.encryptedShares.elements
        shares[victim.offset] = (Scalar(shares[victim.offset])! + .one).bytes
        deal.encryptedShares = SSZList(shares)!
        return deal
    }

    func complaint(by accuser: MemberIndex, about dealer: MemberIndex, _ deal: Deal) -> Grievance {
        Grievance(
            deal: deal.digest,
            complaint: HashCeremony.complaint(about: dealer, in: deal.session, by: accuser)
        )
    }

    func confirm(_ transcript: UInt8) -> Confirm {
        Confirm(
            session: HashCeremony.session(plan),
            transcript: Digest([UInt8](repeating: transcript, count: 32))!,
            approval: FixedBytes()
        )
    }
}
