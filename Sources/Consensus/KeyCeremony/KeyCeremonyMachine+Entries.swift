import Cryptography
import Primitives

/// How log entries become facts. Any order of authors leads to the same facts.
extension KeyCeremonyMachine {
    mutating func record(_ object: SignedObject) -> [Action] {
        let author = object.object.author
        guard
            object.object.epoch == committee.epoch, object.object.kind == .logEntry, committee[author] != nil
        else { return [] }
        do throws(SSZError) {
            let entry = try LogEntry(ssz: object.object.payload.bytes)
            switch LogTopic(rawValue: entry.topic) {
            case .deal: return recordDeal(entry.body.bytes, object)
            case .confirm: return record(try Confirm(ssz: entry.body.bytes), object)
            case .complaint: return record(try Grievance(ssz: entry.body.bytes), object)
            case .absent: return record(try Absent(ssz: entry.body.bytes), object)
            case .proposal: return record(try Proposal(ssz: entry.body.bytes), by: author)
            case .dealCopy: return record(try DealCopy(ssz: entry.body.bytes), by: author)
            case .keyProof, .attestedLogs, .proofAnchor, .evidence, .termReport, .publication,
                .operationOrder, .carriedMessage, .signedReport, nil:
                return []
            }
        } catch {
            return [.penalize(author, .malformed)]
        }
    }

    /// Keeps an entry whose attempt is not known.
    ///
    /// Of too many the oldest go, of deals sooner, because they are large.
    private mutating func wait(_ object: SignedObject, isDeal: Bool) -> [Action] {
        var kept = waiting[object.object.author, default: []]
        guard !kept.contains(where: { $0.object == object }) else { return [] }
        kept.append((object, isDeal))
        if kept.count(where: \.isDeal) > Self.waitingDealLimit, let oldest = kept.firstIndex(where: \.isDeal)
        {
            kept.remove(at: oldest)
        }
        waiting[object.object.author] = Array(kept.suffix(Self.waitingLimit))
        return []
    }

    private mutating func convict(_ member: MemberIndex, _ crime: Crime, by evidence: Evidence) -> [Action] {
        crimes[member, default: []].insert(crime).inserted ? [.convict(evidence)] : []
    }
}

// MARK: - Deals and complaints

extension KeyCeremonyMachine {
    private mutating func recordDeal(_ body: [UInt8], _ object: SignedObject) -> [Action] {
        let dealer = object.object.author
        let deal: Deal
        do throws(SSZError) {
            deal = try Deal(ssz: body)
        } catch {
            let proof = BadDeal(plan: .first(for: committee), deal: object)
            return convict(dealer, .badDeal, by: .badDeal(proof))
        }
        guard let index = index(of: deal.session) else { return wait(object, isDeal: true) }
        if dealer == member { attempts[index].ownDeal = .logged }
        if let taken = attempts[index].deals[dealer] {
            // Of a copied deal's dealer it is known already that it has two histories.
            guard taken.deal != deal, let first = taken.object else { return [] }
            let proof = TwoEntries(first: first, second: object)
            return convict(dealer, .twoDeals, by: .twoDeals(proof))
        }
        do throws(DealFault) {
            try attempts[index].session.take(deal, from: dealer)
        } catch {
            guard error.convicts else { return [] }
            let proof = BadDeal(plan: attempts[index].plan, deal: object)
            return convict(dealer, .badDeal, by: .badDeal(proof))
        }
        attempts[index].deals[dealer] = CeremonyAttempt.TakenDeal(
            deal: deal,
            digest: deal.digest,
            object: object
        )
        return judgeGrievances(about: dealer, in: index)
    }

