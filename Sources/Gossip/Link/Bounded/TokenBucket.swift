package import Primitives

/// A rate limit with a burst: one token each `interval`, at most `burst` of them saved up.
///
/// Kept as the one moment at which the bucket will be full again (the generic cell rate algorithm of
/// ITU-T I.371), so that it is exact and as small as can be.
package struct TokenBucket: Hashable, Sendable {
    /// The time that one token takes to come.
    package let interval: Duration
    /// The tokens of a full bucket.
    package let burst: Int
    /// How long an empty bucket takes to fill.
    private let span: Duration
    private var fullAt: Instant

    /// A full bucket.
    package init(interval: Duration, burst: Int) {
        precondition(interval > .zero && burst > 0, "a bucket that never gives a token")
        self.interval = interval
        self.burst = burst
        span = interval * burst
        fullAt = .start
    }

    /// Takes `count` tokens, or none and answers `false` when there are fewer.
    package mutating func take(_ count: Int = 1, at now: Instant) -> Bool {
        let filled = max(fullAt, now).advanced(by: interval * count)
        guard now.duration(to: filled) <= span else { return false }
        fullAt = filled
        return true
    }

    /// Whether at least `count` tokens are there.
    package func holds(_ count: Int = 1, at now: Instant) -> Bool {
        now.duration(to: max(fullAt, now).advanced(by: interval * count)) <= span
    }

    /// When there is a token again: now, unless the bucket is empty.
    package func next(at now: Instant) -> Instant {
        max(now, fullAt.advanced(by: interval - span))
    }

    /// Takes `count` tokens even if there are fewer; the bucket gives none until the debt is filled up.
    ///
    /// For what has a size that is known only afterwards: ask ``holds(_:at:)`` before, and overdraw after.
    package mutating func overdraw(_ count: Int, at now: Instant) {
        fullAt = max(fullAt, now).advanced(by: interval * count)
    }
}
