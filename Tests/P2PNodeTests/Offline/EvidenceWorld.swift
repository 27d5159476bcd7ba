import Consensus
import Cryptography
import Primitives

@testable import P2PNode

/// The committee of an ``ElectionWorld``, and what a member of it can do wrong.
struct EvidenceWorld {
    /// Every way to be convicted.
    enum Deed: String, CaseIterable {
        case twoHeartbeats, twoEntries, brokenLog, twoVotes, badShare, badDeal, noDeal, twoDeals,
            badDealtShare
        case falseComplaint, twoConfirms

        var crime: Crime {
            switch self {
            case .twoHeartbeats: .twoRegisters
            case .twoEntries, .brokenLog: .forkedLog
            case .twoVotes: .twoVotes
            case .badShare: .badShare
            case .badDeal, .noDeal: .badDeal
            case .twoDeals: .twoDeals
            case .badDealtShare: .badDealtShare
            case .falseComplaint: .falseComplaint
            case .twoConfirms: .twoConfirms
            }
        }
    }

    let elections: ElectionWorld
    let culprit = MemberIndex(2)
    let other = MemberIndex(3)
    private let session: KeyGenerationSession
    private let deals: [Deal]
    private let checked: [CheckedDeal]
    private let outcome: KeyGenerationTranscript

    init(seed: UInt64 = 7) throws {
        elections = try ElectionWorld(seed: seed)
        let committee = elections.committee
        session = try KeyGenerationSession(
            KeyGenerationTerms(
                committee: committee,
                deployment: elections.record.deployment,
                attempt: 0,
                dealers: committee.indices
            )!
        )
        var random = SeededRandom(seed: seed)
        var deals: [Deal] = []
        for member in committee.indices { deals.append(try session.deal(as: member, random: &random)) }
        self.deals = deals
        var checked: [CheckedDeal] = []
        for (member, deal) in zip(committee.indices, deals) {
            checked.append(try session.check(deal, from: member))
        }
        self.checked = checked
        outcome = try session.transcript(of: checked)
    }

    /// The transcript of the key that the committee has made.
    var transcript: KeyTranscript {
        KeyTranscript(
            session: session.id,
            deals: SSZList(deals.map(\.digest))!,
            coefficients: SSZList(outcome.key.coefficients.map(\.compressed))!
        )
    }

    /// A file of a proof, as a node writes it.
    func file(_ evidence: Evidence) -> EvidenceFile {
        var transcript: KeyTranscript?
        if case .badShare = evidence { transcript = self.transcript }
        return EvidenceFile(
            evidence,
            roster: elections.record.roster,
            deployment: elections.record.deployment,
            transcript: transcript
        )!
    }

    func file(_ deed: Deed) throws -> EvidenceFile { file(try evidence(deed)) }

    func evidence(_ deed: Deed) throws -> Evidence {
        switch deed {
        case .twoHeartbeats: .twoObjects(TwoObjects(object(.heartbeat, [1]), object(.heartbeat, [2]))!)
        case .twoEntries: .twoObjects(TwoObjects(entry(.absent, [1], at: 5), entry(.absent, [2], at: 5))!)
        case .brokenLog:
            .brokenLog(BrokenLog(entry(.absent, [1], at: 5), successor: entry(.absent, [2], at: 6))!)
        case .twoVotes: .twoVotes(twoVotes())
        case .badShare: .badShare(try share(isGood: false))
        case .badDeal: .badDeal(BadDeal(plan: plan, deal: entry(.deal, proofless.sszBytes, at: 1)))
        case .noDeal: .badDeal(BadDeal(plan: plan, deal: entry(.deal, [1, 2, 3], at: 1)))
        case .twoDeals: .twoDeals(try twoDeals())
        case .badDealtShare: .dispute(try dispute(spoilt, by: other, about: culprit))
        case .falseComplaint: .dispute(try dispute(deals[other.offset], by: culprit, about: other))
        case .twoConfirms:
            .twoConfirms(
                TwoEntries(
                    first: entry(.confirm, confirm(1).sszBytes, at: 2),
                    second: entry(.confirm, confirm(2).sszBytes, at: 3)
                )
            )
        }
    }