    private mutating func record(_ grievance: Grievance, _ object: SignedObject) -> [Action] {
        let accuser = object.object.author
        guard let index = index(of: grievance.complaint.session) else { return wait(object, isDeal: false) }
        let dealer = grievance.complaint.dealer
        if accuser == member { attempts[index].accused.insert(dealer) }
        guard
            attempts[index].plan.dealers.contains(dealer),
            attempts[index].heard[accuser, default: []].insert(dealer).inserted,
            // Whoever has lied once is not listened to: what it says can cost nobody time any more.
            !crimes[accuser, default: []].contains(.falseComplaint)
        else { return [] }
        let open = CeremonyAttempt.OpenGrievance(accuser: accuser, grievance: grievance, object: object)
        attempts[index].grievances[dealer, default: []].append(open)
        return judgeGrievances(about: dealer, in: index)
    }

    /// Decides the complaints about a dealer whose deal has come; those about another deal of it go on waiting.
    private mutating func judgeGrievances(about dealer: MemberIndex, in index: Int) -> [Action] {
        guard let taken = attempts[index].deals[dealer] else { return [] }
        var actions: [Action] = []
        var undecided: [CeremonyAttempt.OpenGrievance] = []
        for open in attempts[index].grievances[dealer, default: []] {
            guard
                taken.digest == open.grievance.deal, let deal = taken.object,
                let verdict = attempts[index].session.verdict(on: open.grievance.complaint, by: open.accuser)
            else {
                undecided.append(open)
                continue
            }
            let proof = Dispute(plan: attempts[index].plan, deal: deal, complaint: open.object)
            switch verdict {
            case .dealer(let dealer): actions += convict(dealer, .badDealtShare, by: .dispute(proof))
            case .accuser(let accuser): actions += convict(accuser, .falseComplaint, by: .dispute(proof))
            }
        }
        attempts[index].grievances[dealer] = undecided
        return actions
    }
}

// MARK: - Confirmations, absences, proposals

extension KeyCeremonyMachine {
    private mutating func record(_ confirm: Confirm, _ object: SignedObject) -> [Action] {
        let author = object.object.author
        guard let index = index(of: confirm.session) else { return wait(object, isDeal: false) }
        if author == member { attempts[index].ownConfirm = .logged }
        guard let known = attempts[index].confirms[author] else {
            attempts[index].confirms[author] = (confirm, object)
            return check(confirm, of: author, in: index)
        }
        guard known.confirm.transcript != confirm.transcript else { return [] }
        let proof = TwoEntries(first: known.object, second: object)
        return convict(author, .twoConfirms, by: .twoConfirms(proof))
    }

    /// Counts a confirmation of the outcome that this node has computed itself.
    ///
    /// One of another outcome is not counted; its author may have seen another deal of a guilty dealer.
    mutating func check(_ confirm: Confirm, of author: MemberIndex, in index: Int) -> [Action] {
        guard
            let outcome = attempts[index].outcome, confirm.transcript == outcome.transcript,
            attempts[index].approvals[author] == nil, let account = committee[author]?.account
        else { return [] }
        let digest = verifier.digest(of: statement(of: outcome))
        guard verifier.isValid(confirm.approval, of: digest, by: account) else {
            return [.penalize(author, .badApproval)]
        }
        attempts[index].approvals[author] = confirm.approval
        return []
    }

    private mutating func record(_ absent: Absent, _ object: SignedObject) -> [Action] {
        let author = object.object.author
        guard let index = index(of: absent.session) else { return wait(object, isDeal: false) }
        for dealer in absent.dealers where attempts[index].plan.dealers.contains(dealer) {
            attempts[index].absences[dealer, default: []].insert(author)
            if author == member { attempts[index].missed.insert(dealer) }
        }
        return []
    }

    private mutating func record(_ proposal: Proposal, by author: MemberIndex) -> [Action] {
        if author == member { proposed.insert(proposal.plan.attempt) }
        guard proposal.isSound(for: committee), committee.leader(of: proposal.view) == author else {
            return [.penalize(author, .badProposal)]
        }
        let mine = proposals.filter { $0.author == author }
        let isRepeated = mine.contains { $0.proposal.plan.attempt == proposal.plan.attempt }
        guard !isRepeated, mine.count < Self.proposalLimit else { return [] }
        proposals.append((author, proposal))
        return []
    }
}
