import Cryptography
import Primitives

extension EvidenceJudge {
    func judge(_ proof: BadDeal) -> EvidenceVerdict {
        guard isMine(proof.deal) else { return .undecided }
        let dealer = proof.deal.object.author
        guard isAuthentic(proof.deal), let body = body(of: proof.deal, about: .deal) else {
            return .unfounded
        }
        let deal: Deal
        do throws(SSZError) {
            deal = try Deal(ssz: body)
        } catch {
            return guilty(dealer, of: .badDeal)
        }
        guard var session = session(for: proof.plan), session.id == deal.session else { return .unfounded }
        do throws(DealFault) {
            try session.take(deal, from: dealer)
            return .unfounded
        } catch {
            return error.convicts ? guilty(dealer, of: .badDeal) : .unfounded
        }
    }

    func judge(_ proof: Dispute) -> EvidenceVerdict {
        guard isMine(proof.deal, proof.complaint) else { return .undecided }
        let (dealer, accuser) = (proof.deal.object.author, proof.complaint.object.author)
        guard
            isAuthentic(proof.deal), isAuthentic(proof.complaint),
            let deal = deal(in: proof.deal), let grievance = grievance(in: proof.complaint),
            // The complaint names the deal it is about: another deal of the dealer says nothing about it.
            grievance.deal == deal.digest, grievance.complaint.dealer == dealer,
            grievance.complaint.session == deal.session,
            var session = session(for: proof.plan), session.id == deal.session
        else { return .unfounded }
        do throws(DealFault) {
            try session.take(deal, from: dealer)
        } catch {
            // An invalid deal convicts by itself; nobody has to complain about its shares.
            return .unfounded
        }
        switch session.verdict(on: grievance.complaint, by: accuser) {
        case .dealer(let member): return guilty(member, of: .badDealtShare)
        case .accuser(let member): return guilty(member, of: .falseComplaint)
        case nil: return .unfounded
        }
    }

    func judge(deals proof: TwoEntries) -> EvidenceVerdict {
        guard isMine(proof.first, proof.second) else { return .undecided }
        guard
            let first = deal(in: proof.first), let second = deal(in: proof.second),
            first.session == second.session, first != second
        else { return .unfounded }
        return judge(authorOf: proof, for: .twoDeals)
    }

    func judge(confirms proof: TwoEntries) -> EvidenceVerdict {
        guard isMine(proof.first, proof.second) else { return .undecided }
        guard
            let first = confirm(in: proof.first), let second = confirm(in: proof.second),
            first.session == second.session, first.transcript != second.transcript
        else { return .unfounded }
        return judge(authorOf: proof, for: .twoConfirms)
    }

    private func judge(authorOf proof: TwoEntries, for crime: Crime) -> EvidenceVerdict {
        let author = proof.first.object.author
        guard author == proof.second.object.author, isAuthentic(proof.first), isAuthentic(proof.second) else {
            return .unfounded
        }
        return guilty(author, of: crime)
    }

    /// The arithmetic of an attempt whose plan could have been followed.
    private func session(for plan: AttemptPlan) -> (any CeremonySession)? {
        plan.isSound(for: committee) ? ceremony.session(for: plan) : nil
    }

    private func deal(in signed: SignedObject) -> Deal? {
        body(of: signed, about: .deal).flatMap { try? Deal(ssz: $0) }
    }

    private func confirm(in signed: SignedObject) -> Confirm? {
        body(of: signed, about: .confirm).flatMap { try? Confirm(ssz: $0) }
    }

    private func grievance(in signed: SignedObject) -> Grievance? {
        body(of: signed, about: .complaint).flatMap { try? Grievance(ssz: $0) }
    }
}

extension DealFault {
    /// Whether the deal convicts its author; the others only say that it does not concern the attempt.
    var convicts: Bool {
        switch self {
        case .foreignSession, .notADealer: false
        case .foreignConstant, .commitmentCount, .shareCount, .invalidCommitment, .invalidEphemeralKey,
            .invalidConstantProof,
            .invalidEphemeralProof, .invalidShare:
            true
        }
    }
}
