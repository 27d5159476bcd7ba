package import Primitives

/// The node's monotonic time: what machines are told, and how shells wait.
///
/// The product's runs on the operating system's continuous clock; tests hand in a virtual one.
package struct NodeClock: Sendable {
    private let read: @Sendable () -> Instant
    private let wait: @Sendable (Instant) async throws -> Void

    /// A clock that reads and waits as told.
    package init(
        now: @escaping @Sendable () -> Instant,
        sleep: @escaping @Sendable (Instant) async throws -> Void
    ) {
        read = now
        wait = sleep
    }

    /// Counts from this moment, through the sleep of the machine too.
    package static func started() -> NodeClock {
        let clock = ContinuousClock()
        let origin = clock.now
        return NodeClock(
            now: { Instant(sinceStart: origin.duration(to: clock.now)) },
            sleep: { try await clock.sleep(until: origin.advanced(by: $0.sinceStart), tolerance: .zero) }
        )
    }

    /// This moment.
    package var now: Instant { read() }

    /// Returns at a moment, or throws `CancellationError` when the task ends first.
    package func sleep(until deadline: Instant) async throws {
        try await wait(deadline)
    }
}