    /// A share for an election, and the request that it answers.
    func share(isGood: Bool) throws -> BadShare {
        let election = ElectionStatement(epoch: Epoch(1), view: View(9), leader: account(MemberIndex(1)))
        let statement = StatementDomain(elections.record.deployment).digest(of: election)
        let context = NonceContext(
            epoch: Epoch(1),
            view: View(9),
            coordinator: MemberIndex(1),
            statement: statement
        )
        var random = SeededRandom(seed: 5)
        let vaults = (0..<3).map { _ in NonceVault() }
        var shares: [SecretShare] = []
        var signers: [SignerCommitment] = []
        for (member, vault) in zip(elections.committee.indices, vaults) {
            let key = elections.encryptionKeys[member.offset]
            let share = try session.share(from: checked, transcript: outcome, with: key, as: member)
            let nonces = try vault.promise(in: context, share: share, key: outcome.key, random: &random)
            shares.append(share)
            signers.append(SignerCommitment(signer: member, nonces: nonces))
        }
        let request = SignRequest(
            view: View(9),
            statement: statement.digest,
            key: outcome.digest,
            session: 3,
            signers: SSZList(signers)!
        )
        let good = try vaults[culprit.offset].share(
            for: signers,
            in: context,
            share: shares[culprit.offset],
            key: outcome.key
        )
        let none = NonceCommitment(hiding: CompressedPoint(), binding: CompressedPoint())
        let answer = SignShare(to: request, share: isGood ? good : good + .one, next: none)
        return BadShare(
            structHash: election.structHash(),
            request: request,
            share: object(.signShare, answer.sszBytes)
        )
    }

    // MARK: Words

    func object(
        _ kind: ObjectKind,
        _ payload: [UInt8],
        by author: MemberIndex? = nil,
        order: Order = Order(incarnation: 2, sequence: 17)
    ) -> SignedObject {
        let author = author ?? culprit
        let object = Object(
            epoch: elections.committee.epoch,
            author: author,
            kind: kind,
            order: order,
            payload: ByteList(payload)!
        )
        let root = SigningRoot(of: object, in: SigningDomains(elections.record.deployment))
        return SignedObject(object: object, signature: elections.identities[author.offset].sign(root))
    }

    func entry(
        _ topic: LogTopic,
        _ body: [UInt8],
        by author: MemberIndex? = nil,
        at place: UInt64
    ) -> SignedObject {
        let entry = LogEntry(previous: Digest(), topic: topic.rawValue, body: ByteList(body)!)
        let order = Order(incarnation: 0, sequence: place)
        return object(.logEntry, entry.sszBytes, by: author, order: order)
    }

    private var plan: AttemptPlan { .first(for: elections.committee) }

    private func account(_ member: MemberIndex) -> Address { elections.committee[member]!.account }

    private func twoVotes() -> TwoVotes {
        let leaders = [MemberIndex(1), MemberIndex(4)].map(account)
        let votes = leaders.map { leader in
            let election = ElectionStatement(epoch: Epoch(1), view: View(9), leader: leader)
            let request = SignRequest(
                view: View(9),
                statement: StatementDomain(elections.record.deployment).digest(of: election).digest,
                key: outcome.digest,
                session: 1,
                signers: SSZList()
            )
            let none = NonceCommitment(hiding: CompressedPoint(), binding: CompressedPoint())
            return object(.signShare, SignShare(to: request, share: .one, next: none).sszBytes)
        }
        return TwoVotes(
            view: View(9),
            first: votes[0],
            firstLeader: leaders[0],
            second: votes[1],
            secondLeader: leaders[1]
        )
    }

    private var proofless: Deal {
        var deal = deals[culprit.offset]
        deal.constantProof[3] ^= 1
        return deal
    }

    private var spoilt: Deal {
        var deal = deals[culprit.offset]
        var shares = deal.encryptedShares.elements
        shares[other.offset] = (Scalar(shares[other.offset])! + .one).bytes
        deal.encryptedShares = SSZList(shares)!
        return deal
    }

    private func twoDeals() throws -> TwoEntries {
        var random = SeededRandom(seed: 99)
        let again = try session.deal(as: culprit, random: &random)
        return TwoEntries(
            first: entry(.deal, deals[culprit.offset].sszBytes, at: 1),
            second: entry(.deal, again.sszBytes, at: 4)
        )
    }

    private func dispute(
        _ deal: Deal,
        by accuser: MemberIndex,
        about dealer: MemberIndex
    ) throws -> Dispute {
        var random = SeededRandom(seed: 6)
        let complaint = session.complaint(
            about: try session.check(deal, from: dealer),
            with: elections.encryptionKeys[accuser.offset],
            as: accuser,
            random: &random
        )
        let grievance = Grievance(deal: deal.digest, complaint: complaint)
        return Dispute(
            plan: plan,
            deal: entry(.deal, deal.sszBytes, by: dealer, at: 1),
            complaint: entry(.complaint, grievance.sszBytes, by: accuser, at: 2)
        )
    }

    private func confirm(_ transcript: UInt8) -> Confirm {
        Confirm(
            session: session.id,
            transcript: Digest([UInt8](repeating: transcript, count: 32))!,
            approval: FixedBytes()
        )
    }
}
