import Primitives

/// How long the phases of an attempt last when nobody completes them sooner.
package struct CeremonyTiming: Hashable, Sendable {
    /// How long deals are waited for before the missing dealers are named (T1).
    package var dealing: Duration
    /// How long everybody's confirmation or complaint is waited for, from the last deal on (T2).
    package var confirming: Duration
    /// How long a quorum without the rest is not enough, after that (T3).
    package var grace: Duration
    /// The longest that a phase gets by doubling.
    package var longest: Duration
    /// By how much later each member in turn copies a deal that stands in a forked log, until it finds a copy.
    package var copying: Duration

    /// The given durations for attempt 0; each further attempt doubles them.
    package init(
        dealing: Duration = .seconds(10),
        confirming: Duration = .seconds(10),
        grace: Duration = .seconds(10),
        longest: Duration = .seconds(60),
        copying: Duration = .seconds(1)
    ) {
        self.dealing = dealing
        self.confirming = confirming
        self.grace = grace
        self.longest = longest
        self.copying = copying
    }

    /// T1 of an attempt.
    func dealing(in attempt: UInt16) -> Duration { doubled(dealing, attempt) }

    /// T2 and T3 of an attempt together.
    func settling(in attempt: UInt16) -> Duration { doubled(confirming, attempt) + doubled(grace, attempt) }

    private func doubled(_ duration: Duration, _ attempt: UInt16) -> Duration {
        max(duration, min(duration * (1 << min(Int(attempt), 10)), longest))
    }
}
