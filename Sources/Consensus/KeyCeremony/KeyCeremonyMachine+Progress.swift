import Cryptography
import Primitives

/// What follows from the facts. Run after every event; doing it twice does nothing more.
extension KeyCeremonyMachine {
    mutating func progress(at now: Instant) -> [Action] {
        var actions = acceptProposals() + completeFromCopies()
        if isStarted {
            for index in attempts.indices { actions += advance(index, at: now) }
            actions += propose()
        }
        return actions + copyDeals(at: now) + adopt()
    }

    private mutating func advance(_ index: Int, at now: Instant) -> [Action] {
        if attempts[index].began == nil { attempts[index].began = now }
        var actions = conclude(index, at: now)
        actions += openShare(index)
        noteTime(index, now)
        guard registered == nil else { return actions }
        if isDead(attempts[index]) { return actions + withdraw(index) }
        actions += dealOwn(index)
        actions += nameMissing(index)
        actions += approve(index)
        return actions + certify(index)
    }

    private mutating func noteTime(_ index: Int, _ now: Instant) {
        let attempt = attempts[index]
        if let began = attempt.began, now >= began.advanced(by: timing.dealing(in: attempt.plan.attempt)) {
            attempts[index].isOverdue = true
        }
        if let completed = attempt.completed,
            now >= completed.advanced(by: timing.settling(in: attempt.plan.attempt))
        {
            attempts[index].isSettled = true
        }
    }

    func deadline(of attempt: CeremonyAttempt) -> Instant? {
        guard !isDead(attempt), attempt.certificate == nil else { return nil }
        let number = attempt.plan.attempt
        if let completed = attempt.completed {
            return attempt.isSettled ? nil : completed.advanced(by: timing.settling(in: number))
        }
        return attempt.isOverdue ? nil : attempt.began?.advanced(by: timing.dealing(in: number))
    }
}

// MARK: - One attempt

extension KeyCeremonyMachine {
    private mutating func dealOwn(_ index: Int) -> [Action] {
        guard attempts[index].ownDeal == .open, attempts[index].plan.dealers.contains(member) else {
            return []
        }
        attempts[index].ownDeal = .underway
        return [.deal(attempts[index].plan)]
    }

    private mutating func nameMissing(_ index: Int) -> [Action] {
        guard attempts[index].isOverdue else { return [] }
        let missing = attempts[index].missingDealers.filter {
            $0 != member && !attempts[index].missed.contains($0)
        }
        guard !missing.isEmpty, let list = SSZList<MemberIndex, 128>(missing) else { return [] }
        attempts[index].missed.formUnion(missing)
        return [.append(.absent, body: Absent(session: attempts[index].id, dealers: list).sszBytes)]
    }

    /// Adds up the deals once all are there, and counts the confirmations that came before.
    private mutating func conclude(_ index: Int, at now: Instant) -> [Action] {
        guard
            attempts[index].completed == nil, !attempts[index].isUnusable,
            attempts[index].missingDealers.isEmpty
        else { return [] }
        do throws(KeyGenerationError) {
            attempts[index].outcome = try attempts[index].session.outcome()
        } catch {
            attempts[index].isUnusable = true
            return []
        }
        attempts[index].completed = now
        return committee.indices.flatMap { author -> [Action] in
            guard let known = attempts[index].confirms[author] else { return [] }
            return check(known.confirm, of: author, in: index)
        }
    }

    /// A dead attempt's share is of interest only if the contract has registered its key.
    private mutating func openShare(_ index: Int) -> [Action] {
        let attempt = attempts[index]
        guard
            let outcome = attempt.outcome, attempt.ownShare == .unknown, let deals = attempt.completeDeals,
            registered.map({ $0 == outcome.transcript }) ?? !isDead(attempt)
        else { return [] }
        attempts[index].ownShare = .opening
        let opening = ShareOpening(
            plan: attempt.plan,
            session: attempt.id,
            deals: deals,
            transcript: outcome.transcript
        )
        return [.openShare(opening)]
    }

    private mutating func approve(_ index: Int) -> [Action] {
        guard
            attempts[index].ownConfirm == .open, attempts[index].ownShare == .sound,
            let outcome = attempts[index].outcome
        else { return [] }
        attempts[index].ownConfirm = .underway
        return [.approve(ApprovalOrder(session: attempts[index].id, statement: statement(of: outcome)))]
    }

    /// A quorum is enough when everybody else has had time to complain, or is out of the attempt already.
    private mutating func certify(_ index: Int) -> [Action] {
        let attempt = attempts[index]
        guard let outcome = attempt.outcome, !attempt.isEndorsed else { return [] }
        if let certificate = attempt.certificate {
            // Taken back when its proposer's log forked; another has proposed the same since.
            attempts[index].isEndorsed = true
            return [.certified(certificate, record(of: attempt, outcome))]
        }
        guard attempt.approvals.count >= committee.quorum else { return [] }
        let awaited = attempt.plan.dealers.filter { !isGuilty($0) && attempt.approvals[$0] == nil }
        guard awaited.isEmpty || attempt.isSettled else { return [] }
        let approvals = committee.indices.compactMap { member in
            attempt.approvals[member].map { Approval(member: member, signature: $0) }
        }
        let certificate = KeyCertificate(
            epoch: committee.epoch,
            transcript: outcome.transcript,
            groupKey: outcome.groupKey,
            approvals: SSZList(approvals) ?? SSZList()
        )
        attempts[index].certificate = certificate
        attempts[index].isEndorsed = true
        return [.certified(certificate, record(of: attempt, outcome))]
    }

    private mutating func withdraw(_ index: Int) -> [Action] {
        guard attempts[index].isEndorsed, let outcome = attempts[index].outcome else { return [] }
        attempts[index].isEndorsed = false
        return [.withdraw(transcript: outcome.transcript)]
    }

    func record(of attempt: CeremonyAttempt, _ outcome: CeremonyOutcome) -> GroupKeyRecord {
        GroupKeyRecord(
            statement: statement(of: outcome),
            key: outcome.key,
            hasShare: attempt.ownShare == .sound
        )
    }
}

// MARK: - The chain's word

extension KeyCeremonyMachine {
    private mutating func adopt() -> [Action] {
        guard
            let registered,
            let attempt = attempts.first(where: { $0.outcome?.transcript == registered }),
            let outcome = attempt.outcome, attempt.ownShare == .sound || attempt.ownShare == .faulty
        else { return [] }
        var actions: [Action] = []
        if !isAdopted {
            isAdopted = true
            actions.append(.adopt(record(of: attempt, outcome)))
        }
        if isFinal, !isErased {
            isErased = true
            actions.append(.eraseSecrets(keeping: registered))
        }
        return actions
    }
}
