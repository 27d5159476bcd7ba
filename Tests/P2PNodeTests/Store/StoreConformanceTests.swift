import P2PNode
import Primitives
import Testing

/// The implementations of the store.
enum StoreKind: CaseIterable {
    case sqlite, memory

    /// Runs a test on a fresh store.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .memory:
            try await body(MemoryStore())
        case .sqlite:
            let directory = try TemporaryDirectory()
            let store = try SQLiteStore(in: directory.data)
            try await body(store)
            try store.close()
        }
    }
}

/// What every store must do.
@Suite struct StoreConformanceTests {
    private let alice = Identity([UInt8](repeating: 0xa1, count: 32))!
    private let bob = Identity([UInt8](repeating: 0xb0, count: 32))!

    private func entry(
        _ author: Identity,
        _ sequence: UInt64,
        epoch: UInt64 = 1,
        mark: UInt8 = 0,
        size: Int = 3
    ) -> StoredLogEntry {
        var digest = Digest()
        digest[0] = UInt8(truncatingIfNeeded: sequence)
        digest[31] = mark
        return StoredLogEntry(
            author: author,
            sequence: sequence,
            epoch: Epoch(epoch),
            digest: digest,
            bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: size)
        )
    }

    private func value(_ byte: UInt8, version: UInt16 = 1) -> VersionedBytes {
        VersionedBytes(version: version, bytes: [byte])
    }

    private func certificate(_ view: UInt64, epoch: UInt64 = 1, byte: UInt8 = 0) -> StoredCertificate {
        StoredCertificate(kind: .election, epoch: Epoch(epoch), view: View(view), value: value(byte))
    }

    @Test(arguments: StoreKind.allCases)
    func `counts incarnations from one`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for expected in 1...3 as ClosedRange<UInt64> {
                let incarnation = try await store.beginIncarnation()
                #expect(incarnation == expected)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `gives back the newest value of a state with its version`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.state("view.lock") == nil)
            try await store.commit([.setState("view.lock", value(1, version: 7))])
            try await store.commit([.setState("view.lock", VersionedBytes(version: 65_535, bytes: []))])
            #expect(try await store.state("view.lock") == VersionedBytes(version: 65_535, bytes: []))
            try await store.commit([.removeState("view.lock"), .removeState("view.lock")])
            #expect(try await store.state("view.lock") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists the states under a prefix by name`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit([
                .setState("deal.2", value(2)), .setState("deal.1", value(1)), .setState("dealt", value(3)),
                .setState("xdeal.1", value(4)),
            ])
            #expect(try await store.states(startingWith: "deal.").map(\.name) == ["deal.1", "deal.2"])
            #expect(try await store.states(startingWith: "%").isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps secrets apart from states`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit([.setSecret("share", value(9)), .setState("share", value(1))])
            #expect(try await store.secret("share") == value(9))
            try await store.commit([.eraseSecret("share")])
            #expect(try await store.secret("share") == nil)
            #expect(try await store.state("share") == value(1))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps the first certificate of a view and knows the newest by epoch, then view`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await store.commit([.keepCertificate(certificate(9, byte: 1))])
            try await store.commit([
                .keepCertificate(certificate(9, byte: 2)),
                .keepCertificate(certificate(3, epoch: 2)),
                .keepCertificate(
                    StoredCertificate(kind: .view, epoch: Epoch(3), view: View(1), value: value(0))
                ),
            ])
            #expect(try await store.newestCertificate(.election) == certificate(3, epoch: 2))
            let first = try await store.certificates(.election, epoch: Epoch(1), from: View(0), limit: 10)
            #expect(first == [certificate(9, byte: 1)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `forgets the lowest certificates beyond the number kept`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let count = UInt64(StoredCertificate.keptPerKind) + 5
            try await store.commit((1...count).map { .keepCertificate(certificate($0)) })
            let kept = try await store.certificates(.election, epoch: Epoch(1), from: View(0), limit: 1_000)
            #expect(kept.map(\.view) == (6...count).map { View($0) })
            let page = try await store.certificates(.election, epoch: Epoch(1), from: View(100), limit: 2)
            #expect(page.map(\.view) == [View(100), View(101)])
            let beyond = try await store.certificates(.election, epoch: Epoch(1), from: View(.max), limit: 2)
            #expect(beyond.isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `appends to each log in sequence and knows the heads`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.logHeads().isEmpty)
            try await store.commit([
                .appendToLog(entry(bob, 1)), .appendToLog(entry(alice, 1)), .appendToLog(entry(bob, 2)),
            ])
            try await store.commit([.appendToLog(entry(bob, 2)), .appendToLog(entry(bob, 3))])
            let heads = try await store.logHeads()
            #expect(heads.map(\.author) == [alice, bob])
            #expect(heads.map(\.sequence) == [1, 3])
            #expect(heads.map(\.digest) == [entry(alice, 1).digest, entry(bob, 3).digest])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `knows the tree of all entries of each log`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var leaves: [Digest] = []
            for number in 1...20 as ClosedRange<UInt64> {
                // Some come twice, and some several at a time.
                let again = number > 1 ? [StoreWrite.appendToLog(entry(bob, number - 1))] : []
                let next = [StoreWrite.appendToLog(entry(bob, number)), .appendToLog(entry(alice, number))]
                try await store.commit(again + next)
                leaves.append(LogTree.leaf(entry(bob, number).digest))
                #expect(try await store.logHeads().map(\.tree) == [LogTree(leaves), LogTree(leaves)])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses a gap and a second entry in one place, and then writes nothing`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await store.commit([.appendToLog(entry(alice, 1))])
            let before: [StoreWrite] = [.setState("x", value(1))]
            let author = alice.description
            await #expect(throws: StoreError.refused(.gap(author: author, sequence: 3, expected: 2))) {
                try await store.commit(before + [.appendToLog(entry(alice, 3))])
            }
            await #expect(throws: StoreError.refused(.gap(author: author, sequence: 0, expected: 2))) {
                try await store.commit(before + [.appendToLog(entry(alice, 0))])
            }
            await #expect(throws: StoreError.refused(.conflict(author: author, sequence: 1))) {
                try await store.commit(before + [.appendToLog(entry(alice, 1, mark: 9))])
            }
            #expect(try await store.state("x") == nil)
            #expect(try await store.logHeads().map(\.sequence) == [1])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `reads ranges bounded in number and bytes but never empty`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit((1...9).map { .appendToLog(entry(alice, $0, size: 100)) })
            func range(_ first: UInt64, _ limit: Int, _ bytes: Int) async throws -> [UInt64] {
                try await store.logEntries(of: alice, from: first, limit: limit, byteLimit: bytes).map(
                    \.sequence
                )
            }
            #expect(try await range(4, 3, 10_000) == [4, 5, 6])
            #expect(try await range(4, 64, 299) == [4, 5])
            #expect(try await range(4, 64, 1) == [4])
            #expect(try await range(8, 64, 10_000) == [8, 9])
            #expect(try await range(.max, 64, 10_000) == [])
            let whole = try await store.logEntries(of: alice, from: 2, limit: 1, byteLimit: 100)
            #expect(whole == [entry(alice, 2, size: 100)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `pages through an epoch in the order of storing`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entries = [
                entry(bob, 1), entry(alice, 1, epoch: 2), entry(alice, 2), entry(bob, 2),
                entry(bob, 3, epoch: 2),
            ]
            try await store.commit(entries.map { .appendToLog($0) })
            var read: [StoredLogEntry] = []
            var page = try await store.logPage(epoch: Epoch(1), after: 0, limit: 2)
            #expect(page.entries.count == 2)
            while !page.entries.isEmpty {
                read += page.entries
                page = try await store.logPage(epoch: Epoch(1), after: page.cursor, limit: 2)
            }
            #expect(read == [entries[0], entries[2], entries[3]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps forks beside the log, each once`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit([.appendToLog(entry(alice, 1)), .keepFork(entry(alice, 1, mark: 2))])
            try await store.commit([
                .keepFork(entry(alice, 1, mark: 1)), .keepFork(entry(alice, 1, mark: 2)),
            ])
            #expect(
                try await store.forks(of: alice) == [entry(alice, 1, mark: 1), entry(alice, 1, mark: 2)]
            )
            #expect(try await store.forks(of: bob).isEmpty)
            #expect(try await store.logHeads().map(\.digest) == [entry(alice, 1).digest])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps evidence of one offence once`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            func evidence(_ number: UInt8, _ byte: UInt8) -> StoredEvidence {
                var id = Digest()
                id[0] = number
                return StoredEvidence(id: id, culprit: bob, epoch: Epoch(4), value: value(byte))
            }
            try await store.commit([.keepEvidence(evidence(2, 1)), .keepEvidence(evidence(1, 1))])
            try await store.commit([.keepEvidence(evidence(2, 9))])
            #expect(try await store.evidence() == [evidence(2, 1), evidence(1, 1)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps the outbox in the order of first putting`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            func transaction(_ number: UInt8, _ byte: UInt8) -> OutboxEntry {
                var id = Digest()
                id[0] = number
                return OutboxEntry(id: id, value: value(byte))
            }
            try await store.commit([
                .putInOutbox(transaction(9, 1)), .putInOutbox(transaction(5, 1)),
                .putInOutbox(transaction(7, 1)),
            ])
            try await store.commit([
                .putInOutbox(transaction(9, 2)), .removeFromOutbox(transaction(5, 0).id),
                .removeFromOutbox(transaction(5, 0).id),
            ])
            #expect(try await store.outbox() == [transaction(9, 2), transaction(7, 1)])
        }
    }
}
