internal import Primitives

/// Lets one thing happen at most once per member and span of time.
struct PeerPace: Sendable {
    private var last: [Instant?]
    private let span: Duration

    /// Nothing has happened yet.
    init(size: Int, span: Duration) {
        last = Array(repeating: nil, count: size)
        self.span = span
    }

    /// Whether it may happen now; if so it is taken to happen.
    mutating func admits(_ member: MemberIndex, at now: Instant) -> Bool {
        if let moment = last[member.offset], moment.advanced(by: span) > now { return false }
        last[member.offset] = now
        return true
    }

    /// Lets it happen to everybody at once again, because there is something new.
    mutating func renew() {
        last = Array(repeating: nil, count: last.count)
    }
}
