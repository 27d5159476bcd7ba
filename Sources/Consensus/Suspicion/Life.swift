internal import Primitives

/// What is known of one member's life.
struct Life: Sendable {
    /// The order of its newest heartbeat.
    var order = Order.zero
    /// The view its newest heartbeat names.
    var view = View(0)
    /// The leader's heartbeat that its newest heartbeat acknowledges.
    var leaderSeen = Order.zero
    /// Whether its newest heartbeat announces that it steps down.
    var isDraining = false
    /// Whether its newest heartbeat declares that it sees no quorum.
    var lacksQuorum = false
    /// When its newest heartbeat arrived, by any path.
    var heardAt: Instant?
    /// How long until its next heartbeat is due after its newest.
    var interval: Duration
    /// The state of the direct link.
    var link = Link.down
    private var evenness = Evenness()

    /// The direct link to a member.
    enum Link: Hashable, Sendable {
        /// There is none, and nothing follows from that.
        case down
        /// A dial was refused without a link before it.
        case unreachable
        /// It works.
        case up
        /// The member closed it at this moment.
        case closed(at: Instant)
        /// The member closed it at this moment, and a dial since then was refused.
        case refused(closedAt: Instant)
    }

    /// A member not yet heard.
    init(interval: Duration) {
        self.interval = interval
    }

    /// Whether the newest dial was refused.
    var isRefused: Bool {
        switch link {
        case .refused, .unreachable: true
        case .down, .up, .closed: false
        }
    }

    /// Until when it counts as fresh.
    var freshUntil: Instant? {
        heardAt?.advanced(by: interval * HeartbeatSchedule.freshness)
    }

    /// The silence that would be out of the ordinary for it, in thousandths of its interval.
    var ordinarySilence: Int { evenness.bound }

    /// Takes a heartbeat newer than those before.
    mutating func take(_ fact: HeartbeatFact, interval: Duration, at now: Instant) {
        if let heardAt, order.incarnation == fact.order.incarnation {
            evenness.take(gap: heardAt.duration(to: now), interval: self.interval)
        }
        order = fact.order
        view = fact.view
        leaderSeen = fact.leaderSeen
        isDraining = fact.isDraining
        lacksQuorum = fact.lacksQuorum
        heardAt = now
        self.interval = interval
    }
}

/// How evenly a member's heartbeats arrive: smoothed gap and deviation, as TCP smooths round trips (RFC 6298
/// section 2), in thousandths of the interval.
private struct Evenness: Hashable, Sendable {
    private var gap = 1_000
    private var deviation = 0

    /// gap + 6 deviations.
    var bound: Int { gap + 6 * deviation }

    /// A gap counts at most fourfold and a deviation twofold, so that one outage is soon forgotten.
    mutating func take(gap measured: Duration, interval: Duration) {
        let ratio = min(Int(measured / interval * 1_000), 4_000)
        gap += (ratio - gap) / 8
        deviation += (min(abs(ratio - gap), 2_000) - deviation) / 8
    }
}
