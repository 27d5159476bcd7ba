import Logging
import P2PNode
import Primitives
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct DurabilityTests {
    private func state(_ name: String, _ byte: UInt8) -> StoreWrite {
        .setState(StateName(rawValue: name), VersionedBytes(version: 1, bytes: [byte]))
    }

    /// Runs the writer around a test and shuts it down.
    private func withDurability(
        _ store: any Store,
        onFailure: @escaping @Sendable (StoreError) -> Void = { _ in },
        _ body: (Durability) async throws -> Void
    ) async throws {
        let durability = Durability(store: store, onFailure: onFailure)
        let group = ServiceGroup(services: [durability], logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await body(durability)
        await group.triggerGracefulShutdown()
        try await running
    }

    @Test func `has written when it returns`() async throws {
        let store = MemoryStore()
        try await withDurability(store) { durability in
            try await durability.write([state("a", 1)])
            #expect(try await store.state("a")?.bytes == [1])
        }
    }

    @Test func `completes in the order of submission`() async throws {
        let order = Mutex<[Int]>([])
        try await withDurability(MemoryStore()) { durability in
            for number in 0..<100 {
                durability.submit([state("s", UInt8(number))]) { failure in
                    #expect(failure == nil)
                    order.withLock { $0.append(number) }
                }
            }
            try await durability.write([])
            #expect(order.withLock { $0 } == Array(0..<100))
        }
    }

    @Test func `gathers what waits into one transaction`() async throws {
        let store = GatedStore()
        try await withDurability(store) { durability in
            durability.submit([state("first", 0)]) { _ in }
            await store.untilCommitBegins()
            for number in 0..<50 { durability.submit([state("s\(number)", 1)]) { _ in } }
            store.open()
            try await durability.write([state("last", 2)])
            let sizes = store.transactions
            #expect(sizes.first == 1)
            #expect(sizes.reduce(0, +) == 52)
            #expect(sizes.count <= 3)
        }
    }

    @Test func `fails everything after the first failure and says so once`() async throws {
        let store = GatedStore()
        let failures = Mutex<[StoreError]>([])
        let full = StoreError.full(path: "/x")
        try await withDurability(store, onFailure: { error in failures.withLock { $0.append(error) } }) {
            durability in
            store.fail(with: full)
            let seen = Mutex<[StoreError?]>([])
            durability.submit([state("a", 1)]) { failure in seen.withLock { $0.append(failure) } }
            await store.untilCommitBegins()
            durability.submit([state("b", 1)]) { failure in seen.withLock { $0.append(failure) } }
            store.open()
            await #expect(throws: full) { try await durability.write([state("c", 1)]) }
            store.fail(with: nil)
            await #expect(throws: full) { try await durability.write([state("d", 1)]) }
            #expect(durability.submit([]) { _ in Issue.record("must not be called") } == false)
            #expect(durability.failure == full)
            #expect(seen.withLock { $0 } == [full, full])
            #expect(store.transactions == [1], "nothing may be tried after a failure")
            #expect(failures.withLock { $0 } == [full])
        }
        #expect(try await store.inner.states(startingWith: "").isEmpty)
    }

    @Test func `writes what waits before it shuts down, and nothing after`() async throws {
        let store = GatedStore()
        let completed = Mutex(0)
        let held = Mutex<Durability?>(nil)
        try await withDurability(
            store,
            onFailure: { _ in Issue.record("a shutdown is no failure") }
        ) { durability in
            held.withLock { $0 = durability }
            for number in 0..<10 {
                durability.submit([state("s\(number)", 1)]) { failure in
                    #expect(failure == nil)
                    completed.withLock { $0 += 1 }
                }
            }
            store.open()
        }
        let durability = try #require(held.withLock { $0 })
        #expect(completed.withLock { $0 } == 10)
        #expect(try await store.inner.states(startingWith: "s").count == 10)
        await #expect(throws: StoreError.closed) { try await durability.write([state("late", 1)]) }
    }

    @Test func `gives up when the disk cannot keep up`() async throws {
        let store = GatedStore()
        let failures = Mutex<[StoreError]>([])
        try await withDurability(store, onFailure: { error in failures.withLock { $0.append(error) } }) {
            durability in
            let big = StoreWrite.setState(
                "big",
                VersionedBytes(version: 1, bytes: [UInt8](repeating: 0, count: 16 << 20))
            )
            durability.submit([state("first", 0)]) { _ in }
            await store.untilCommitBegins()
            for _ in 0..<3 {
                let isQueued = durability.submit([big]) { failure in #expect(failure != nil) }
                #expect(isQueued)
            }
            #expect(failures.withLock { $0 }.isEmpty)
            #expect(!durability.submit([big]) { _ in Issue.record("must not be called") })
            #expect(failures.withLock { $0.count } == 1)
            store.open()
        }
        #expect(try await store.inner.state("big") == nil)
    }
}

/// A store that begins its first commit only when it is let, and fails when told to.
private final class GatedStore: Store {
    private struct State {
        var error: StoreError?
        var transactions: [Int] = []
    }

    let inner = MemoryStore()
    private let state = Mutex(State())
    private let begun = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
    private let gate = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))

    func open() { gate.continuation.finish() }
    func fail(with error: StoreError?) { state.withLock { $0.error = error } }
    var transactions: [Int] { state.withLock { $0.transactions } }

    func untilCommitBegins() async {
        for await _ in begun.stream { return }
    }

    func commit(_ writes: [StoreWrite]) async throws(StoreError) {
        begun.continuation.yield()
        for await _ in gate.stream {}
        let error = state.withLock { state in
            state.transactions.append(writes.count)
            return state.error
        }
        if let error { throw error }
        try await inner.commit(writes)
    }

    func beginIncarnation() async throws(StoreError) -> UInt64 { try await inner.beginIncarnation() }
    func state(_ name: StateName) async throws(StoreError) -> VersionedBytes? { try await inner.state(name) }
    func states(startingWith prefix: String) async throws(StoreError) -> [NamedState] {
        try await inner.states(startingWith: prefix)
    }
    func secret(_ name: StateName) async throws(StoreError) -> VersionedBytes? { nil }
    func newestCertificate(_ kind: StoredCertificate.Kind) async throws(StoreError) -> StoredCertificate? {
        nil
    }
    func certificates(
        _ kind: StoredCertificate.Kind,
        epoch: Epoch,
        from view: View,
        limit: Int
    ) async throws(StoreError) -> [StoredCertificate] { [] }
    func logStarts() async throws(StoreError) -> [StoredLogStart] { [] }
    func unsweptLog() async throws(StoreError) -> Identity? { nil }
    func logDigests(of author: Identity, from sequence: UInt64, limit: Int) async throws(StoreError)
        -> [Digest]
    {
        []
    }
    func logHeads() async throws(StoreError) -> [LogHead] { [] }
    func logEntries(
        of author: Identity,
        from sequence: UInt64,
        limit: Int,
        byteLimit: Int
    ) async throws(StoreError) -> [StoredLogEntry] { [] }
    func logPage(epoch: Epoch, after cursor: Int64, limit: Int) async throws(StoreError) -> LogPage {
        LogPage(entries: [], cursor: cursor)
    }
    func forks(of author: Identity) async throws(StoreError) -> [StoredLogEntry] { [] }
    func evidence() async throws(StoreError) -> [StoredEvidence] { [] }
    func outbox() async throws(StoreError) -> [OutboxEntry] { [] }
}
