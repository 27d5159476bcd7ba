internal import Primitives

extension ViewChangeMachine {
    /// Draws all conclusions from the present state.
    mutating func evaluate(at now: Instant, into actions: inout [Action]) {
        var deadline = Deadline()
        noteProgress(at: now)
        enterByWishes(at: now, into: &actions)
        var found = suspicion.verdict(on: term, at: now, until: &deadline)
        if reconsider(found, at: now, until: &deadline, into: &actions) {
            // A wish signed on the spot may have been the one that a certificate waited for.
            let before = view
            enterByWishes(at: now, into: &actions)
            if view > before { found = suspicion.verdict(on: term, at: now, until: &deadline) }
        }
        if found != verdict {
            verdict = found
            actions.append(.suspicionChanged(found))
        }
        reportLostLink(into: &actions)
        updateLeadership(at: now, until: &deadline, into: &actions)
        evaluationDue = deadline.moment
    }

    /// The view as a verdict needs it.
    var term: Term {
        let isCertified = highestElection.map { $0.view >= view } ?? false
        return Term(
            view: view,
            enteredAt: enteredAt,
            timeout: timeout,
            certificateDueFrom: isCertified ? nil : verifierSince
        )
    }

    /// How long a leader may take to bring its certificate.
    ///
    /// Rises with views entered in vain, but not for the first f of them: dead and skipped leaders do not punish
    /// the one after them.
    var timeout: Duration {
        let base = max(setting.schedule.interval * 4, suspicion.roundTrips.ofQuorum * 4)
        var result = base
        for _ in 0..<min(max(0, entriesWithoutProgress - committee.faultLimit), 8) { result = result * 3 / 2 }
        return result
    }

    private mutating func noteProgress(at now: Instant) {
        guard entriesWithoutProgress > 0, term.certificateDueFrom == nil, suspicion.dutyOwedSince == nil
        else {
            return
        }
        let others = suspicion.acknowledgements(of: leader, in: view, at: now)
        if others + (leader == me ? 0 : 1) >= committee.quorum { entriesWithoutProgress = 0 }
    }

    // MARK: Rules 1 to 3

    /// Wishes, changes a wish or withdraws it; answers whether one was published at once.
    private mutating func reconsider(
        _ verdict: WishReason?,
        at now: Instant,
        until deadline: inout Deadline,
        into actions: inout [Action]
    ) -> Bool {
        var target = view
        var reason = WishReason.none
        if let verdict {
            target = choice(at: now)
            reason = verdict
        }
        if let joined = joinable(at: now, until: &deadline) {
            target = max(target, joined.target)
            if reason == .none || joined.reason.isHard && !reason.isHard { reason = joined.reason }
        }
        let standing = record.wishedView
        if target == view {
            if standing > view, mayWithdraw(at: now) { wish(for: view, .none, at: now, into: &actions) }
            return false
        }
        if target < standing, let lastWishAt {
            // Whether the next leader is heard in time may change from beat to beat; a wish need not.
            let allowed = lastWishAt.advanced(by: setting.schedule.interval)
            if now < allowed {
                deadline.note(allowed)
                return false
            }
        }
        if target != standing || reason.isHard != record.reason.isHard {
            wish(for: target, reason, at: now, into: &actions)
            return false
        }
        // A wish from before a restart stands still, but was signed in another life.
        guard published == nil, !durability.holdsWish else { return false }
        publishWish(at: now, into: &actions)
        return true
    }

    /// Whether the reasons of the standing wish are known to have ended.
    ///
    /// Of a wish from before a restart that is known once the node hears a quorum again, and the leader.
    private func mayWithdraw(at now: Instant) -> Bool {
        published != nil || suspicion.startedAt != nil && suspicion.isFresh(leader, at: now)
    }

    /// Rule 1: the least view above whose leader may be alive, passing over at most f.
    private func choice(at now: Instant) -> View {
        var candidate = view.advanced(by: 1)
        var skipped = 0
        while skipped < committee.faultLimit, suspicion.isUnfit(committee.leader(of: candidate), at: now) {
            candidate = candidate.advanced(by: 1)
            skipped += 1
        }
        return candidate
    }

