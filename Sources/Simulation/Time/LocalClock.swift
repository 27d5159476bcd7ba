import Primitives

/// A node's monotonic clock: it starts with the process, runs a little fast or slow, and may leap forward.
struct LocalClock {
    /// When the process started.
    private var base: WorldTime
    /// What the clock showed at ``base``.
    private var shown: Int64 = 0
    /// How many billionths it gains.
    private(set) var drift: Int64

    init(startedAt base: WorldTime, drift: Int64) {
        self.base = base
        self.drift = drift
    }

    /// What the clock shows at a moment.
    func read(at now: WorldTime) -> Instant {
        Instant(sinceStart: .nanoseconds(elapsed(at: now)))
    }

    private func elapsed(at now: WorldTime) -> Int64 {
        let passed = (now - base).nanoseconds
        return shown + passed + scaled(passed, drift)
    }

    /// The first moment at which the clock shows this or later.
    func moment(of local: Instant) -> WorldTime {
        let target = local.sinceStart.nanosecondsRoundedUp
        guard target < .max / 4 else { return WorldTime(nanoseconds: .max / 2) }
        let left = target - shown
        guard left > 0 else { return base }
        var moment = WorldTime(nanoseconds: base.nanoseconds + left - scaled(left, drift))
        // The inverse of the drift is not exact: step over what is missing.
        while elapsed(at: moment) < target {
            moment.nanoseconds += max(1, target - elapsed(at: moment))
        }
        return moment
    }

    /// Makes the clock run otherwise from now on.
    mutating func setDrift(_ drift: Int64, at now: WorldTime) {
        shown = elapsed(at: now)
        base = now
        self.drift = drift
    }

    /// Lets the clock leap forward.
    mutating func leap(by span: Span) {
        shown += span.nanoseconds
    }

    /// `span * billionths / 10^9`, without overflow for years of nanoseconds.
    private func scaled(_ span: Int64, _ billionths: Int64) -> Int64 {
        billionths == 0 ? 0 : Int64(Double(span) * Double(billionths) / 1e9)
    }
}
