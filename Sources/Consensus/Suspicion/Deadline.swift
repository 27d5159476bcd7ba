internal import Primitives

/// The earliest of the moments at which something may change by the passing of time alone.
struct Deadline: Sendable {
    /// The earliest moment noted so far.
    private(set) var moment: Instant?

    /// Keeps the moment if it is earlier than all before.
    mutating func note(_ other: Instant) {
        moment = moment.map { min($0, other) } ?? other
    }
}
