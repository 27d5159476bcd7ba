import Primitives

/// Says when the next heartbeat is due: one each interval, and extra ones when the node's condition changes.
///
/// The ticks of one node are evenly spaced and those of different nodes are shifted against each other, so that
/// the mesh's traffic spreads over the interval. Ticks missed by a node that was stopped are not made up for.
struct HeartbeatClock: Sendable {
    /// Why a heartbeat may not wait for its tick.
    enum Reason: Int, CaseIterable, Sendable {
        /// The node begins or ends to be ready.
        case ready
        /// The node begins or ends to drain.
        case draining
        /// The node, as leader, lost or regained its quorum.
        case noQuorum
        /// The node has just become leader.
        case leading
    }

    /// What is due.
    enum Due: Sendable {
        /// A heartbeat with all that goes along with it.
        case tick
        /// A heartbeat alone.
        case extra
    }

    private let spacing: Duration
    private var interval: Duration
    private var tick: Instant
    private var lastTick: Instant
    private var pending: [Instant?] = Array(repeating: nil, count: Reason.allCases.count)
    private var last: [Instant?] = Array(repeating: nil, count: Reason.allCases.count)
    /// With the ticks, at most what others accept: four heartbeats in four spacings.
    private var extras: TokenBucket

    /// A clock whose first heartbeat is due at once and whose ticks come after `phase` and then each `interval`.
    ///
    /// - Parameters:
    ///   - interval: The time between ticks, until ``setInterval(_:at:)``.
    ///   - phase: How far the node's ticks are shifted, less than `interval`.
    ///   - spacing: The least time between two extra heartbeats for one reason.
    ///   - now: The beginning.
    init(interval: Duration, phase: Duration, spacing: Duration, at now: Instant) {
        self.interval = interval
        self.spacing = spacing
        tick = now.advanced(by: phase)
        lastTick = tick.advanced(by: .zero - interval)
        extras = TokenBucket(interval: spacing * 4 / 3, burst: 4 * Reason.allCases.count)
        pending[Reason.ready.rawValue] = now
    }

    /// When ``due(at:)`` next has something.
    var nextDeadline: Instant {
        pending.reduce(tick) { min($0, $1 ?? $0) }
    }

    /// Changes the pace, counted from the last tick.
    mutating func setInterval(_ interval: Duration, at now: Instant) {
        guard interval != self.interval else { return }
        self.interval = interval
        tick = max(now, lastTick.advanced(by: interval))
    }

    /// Asks for a heartbeat at once, or as soon as the last one for this reason is old enough.
    mutating func hurry(_ reason: Reason, at now: Instant) {
        let earliest = last[reason.rawValue]?.advanced(by: spacing) ?? now
        pending[reason.rawValue] = max(earliest, now)
    }

    /// What is due now, at most one thing; ask again until there is nothing.
    mutating func due(at now: Instant) -> Due? {
        guard nextDeadline <= now else { return nil }
        if tick <= now {
            advance(to: now)
            for reason in Reason.allCases where pending[reason.rawValue].map({ $0 <= now }) ?? false {
                fulfil(reason, at: now)
            }
            return .tick
        }
        var isDue = false
        for reason in Reason.allCases where pending[reason.rawValue].map({ $0 <= now }) ?? false {
            fulfil(reason, at: now)
            isDue = true
        }
        return isDue && extras.take(at: now) ? .extra : nil
    }

    private mutating func fulfil(_ reason: Reason, at now: Instant) {
        pending[reason.rawValue] = nil
        last[reason.rawValue] = now
    }

    /// To the first tick after `now`.
    private mutating func advance(to now: Instant) {
        let missed = Int(tick.duration(to: now) / interval)
        lastTick = tick.advanced(by: interval * missed)
        tick = lastTick.advanced(by: interval)
    }
}
