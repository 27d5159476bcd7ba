import P2PNode
import Primitives
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlineAlarmTests {
    /// Runs an alarm beside a test and ends it with it.
    private func withAlarm(
        fired: AsyncStream<Void>.Continuation,
        _ body: @Sendable (DeadlineAlarm, NodeClock) async throws -> Void
    ) async throws {
        let alarm = DeadlineAlarm()
        let clock = NodeClock.started()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await alarm.run(on: clock) { fired.yield() } }
            try await body(alarm, clock)
            group.cancelAll()
        }
    }

    @Test func `fires after any number of changes of the deadline`() async throws {
        let (firings, fired) = AsyncStream<Void>.makeStream()
        try await withAlarm(fired: fired) { alarm, clock in
            var iterator = firings.makeAsyncIterator()
            for round in 0..<200 {
                // A wait that is under way is given up for the next one, and that for the last.
                alarm.set(clock.now.advanced(by: .seconds(60)))
                if round.isMultiple(of: 3) { try await Task.sleep(for: .microseconds(200)) }
                alarm.set(nil)
                alarm.set(clock.now.advanced(by: .seconds(30)))
                if round.isMultiple(of: 2) { await Task.yield() }
                alarm.set(clock.now.advanced(by: .milliseconds(1)))
                #expect(await iterator.next() != nil, "round \(round)")
            }
        }
    }

    @Test func `a wait for a far deadline that is given up leaves no timer for long`() async throws {
        let real = NodeClock.started()
        let longest = Mutex(Duration.zero)
        let clock = NodeClock(
            now: { real.now },
            sleep: { end in
                let time = real.now.duration(to: end)
                longest.withLock { $0 = max($0, time) }
                try await real.sleep(until: end)
            }
        )
        let alarm = DeadlineAlarm()
        alarm.set(clock.now.advanced(by: .seconds(86_400)))
        await withTaskGroup(of: Void.self) { group in
            let (firings, fired) = AsyncStream<Void>.makeStream()
            group.addTask { await alarm.run(on: clock) { fired.yield() } }
            while longest.withLock({ $0 }) == .zero { await Task.yield() }
            // The sleep that is under way ends early; the one after it is short.
            alarm.set(clock.now.advanced(by: .milliseconds(1)))
            for await _ in firings { break }
            group.cancelAll()
        }
        #expect(longest.withLock { $0 } <= DeadlineAlarm.longestSleep)
    }

    @Test func `goes on waiting after its longest sleep`() async throws {
        let (firings, fired) = AsyncStream<Void>.makeStream()
        try await withAlarm(fired: fired) { alarm, clock in
            var iterator = firings.makeAsyncIterator()
            let deadline = clock.now.advanced(by: DeadlineAlarm.longestSleep + .milliseconds(300))
            alarm.set(deadline)
            #expect(await iterator.next() != nil)
            #expect(clock.now >= deadline)
        }
    }

    @Test func `does not fire before its deadline`() async throws {
        let (firings, fired) = AsyncStream<Void>.makeStream()
        try await withAlarm(fired: fired) { alarm, clock in
            var iterator = firings.makeAsyncIterator()
            let deadline = clock.now.advanced(by: .milliseconds(30))
            alarm.set(deadline)
            #expect(await iterator.next() != nil)
            #expect(clock.now >= deadline)
        }
    }
}
