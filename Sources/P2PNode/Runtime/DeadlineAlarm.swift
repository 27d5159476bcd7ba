package import Primitives
internal import Synchronization

/// The one timer of a machine's owner: always set to the machine's next deadline.
///
/// A machine's deadline changes with nearly every event, mostly to a later moment. So only a setting that is
/// earlier than the moment under wait disturbs the wait; after a later one the alarm goes off early once, which is
/// harmless to a machine, and its owner sets it anew.
package final class DeadlineAlarm: Sendable {
    private struct State {
        var deadline: Instant?
        /// Until when is waited now; `nil` while nothing is.
        var awaited: Instant?
    }

    /// The longest sleep at a time.
    ///
    /// A sleep that is given up stays with the operating system's timers until the moment it was to end, and a deadline
    /// may be a day away: without this limit each link that is lost would leave one there for that day.
    package static let longestSleep: Duration = .seconds(1)

    private let state = Mutex(State())
    private let nudge = Nudge()

    /// An alarm that is not set.
    package init() {}

    /// Sets the alarm anew; `nil` turns it off.
    package func set(_ deadline: Instant?) {
        let isEarlier = state.withLock { state in
            state.deadline = deadline
            guard let deadline else { return false }
            return state.awaited.map { deadline < $0 } ?? true
        }
        if isEarlier { nudge.give() }
    }

    /// Calls `fire` at each moment the alarm was set to, until the task is cancelled.
    package func run(on clock: NodeClock, fire: () async -> Void) async {
        while !Task.isCancelled {
            let deadline = state.withLock { state in
                state.awaited = state.deadline
                return state.deadline
            }
            guard let deadline else {
                await nudge.wait()
                continue
            }
            if clock.now < deadline {
                await sleep(until: deadline, on: clock)
                if Task.isCancelled { return }
            }
            // A nudge has brought an earlier deadline, or the deadline has come; both are decided anew.
            guard clock.now >= deadline else { continue }
            state.withLock { state in
                // What was set to go off has; `fire` sets what comes next.
                if let set = state.deadline, set <= deadline { state.deadline = nil }
                state.awaited = nil
            }
            await fire()
        }
    }

    /// Returns at the deadline, after ``longestSleep``, at a nudge, or when the task is cancelled.
    private func sleep(until deadline: Instant, on clock: NodeClock) async {
        let end = min(deadline, clock.now.advanced(by: Self.longestSleep))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Ended early by a nudge or a cancellation, it has nothing to say.
                try? await clock.sleep(until: end)
            }
            group.addTask { await self.nudge.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
