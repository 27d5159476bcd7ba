internal import DequeModule
internal import Metrics
internal import ServiceLifecycle
internal import Synchronization

/// Makes writes durable in the order in which they are submitted, many in one transaction.
///
/// A synced commit takes about as long for a thousand writes as for one, so whatever is submitted while one runs
/// goes into the next together. The first failure is final: everything that waits and everything later fails with
/// it, and the node, told through `onFailure`, stops signing.
package final class Durability: Service {
    private struct Submission: Sendable {
        var writes: [StoreWrite]
        var size: Int
        var completion: @Sendable (StoreError?) async -> Void
    }

    private struct State: Sendable {
        var queue: Deque<Submission> = []
        var bytes = 0
        var end: StoreError?
    }

    /// How many bytes may wait before the disk counts as too slow to go on.
    package static let waitingLimit = 64 << 20
    /// How many bytes one transaction takes before the next one begins.
    private static let transactionLimit = 4 << 20

    private let store: any Store
    private let onFailure: @Sendable (StoreError) -> Void
    private let state = Mutex(State())
    private let wakeups: AsyncStream<Void>
    private let wakeup: AsyncStream<Void>.Continuation
    private let commits = Metrics.Timer(label: "oracle_store_commit")
    private let written = Counter(label: "oracle_store_writes_total")

    /// Writes to a store.
    ///
    /// `onFailure` is called once, before any waiting caller learns of the failure.
    package init(store: any Store, onFailure: @escaping @Sendable (StoreError) -> Void) {
        self.store = store
        self.onFailure = onFailure
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Queues writes that are made together, and calls back when they are durable or have failed.
    ///
    /// Returns at once, so that an actor's actions keep their order. Completions are awaited one after the other in
    /// the order of submission, before the next transaction begins: one that feeds an actor holds back the
    /// disk, not the actor.
    ///
    /// The answer is `false` when the store has failed or is closed, or fails now because ``waitingLimit`` is
    /// passed; the completion is not called then.
    @discardableResult
    package func submit(
        _ writes: [StoreWrite],
        completion: @escaping @Sendable (StoreError?) async -> Void
    ) -> Bool {
        let size = writes.reduce(64) { $0 + $1.size }
        let refusal = state.withLock { state -> StoreError? in
            if let end = state.end { return end }
            if state.bytes + size > Self.waitingLimit { return .overloaded(bytes: state.bytes + size) }
            state.queue.append(Submission(writes: writes, size: size, completion: completion))
            state.bytes += size
            return nil
        }
        if let refusal { end(with: refusal) } else { wakeup.yield() }
        return refusal == nil
    }

    /// Makes writes durable together with what else waits.
    ///
    /// - Throws: the failure that ended the store, or ``StoreError/closed`` when the node shuts down.
    package func write(_ writes: [StoreWrite]) async throws(StoreError) {
        let failure: StoreError? = await withCheckedContinuation { continuation in
            let isQueued = submit(writes) { continuation.resume(returning: $0) }
            if !isQueued { continuation.resume(returning: self.failure ?? .closed) }
        }
        if let failure { throw failure }
    }

    /// What ended the store, or `nil` while it works.
    package var failure: StoreError? { state.withLock { $0.end } }

    /// Writes until the graceful shutdown, then what still waits; later submissions are refused.
    ///
    /// Goes on after a failure, answering with it what waits.
    package func run() async {
        for await _ in wakeups.cancelOnGracefulShutdown() { await drain() }
        await drain()
        end(with: .closed)
        await drain()
    }

    private func drain() async {
        while let group = next() {
            let failure = await commit(group)
            for submission in group { await submission.completion(failure) }
        }
    }

    private func commit(_ group: [Submission]) async -> StoreError? {
        if let failure { return failure }
        let writes = group.flatMap(\.writes)
        guard !writes.isEmpty else { return nil }
        let start = ContinuousClock.now
        do throws(StoreError) {
            try await store.commit(writes)
        } catch {
            end(with: error)
            return error
        }
        commits.record(duration: ContinuousClock.now - start)
        written.increment(by: writes.count)
        return nil
    }

    private func end(with error: StoreError) {
        let isFirst = state.withLock { state in
            defer { state.end = state.end ?? error }
            return state.end == nil
        }
        if isFirst && error != .closed { onFailure(error) }
    }

    /// The submissions for the next transaction, at least one unless none waits.
    private func next() -> [Submission]? {
        state.withLock { state in
            var group: [Submission] = []
            var bytes = 0
            while let first = state.queue.first,
                group.isEmpty || bytes + first.size <= Self.transactionLimit
            {
                group.append(state.queue.removeFirst())
                bytes += first.size
            }
            state.bytes -= bytes
            return group.isEmpty ? nil : group
        }
    }
}
