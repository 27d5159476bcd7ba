import P2PNode
import Primitives
import Testing

/// Stored logs whose first entries are not kept.
@Suite struct LogStartStoreTests {
    private let alice = Identity([UInt8](repeating: 0xa1, count: 32))!
    private let bob = Identity([UInt8](repeating: 0xb0, count: 32))!

    private func entry(_ author: Identity, _ sequence: UInt64, mark: UInt8 = 0) -> StoredLogEntry {
        StoredLogEntry(
            author: author,
            sequence: sequence,
            epoch: Epoch(sequence < 10 ? 1 : 2),
            digest: SHA256.hash([UInt8(truncatingIfNeeded: sequence), mark]),
            bytes: [UInt8(truncatingIfNeeded: sequence)]
        )
    }

    private func tree(_ author: Identity, _ size: UInt64) -> LogTree {
        LogTree((0..<size).map { LogTree.leaf(entry(author, $0 + 1).digest) })
    }

    private func start(_ author: Identity, _ first: UInt64, bytes: [UInt8] = [7]) -> StoredLogStart {
        StoredLogStart(author: author, first: first, tree: tree(author, first - 1), bytes: bytes)
    }

    private func fill(_ store: any Store, _ size: UInt64 = 12) async throws {
        try await store.commit(
            (1...size).flatMap { [.appendToLog(entry(alice, $0)), .appendToLog(entry(bob, $0))] }
        )
    }

    private func places(_ store: any Store, _ author: Identity, from first: UInt64 = 1) async throws
        -> [UInt64]
    {
        try await store.logEntries(of: author, from: first, limit: 99, byteLimit: 1 << 20).map(\.sequence)
    }

    @Test(arguments: StoreKind.allCases)
    func `entries before the beginning are not read, and the log goes on as before`(_ kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            try await fill(store)
            #expect(try await store.logStarts().isEmpty)
            #expect(try await store.unsweptLog() == nil)
            try await store.commit([.beginLog(start(bob, 9)), .appendToLog(entry(bob, 9))])
            #expect(try await store.logStarts() == [start(bob, 9)])
            #expect(try await places(store, bob) == [9, 10, 11, 12])
            #expect(try await places(store, alice).count == 12)
            #expect(
                try await store.logDigests(of: bob, from: 2, limit: 2)
                    == [9, 10].map { entry(bob, $0).digest }
            )
            try await store.commit([.appendToLog(entry(bob, 13))])
            #expect(try await store.logHeads().map(\.sequence) == [12, 13])
            #expect(try await store.logHeads().map(\.tree) == [tree(alice, 12), tree(bob, 13)])
            #expect(try await store.logHeads().map(\.epoch) == [Epoch(2), Epoch(2)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what is cut is swept in steps, and nothing else is`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            try await store.commit([.sweepLog(bob, limit: 100)])
            #expect(try await places(store, bob).count == 12)
            try await store.commit([.beginLog(start(bob, 9)), .appendToLog(entry(bob, 9))])
            var steps = 0
            while let author = try await store.unsweptLog(), steps < 9 {
                #expect(author == bob)
                try await store.commit([.sweepLog(author, limit: 3)])
                steps += 1
                #expect(try await places(store, bob) == [9, 10, 11, 12])
            }
            #expect(steps == 3)
            #expect(try await places(store, alice).count == 12)
            #expect(try await store.logHeads().map(\.tree) == [tree(alice, 12), tree(bob, 12)])
            let page = try await store.logPage(epoch: Epoch(1), after: 0, limit: 99)
            #expect(page.entries.map(\.sequence).sorted() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a log goes on from a beginning beyond its end, and what was before is swept`(_ kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            try await fill(store, 5)
            try await store.commit([.beginLog(start(bob, 9)), .appendToLog(entry(bob, 9))])
            try await store.commit([.appendToLog(entry(bob, 10))])
            #expect(try await places(store, bob) == [9, 10])
            #expect(try await store.logHeads().map(\.tree) == [tree(alice, 5), tree(bob, 10)])
            #expect(try await store.unsweptLog() == bob)
            try await store.commit([.sweepLog(bob, limit: 9)])
            #expect(try await store.unsweptLog() == nil)
            // Of nothing as well.
            let carol = Identity([UInt8](repeating: 0xcc, count: 32))!
            try await store.commit([.beginLog(start(carol, 3)), .appendToLog(entry(carol, 3))])
            #expect(try await store.logHeads().last?.tree == tree(carol, 3))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a beginning goes on and not back, and is shown anew in its place`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            try await store.commit([.beginLog(start(bob, 9)), .appendToLog(entry(bob, 9))])
            try await store.commit([.beginLog(start(bob, 9, bytes: [8])), .appendToLog(entry(bob, 9))])
            #expect(try await store.logStarts() == [start(bob, 9, bytes: [8])])
            await #expect(throws: StoreError.refused(.conflict(author: bob.description, sequence: 5))) {
                try await store.commit([.beginLog(start(bob, 5))])
            }
            // Another entry there than the one that is stored is a conflict, and then nothing is cut.
            await #expect(throws: StoreError.refused(.conflict(author: bob.description, sequence: 11))) {
                try await store.commit([.beginLog(start(bob, 11)), .appendToLog(entry(bob, 11, mark: 1))])
            }
            #expect(try await places(store, bob) == [9, 10, 11, 12])
        }
    }
}
