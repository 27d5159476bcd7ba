internal import Primitives

/// The view a verdict is about.
struct Term: Sendable {
    /// The view.
    let view: View
    /// When the member came to it.
    let enteredAt: Instant
    /// How long its leader may take to bring a certificate, counted from ``certificateDueFrom``.
    let timeout: Duration
    /// The earliest moment from which the certificate may be awaited; `nil` when none is (it is here, or there
    /// is no group key yet).
    let certificateDueFrom: Instant?
}

extension Suspicion {
    /// Why the member distrusts its own ears, if it does.
    func doubt(at now: Instant) -> Doubt? {
        guard startedAt != nil else { return .starting }
        guard let since = connectivity.since else {
            let fresh = committee.indices.count { isFresh($0, at: now) }
            return .tooFewFresh(fresh, needed: committee.quorum)
        }
        return since.advanced(by: steadiness) > now ? .unsteady : nil
    }

    /// Whether the leader of a view says that it steps down.
    func announcesEnd(_ leader: MemberIndex, of view: View) -> Bool {
        leader == me ? isDraining : self[leader].isDraining || farewell == view
    }

    private var steadiness: Duration { schedule.interval * HeartbeatSchedule.steadiness }

    /// Whether a member was heard within three of its intervals.
    ///
    /// A member is always fresh to itself.
    func isFresh(_ member: MemberIndex, at now: Instant) -> Bool {
        member == me || self[member].freshUntil.map { $0 >= now } ?? false
    }

    /// Since when the leader of a view has been silent, as far as this counts.
    ///
    /// After a start half a limit at least must pass. One that has not yet spoken as a leader is measured from
    /// the beginning of its view, if it was fresh by a follower's measure then.
    func silentSince(_ leader: MemberIndex, in term: Term) -> Instant {
        guard let startedAt else { return bootedAt }
        guard let heardAt = self[leader].heardAt else { return startedAt }
        var since = max(heardAt, startedAt.advanced(by: .zero - silence / 2))
        if self[leader].interval > schedule.interval, let freshUntil = self[leader].freshUntil,
            freshUntil >= term.enteredAt
        {
            since = max(since, term.enteredAt)
        }
        return since
    }

    /// Whether a member should be passed over as the next leader.
    func isUnfit(_ member: MemberIndex, at now: Instant) -> Bool {
        if proven[member.offset] { return true }
        if member == me { return isDraining }
        let life = self[member]
        if life.isDraining || life.isRefused { return true }
        guard let heardAt = life.heardAt else { return true }
        return heardAt.duration(to: now) > life.interval * HeartbeatSchedule.candidateSilence
    }

    /// How many members are fresh in the view and acknowledge the leader's newest heartbeats, the leader
    /// counted, this member not: whether its own word arrives it cannot know.
    func acknowledgements(of leader: MemberIndex, in view: View, at now: Instant) -> Int {
        let newest = self[leader].order
        return committee.indices.count { member in
            if member == leader { return true }
            if member == me { return false }
            let life = self[member]
            return life.view == view && isFresh(member, at: now)
                && life.leaderSeen.incarnation == newest.incarnation
                && life.leaderSeen.sequence &+ schedule.acknowledgementLag >= newest.sequence
        }
    }

    /// Why the member suspects the leader of its view, if it does; the gravest reason first.
    ///
    /// Notes in `deadline` when the verdict may change without any event.
    mutating func verdict(on term: Term, at now: Instant, until deadline: inout Deadline) -> WishReason? {
        let leader = committee.leader(of: term.view)
        if proven[leader.offset] { return .evidence }
        if announcesEnd(leader, of: term.view) { return .draining }
        if let doubt = doubt(at: now) {
            noQuorumSince = nil
            noteEnd(of: doubt, until: &deadline)
            return nil
        }
        if isOverdue(dutyDue(in: term), at: now, until: &deadline) { return .duty }
        if isOverdue(certificateDue(in: term), at: now, until: &deadline) { return .noCertificate }
        guard leader != me else { return nil }
        if quorumless(leader, in: term.view, at: now, until: &deadline) { return .noQuorum }
        if lostLink(leader, in: term, at: now, until: &deadline) { return .linkLost }
        let limit = silentSince(leader, in: term).advanced(by: silence)
        if now >= limit { return .silence }
        deadline.note(limit)
        return nil
    }

