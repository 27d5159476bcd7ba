/// Protocol logic as a value: facts in, orders out.
///
/// A machine reads no clock, draws no randomness it was not given, logs nothing, throws nothing for a
/// peer's fault and touches neither socket nor file. Its owner performs the actions in order. Equal machines
/// fed equal events at equal moments return equal actions, so any run can be replayed.
package protocol Machine: Sendable {
    /// Something that has happened.
    associatedtype Event: Sendable
    /// Something the owner must now do.
    associatedtype Action: Sendable

    /// The moment at which ``expired(at:)`` is next due, or `nil` while nothing is pending.
    var nextDeadline: Instant? { get }

    /// Takes one event.
    mutating func handle(_ event: Event, at now: Instant) -> [Action]

    /// Does what the passing of time demands. Calling it early is harmless.
    mutating func expired(at now: Instant) -> [Action]
}
