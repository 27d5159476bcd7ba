import Primitives

/// How a neighbour answers pulls, whatever the log: how soon, and how many it may have at a time.
///
/// The number rises by one with each answer in time and falls to one with each that is late; so that a neighbour that is
/// slow, or has many to serve, is not asked for more than it brings before it counts as silent.
struct SourceStanding: Sendable {
    /// How late an answer may be while nothing is known of any.
    static let unknownLateness = Duration.milliseconds(500)
    /// How late an answer may be in any case.
    static let leastLateness = Duration.milliseconds(250)

    /// How many pulls may be under way.
    private(set) var window = PullPlanner.perStranger
    /// How long answers take, smoothed; `nil` before the first.
    private(set) var answerTime: Duration?
    /// The pulls sent whose ranges have not come: so many ranges are not charged to the link.
    private(set) var owed = 0

    /// Notes a pull that is sent now.
    mutating func asked() { owed = min(owed + 1, PullPlanner.perLink) }

    /// Notes a range that may be an answer; answers whether one is owed.
    mutating func takeOwed() -> Bool {
        guard owed > 0 else { return false }
        owed -= 1
        return true
    }

    /// Notes an answer.
    mutating func answered(after time: Duration, inTime: Bool) {
        answerTime = answerTime.map { ($0 * 7 + time) / 8 } ?? time
        if inTime { window = min(window + 1, PullPlanner.perLink) }
    }

    /// Notes that an answer is late, short, or has not come.
    mutating func disappointed() { window = 1 }
}

/// How far a neighbour is trusted about one log.
struct SourceTrust: Sendable {
    /// The longest time for which a neighbour is not asked again about a log.
    static let longestPause = Duration.seconds(64)

    private var failures = 0
    private(set) var pausedUntil = Instant.start

    /// Not to be asked for a while, twice as long as the last time.
    mutating func pause(at now: Instant) {
        let pause = Duration.seconds(1) * (1 << min(failures, 6))
        failures += 1
        pausedUntil = now.advanced(by: min(pause, Self.longestPause))
    }
}