    private func noteEnd(of doubt: Doubt, until deadline: inout Deadline) {
        switch doubt {
        case .starting:
            if let since = connectivity.since { deadline.note(since.advanced(by: silence)) }
            deadline.note(bootedAt.advanced(by: HeartbeatSchedule.startPatience))
        case .unsteady:
            if let since = connectivity.since { deadline.note(since.advanced(by: steadiness)) }
        case .tooFewFresh: break
        }
    }

    /// Hard: when the election certificate is overdue, if one is awaited.
    func certificateDue(in term: Term) -> Instant? {
        term.certificateDueFrom.flatMap { due(from: $0, in: term) }
    }

    /// Hard: when what only the leader can do is overdue, if there is something.
    ///
    /// Members learn from the logs what is to be done, one later than another, hence the patience. Each judges by
    /// its own logs: f members can neither make a duty nor undo one that is done, since what the leader appends
    /// reaches all.
    func dutyDue(in term: Term) -> Instant? {
        dutyOwedSince.flatMap { due(from: $0, in: term) }?.advanced(by: HeartbeatSchedule.dutyPatience)
    }

    /// One term's time after the latest of a moment, entering the view, the start and the return of a quorum.
    private func due(from moment: Instant, in term: Term) -> Instant? {
        guard let since = connectivity.since, let startedAt else { return nil }
        return max(moment, since, startedAt, term.enteredAt).advanced(by: term.timeout)
    }

    private func isOverdue(_ due: Instant?, at now: Instant, until deadline: inout Deadline) -> Bool {
        guard let due else { return false }
        if now >= due { return true }
        deadline.note(due)
        return false
    }

    /// Hard: for one silence limit the leader has declared that it sees no quorum, although a quorum sees it.
    ///
    /// Without the last condition the members of a partition's smaller part would wish for a leader's end that
    /// leads again as soon as the partition heals. That this member's own acknowledgement does not count keeps
    /// one that is heard by nobody from blaming the leader for it.
    private mutating func quorumless(
        _ leader: MemberIndex,
        in view: View,
        at now: Instant,
        until deadline: inout Deadline
    ) -> Bool {
        let life = self[leader]
        guard life.lacksQuorum, life.view == view,
            acknowledgements(of: leader, in: view, at: now) >= committee.quorum
        else {
            noQuorumSince = nil
            return false
        }
        let since = noQuorumSince ?? now
        noQuorumSince = since
        let limit = since.advanced(by: silence)
        if now >= limit { return true }
        deadline.note(limit)
        return false
    }

    /// Soft: the leader closed the link, refuses another, and has not been heard since.
    ///
    /// Holds as soon as f + 1 members say the same, this one among them, or a while after the close. A leader
    /// heard after the close by another path is suspected after a shorter silence than usual. A member that has
    /// lost most of its links blames itself.
    private func lostLink(
        _ leader: MemberIndex,
        in term: Term,
        at now: Instant,
        until deadline: inout Deadline
    ) -> Bool {
        guard case .refused(let closedAt) = self[leader].link else { return false }
        let links = lives.indices.count { $0 != me.offset && lives[$0].link == .up }
        guard links >= linksNeeded else { return false }
        let heard = silentSince(leader, in: term)
        let limit: Instant
        if heard > closedAt {
            limit = heard.advanced(by: schedule.interval * HeartbeatSchedule.refusedSilence)
        } else {
            if witnesses(of: leader, in: term.view) + 1 > committee.faultLimit { return true }
            limit = closedAt.advanced(by: schedule.aloneAfterClose)
        }
        if now >= limit { return true }
        deadline.note(limit)
        return false
    }

    /// How many others report the same loss.
    ///
    /// A report counts while the leader's heartbeat that it names binds to the newest one known here.
    private func witnesses(of leader: MemberIndex, in view: View) -> Int {
        let newest = self[leader].order
        return committee.indices.count { member in
            guard member != me, member != leader, let report = reports[member.offset],
                report.view == view
            else { return false }
            let (older, newer) = (min(report.leaderSeen, newest), max(report.leaderSeen, newest))
            return older.incarnation == newer.incarnation
                && newer.sequence - older.sequence <= WishBinding.span
        }
    }
}
