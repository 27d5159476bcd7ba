import Cryptography
import Primitives

/// When another attempt begins, and who deals in it.
extension KeyCeremonyMachine {
    /// Begins the attempts whose proposals have become justified.
    mutating func acceptProposals() -> [Action] {
        var actions: [Action] = []
        while let next = proposals.firstIndex(where: { isAcceptable($0.proposal) }) {
            let plan = proposals[next].proposal.plan
            let proposers = Set(proposals.filter { $0.proposal.plan == plan }.map(\.author))
            proposals.removeAll { $0.proposal.plan == plan }
            if let known = attempts.firstIndex(where: { $0.plan == plan }) {
                attempts[known].proposers.formUnion(proposers)
                continue
            }
            guard let session = verifier.session(for: plan) else { continue }
            var attempt = CeremonyAttempt(plan: plan, session: session)
            attempt.proposers = proposers
            attempt.isStillborn = hasVoidDealer(plan)
            attempts.append(attempt)
            forgetOldest()
            actions += release()
        }
        return actions
    }

    /// Whether this node knows all that a proposal rests on.
    ///
    /// Once a key is registered only its deals are of interest, and the contract has judged the proposal.
    private func isAcceptable(_ proposal: Proposal) -> Bool {
        if attempts.contains(where: { $0.plan == proposal.plan }) { return true }
        guard registered == nil else { return true }
        return hasFailedBefore(proposal.plan.attempt)
            && proposal.guilty.allSatisfy(isGuilty)
            && proposal.absent.allSatisfy(hasBeenAbsent)
            && (!hasVoidDealer(proposal.plan) || isWithinReach(proposal.plan.attempt))
    }

    private func hasVoidDealer(_ plan: AttemptPlan) -> Bool {
        plan.dealers.contains(where: isVoid)
    }

    /// Whether an attempt of this number may be taken up although a dealer is guilty already.
    ///
    /// It is dead from the beginning, but who has not convicted the dealer before it read the proposal takes part, and
    /// what is found out in its course is what others' next proposals rest on. The bound keeps liars from using up
    /// all numbers.
    private func isWithinReach(_ number: UInt16) -> Bool {
        let newest = attempts.filter { !$0.isStillborn }.map(\.plan.attempt).max() ?? 0
        return number <= newest || number - newest <= Self.gapLimit
    }

    /// Whether the attempts have failed after which one of this number is called for.
    ///
    /// Numbers may be missing: a proposal in a log that is forked now has reached some, and will not reach the rest.
    private func hasFailedBefore(_ number: UInt16) -> Bool {
        var last = attempts.filter { $0.plan.attempt == number - 1 }
        if last.isEmpty, !forked.isEmpty {
            let newest = attempts.map(\.plan.attempt).filter { $0 < number }.max() ?? 0
            guard number - newest <= Self.gapLimit else { return false }
            last = attempts.filter { $0.plan.attempt == newest }
        }
        return !last.isEmpty && last.allSatisfy(hasEverFailed)
    }

    private func hasBeenAbsent(_ member: MemberIndex) -> Bool {
        let forked = forked
        return attempts.contains {
            $0.absentees(quorum: committee.quorum, forked: forked).contains(member)
        }
    }

    /// Hands the waiting entries in again: some may be about the new attempt.
    mutating func release() -> [Action] {
        let held = waiting
        waiting = [:]
        return committee.indices.flatMap { author in
            held[author, default: []].flatMap { record($0.object) }
        }
    }

    /// Forgets the oldest that were dead from the beginning, then those that have died, then those that may yet
    /// end well elsewhere: a leader that breaks the rules proposes dead ones without end.
    private mutating func forgetOldest() {
        guard attempts.count > Self.attemptLimit else { return }
        let old = attempts.indices.dropLast().filter {
            attempts[$0].certificate == nil && !isRegistered(attempts[$0])
        }
        let oldest =
            old.first { attempts[$0].isStillborn } ?? old.first { isDead(attempts[$0]) }
            ?? old.first { hasFailed(attempts[$0]) }
        if let oldest { attempts.remove(at: oldest) }
    }
}

// MARK: - As leader

extension KeyCeremonyMachine {
    /// Whether the contract has registered a key, which ends the search for one.
    package var isRegistered: Bool { registered != nil }

    /// Proposes the next attempt when it is called for and this node leads; not into a forked log, where it would be
    /// dead at once.
    mutating func propose() -> [Action] {
        guard
            let view, committee.leader(of: view) == member, !forked.contains(member),
            let proposal = dueProposal,
            proposed.insert(proposal.plan.attempt).inserted
        else { return [] }
        return [.append(.proposal, body: proposal.sszBytes)]
    }

    /// The proposal that the leader has to make by what this node knows: all attempts of the newest number have
    /// failed and none has led to a key.
    var dueProposal: Proposal? {
        guard
            isStarted, registered == nil, let view,
            let newest = attempts.map(\.plan.attempt).max(), newest < .max,
            attempts.filter({ $0.plan.attempt == newest }).allSatisfy(hasFailed),
            !attempts.contains(where: { $0.certificate != nil && !isDead($0) })
        else { return nil }
        return proposal(of: newest + 1, in: view)
    }

    /// Leaves out the guilty, and of the absent as many as can be spared, those first that were absent most often.
    ///
    /// An absence is no guilt: were it final, honest members that were slow once could leave too few dealers. But who
    /// is absent time and again stays out, so that f liars cannot take turns for ever.
    ///
    /// - Returns: `nil` when more than f members are guilty, and no attempt can succeed any more.
    private func proposal(of attempt: UInt16, in view: View) -> Proposal? {
        var spare = committee.size - committee.quorum
        var left: [MemberIndex: Bool] = [:]
        for member in committee.indices where isVoid(member) { left[member] = true }
        for member in committee.indices where isGuilty(member) && left[member] == nil && left.count < spare {
            left[member] = true
        }
        spare -= left.count
        guard spare >= 0 else { return nil }
        for member in absentees() where left[member] == nil && spare > 0 {
            left[member] = false
            spare -= 1
        }
        guard
            let dealers = SSZList<MemberIndex, 128>(committee.indices.filter { left[$0] == nil }),
            let guilty = SSZList<MemberIndex, 128>(committee.indices.filter { left[$0] == true }),
            let absent = SSZList<MemberIndex, 128>(committee.indices.filter { left[$0] == false })
        else { return nil }
        let plan = AttemptPlan(attempt: attempt, dealers: dealers)
        return Proposal(view: view, plan: plan, guilty: guilty, absent: absent)
    }

    /// Whom a quorum has ever missed: most often first, then most recently, then by position.
    private func absentees() -> [MemberIndex] {
        var times: [MemberIndex: (count: Int, last: UInt16)] = [:]
        let forked = forked
        for attempt in attempts {
            for member in attempt.absentees(quorum: committee.quorum, forked: forked) {
                let known = times[member, default: (0, 0)]
                times[member] = (known.count + 1, max(known.last, attempt.plan.attempt))
            }
        }
        return times.sorted { left, right in
            if left.value.count != right.value.count { return left.value.count > right.value.count }
            if left.value.last != right.value.last { return left.value.last > right.value.last }
            return left.key < right.key
        }.map(\.key)
    }
}
