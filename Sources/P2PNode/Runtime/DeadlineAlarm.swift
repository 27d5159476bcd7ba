internal import AsyncAlgorithms
package import Primitives

/// The one timer of a machine's owner: always set to the machine's next deadline.
package struct DeadlineAlarm: Sendable {
    private let deadlines: AsyncStream<Instant?>
    private let setter: AsyncStream<Instant?>.Continuation

    /// An alarm that is not set.
    package init() {
        (deadlines, setter) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Sets the alarm anew; `nil` turns it off.
    ///
    /// Only the newest setting counts.
    package func set(_ deadline: Instant?) {
        setter.yield(deadline)
    }

    /// Calls `fire` at each moment the alarm was set to, until the task is cancelled.
    package func run(on clock: NodeClock, fire: () async -> Void) async {
        let moments = deadlines.flatMapLatest { AlarmMoment(deadline: $0, clock: clock) }
        do {
            for try await _ in moments { await fire() }
        } catch {
            // Only cancellation ends the wait, and then there is nothing left to wake.
        }
    }
}

/// One element, when its moment has come; none for no moment.
private struct AlarmMoment: AsyncSequence, Sendable {
    let deadline: Instant?
    let clock: NodeClock

    struct Iterator: AsyncIteratorProtocol {
        var deadline: Instant?
        let clock: NodeClock

        mutating func next() async throws -> Instant? {
            guard let moment = deadline else { return nil }
            deadline = nil
            try await clock.sleep(until: moment)
            return moment
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(deadline: deadline, clock: clock)
    }
}
