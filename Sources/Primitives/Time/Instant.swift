/// A moment on the node's monotonic clock, counted from the start of the node.
///
/// Machines receive it as an argument and never read a clock. It says nothing about the time of day and is
/// not comparable between nodes.
@usableFromInline
package struct Instant: InstantProtocol, Hashable, Sendable {
    /// How long after the node's start this moment lies.
    @usableFromInline
    package var sinceStart: Duration

    /// A moment so long after the start.
    @inlinable
    package init(sinceStart: Duration) {
        self.sinceStart = sinceStart
    }

    /// The node's start.
    package static let start = Instant(sinceStart: .zero)

    @inlinable
    package func advanced(by duration: Duration) -> Instant {
        Instant(sinceStart: sinceStart + duration)
    }

    @inlinable
    package func duration(to other: Instant) -> Duration {
        other.sinceStart - sinceStart
    }

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool {
        left.sinceStart < right.sinceStart
    }
}

extension Duration {
    /// A multiple, without the standard library's detour through generic numbers.
    @inlinable
    package static func * (left: Duration, right: Int) -> Duration {
        Duration(attoseconds: left.attoseconds * Int128(right))
    }

    /// In whole milliseconds, rounded down; 0 of a negative one.
    package var wholeMilliseconds: UInt64 {
        UInt64(clamping: attoseconds / 1_000_000_000_000_000)
    }

    /// A whole part of it, rounded towards zero.
    @inlinable
    package static func / (left: Duration, right: Int) -> Duration {
        Duration(attoseconds: left.attoseconds / Int128(right))
    }
}

extension Instant: CustomStringConvertible {
    @usableFromInline
    package var description: String { "+\(sinceStart)" }
}

/// A wall-clock time in whole milliseconds since 1970-01-01 UTC.
///
/// For display, certificates of time and coarse sanity checks; never for liveness or safety.
package struct UnixMilliseconds: SSZNumber, Comparable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