    /// Rule 2: the view that f + 1 fresh members ask for, if this one may follow them.
    ///
    /// It may, if it does not hear the leader itself, or if f + 1 of them give hard reasons that it need not
    /// doubt. Members that only joined for hard reasons do not count again, or they would hold each other up
    /// after the reasons have gone.
    private func joinable(
        at now: Instant,
        until deadline: inout Deadline
    ) -> (target: View, reason: WishReason)? {
        let needed = committee.faultLimit + 1
        guard tally.count(in: view) >= needed else { return nil }
        let wishes = tally.standing(in: view).filter {
            $0.author != me && suspicion.isFresh($0.author, at: now)
        }
        guard wishes.count >= needed else { return nil }
        let hard = wishes.filter { isCredible($0.wish.reason) }
        if let target = WishTally.target(of: hard, by: needed) { return (target, .joinedHard) }
        guard leader != me, suspicion.doubt(at: now) == nil,
            let target = WishTally.target(of: wishes, by: needed)
        else { return nil }
        let patience = setting.schedule.interval * HeartbeatSchedule.joinSilence
        let allowed = suspicion.silentSince(leader, in: term).advanced(by: patience)
        if now >= allowed { return (target, .joined) }
        deadline.note(allowed)
        return nil
    }

    /// Whether another member's hard reason may pull this one, which hears the leader.
    ///
    /// What this member can check itself it does not take from others: a liar and a member that is behind would
    /// otherwise depose a leader that has its certificate and its quorum.
    private func isCredible(_ reason: WishReason) -> Bool {
        switch reason {
        case .duty: suspicion.dutyOwedSince != nil
        case .noCertificate: term.certificateDueFrom != nil
        case .noQuorum: leader == me ? !holdsLease : suspicion[leader].lacksQuorum
        case .draining: suspicion.announcesEnd(leader, of: view)
        case .evidence: suspicion.proven[leader.offset]
        case .none, .silence, .linkLost, .joined, .joinedHard: false
        }
    }

    /// The order of the newest heartbeat of the view's leader that is held here.
    var leaderSeen: Order { leader == me ? lastBeat : suspicion[leader].order }

    // MARK: Saying it

    private mutating func wish(
        for target: View,
        _ reason: WishReason,
        at now: Instant,
        into actions: inout [Action]
    ) {
        record.wishedView = target
        record.reason = reason
        lastWishAt = now
        persist(then: .publishWish(from: view, to: target, reason: reason), into: &actions)
    }

    /// Signs and publishes the wish that the record holds, or its withdrawal.
    mutating func publishWish(at now: Instant, into actions: inout [Action]) {
        let wish =
            record.wishedView > view
            ? Wish(from: view, to: record.wishedView, reason: record.reason, leaderSeen: leaderSeen)
            : Wish(withdrawingIn: view, leaderSeen: leaderSeen)
        wishSequence += 1
        let signed = sign(wish, as: .wish, sequence: wishSequence)
        published = wish
        _ = tally.insert(HeldWish(signed: signed, wish: wish))
        actions.append(.publish(signed))
    }

    /// Tells the others at once that the leader's link is gone; the report is no promise, so nothing waits.
    private mutating func reportLostLink(into actions: inout [Action]) {
        guard leader != me, case .refused = suspicion[leader].link else { return }
        let report = LinkLost(view: view, leaderSeen: leaderSeen)
        guard report != lastReport else { return }
        lastReport = report
        linkLostSequence += 1
        actions.append(.publish(sign(report, as: .linkLost, sequence: linkLostSequence)))
    }

    private func sign(_ payload: some SSZContainer, as kind: ObjectKind, sequence: UInt64) -> SignedObject {
        guard let bytes = ByteList<32_768>(payload.sszBytes) else {
            preconditionFailure("a wish or report is a few dozen bytes")
        }
        let object = Object(
            epoch: committee.epoch,
            author: me,
            kind: kind,
            order: Order(incarnation: setting.incarnation, sequence: sequence),
            payload: bytes
        )
        return authenticator.sign(object, in: domains)
    }
}
