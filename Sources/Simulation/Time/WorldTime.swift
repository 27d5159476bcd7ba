/// A moment of the simulated world, in nanoseconds since its beginning.
package struct WorldTime: Comparable, Hashable, Sendable {
    /// How many nanoseconds have passed.
    package var nanoseconds: Int64

    /// The moment after so many nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The beginning.
    package static let start = WorldTime(nanoseconds: 0)

    package static func < (left: WorldTime, right: WorldTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment so much later.
    package static func + (left: WorldTime, right: Span) -> WorldTime {
        WorldTime(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    /// How much later the left moment is.
    package static func - (left: WorldTime, right: WorldTime) -> Span {
        Span(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
}

extension WorldTime: CustomStringConvertible {
    /// Seconds with six decimals.
    package var description: String {
        let microseconds = nanoseconds / 1_000
        let decimals = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - decimals.count))\(decimals)"
    }
}

/// A length of simulated time in nanoseconds: an integer, so that comparing and adding cost next to nothing.
package struct Span: Comparable, Hashable, Sendable {
    /// The number of nanoseconds.
    package var nanoseconds: Int64

    /// So many nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// So many microseconds.
    package static func microseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000) }
    /// So many milliseconds.
    package static func milliseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000) }
    /// So many seconds.
    package static func seconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000_000) }

    package static func < (left: Span, right: Span) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The two together.
    package static func + (left: Span, right: Span) -> Span {
        Span(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    /// So many times as long.
    package static func * (left: Span, right: Int64) -> Span { Span(nanoseconds: left.nanoseconds * right) }

    /// In seconds.
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The same length, as machines know it.
    var duration: Duration { .nanoseconds(nanoseconds) }
}

extension Duration {
    /// The whole nanoseconds, the rest of one counted as one.
    var nanosecondsRoundedUp: Int64 { Int64(clamping: (attoseconds + 999_999_999) / 1_000_000_000) }
}
