internal import Primitives

/// What a member believes about the life and conduct of the others.
///
/// Holds facts only; what follows from them for the leader of a view is in `Suspicion+Verdict.swift`.
struct Suspicion: Sendable {
    let committee: Committee
    let me: MemberIndex
    let schedule: HeartbeatSchedule
    let linksNeeded: Int
    let bootedAt: Instant

    /// What is known of each member, by position.
    private(set) var lives: [Life]
    /// Whether a quorum is and has been heard.
    private(set) var connectivity: Connectivity
    /// The measured round trips.
    var roundTrips: RoundTrips
    /// When rule 7 let the timers of suspicion run; `nil` before.
    private(set) var startedAt: Instant?
    /// The silence at which a leader is suspected, in thousandths of its interval.
    private(set) var silenceLimit = HeartbeatSchedule.silenceFloor * 1_000
    /// Against whom proof is held.
    private(set) var proven: [Bool]
    /// Each member's newest lost-link report.
    private(set) var reports: [LinkLost?]
    /// The view in which the leader announced by its own wish that it steps down.
    private(set) var farewell: View?
    /// Since when there is something to do that only the leader can do.
    private(set) var dutyOwedSince: Instant?
    /// Whether the operator wants this node not to lead.
    var isDraining = false
    /// Since when the leader of the view has declared that it sees no quorum, though one sees it.
    var noQuorumSince: Instant?

    /// Nothing known yet.
    init(
        committee: Committee,
        me: MemberIndex,
        schedule: HeartbeatSchedule,
        linksNeeded: Int,
        at now: Instant
    ) {
        self.committee = committee
        self.me = me
        self.schedule = schedule
        self.linksNeeded = linksNeeded
        bootedAt = now
        lives = Array(repeating: Life(interval: schedule.followerInterval), count: committee.size)
        connectivity = Connectivity(quorum: committee.quorum)
        roundTrips = RoundTrips(size: committee.size, quorum: committee.quorum)
        proven = Array(repeating: false, count: committee.size)
        reports = Array(repeating: nil, count: committee.size)
    }

    /// What is known of a member.
    subscript(member: MemberIndex) -> Life { lives[member.offset] }

    // MARK: Facts

    /// Takes a heartbeat; answers whether it was news.
    mutating func heard(_ fact: HeartbeatFact, at now: Instant) -> Bool {
        guard fact.order > self[fact.author].order else { return false }
        let leads = committee.leader(of: fact.view) == fact.author
        lives[fact.author.offset].take(fact, interval: schedule.interval(leading: leads), at: now)
        connectivity.refresh(lives, except: me, at: now)
        return true
    }

    /// Takes a lost-link report.
    mutating func reported(_ report: LinkLost, by member: MemberIndex) {
        reports[member.offset] = report
    }

    /// Takes the newest wish of a view's own leader: for draining it is an announcement, else it takes one back.
    mutating func leaderWished(_ wish: Wish) {
        if wish.reason == .draining {
            farewell = wish.from
        } else if farewell == wish.from {
            farewell = nil
        }
    }

    /// Takes it that the leader has something to do, or has done it; what follows at once is another duty.
    mutating func owed(_ isOwed: Bool, at now: Instant) {
        dutyOwedSince = isOwed ? dutyOwedSince ?? now : nil
    }

    /// Takes proof of a member's misbehaviour; it never goes away.
    mutating func convicted(_ member: MemberIndex) {
        proven[member.offset] = true
    }

    mutating func linkUp(_ member: MemberIndex) {
        lives[member.offset].link = .up
    }

    mutating func linkClosed(_ member: MemberIndex, byPeer: Bool, at now: Instant) {
        lives[member.offset].link = byPeer ? .closed(at: now) : .down
    }

    mutating func redialRefused(_ member: MemberIndex) {
        switch self[member].link {
        case .closed(let moment): lives[member.offset].link = .refused(closedAt: moment)
        case .down: lives[member.offset].link = .unreachable
        case .up, .refused, .unreachable: break
        }
    }

    mutating func refusalEnded(_ member: MemberIndex) {
        if self[member].isRefused { lives[member.offset].link = .down }
    }

    // MARK: Time

    /// Looks whether a quorum is still fresh; to be called before anything else at each moment.
    mutating func listen(at now: Instant) {
        connectivity.refresh(lives, except: me, at: now)
        guard startedAt == nil else { return }
        let steady = connectivity.since.map { $0.duration(to: now) >= silence } ?? false
        if steady || bootedAt.duration(to: now) >= HeartbeatSchedule.startPatience { startedAt = now }
    }

    /// The node was held up: what it did not hear meanwhile says nothing.
    mutating func wasHeldUp() {
        connectivity.interrupt()
    }

    /// Adapts the silence limit to how evenly heartbeats come now.
    ///
    /// The middle one of the members' bounds counts, so neither the leader nor any f members can stretch it.
    mutating func adapt() {
        var bounds = lives.indices.compactMap { $0 == me.offset ? nil : lives[$0].ordinarySilence }
        bounds.sort()
        let floor = HeartbeatSchedule.silenceFloor * 1_000
        let ceiling = HeartbeatSchedule.silenceCeiling * 1_000
        silenceLimit = min(max(bounds[(bounds.count - 1) / 2], floor), ceiling)
    }

    /// The silence limit S of a leader.
    var silence: Duration {
        schedule.interval * silenceLimit / 1_000
    }
}
