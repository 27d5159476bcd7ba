import Foundation
import GRDB
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

/// Databases that hold what the store never wrote, as damage or another program may leave them.
///
/// Every question is answered or refused with a reason; none ends the process.
@Suite struct SpoiltStoreTests {
    private let directory: TemporaryDirectory
    private let data: DataDirectory
    private static let author = Identity()

    init() throws {
        directory = try TemporaryDirectory()
        data = try directory.data
    }

    private static func value(_ byte: UInt8, size: Int = 40) -> VersionedBytes {
        VersionedBytes(version: 1, bytes: [UInt8](repeating: byte, count: size))
    }

    private static func entry(_ sequence: UInt64) -> StoredLogEntry {
        StoredLogEntry(
            author: author,
            sequence: sequence,
            epoch: Epoch(1),
            digest: SHA256.hash([UInt8(sequence)]),
            bytes: [1, 2, 3]
        )
    }

    /// One of everything and a few more, in one closed file.
    private func fill() async throws {
        let store = try SQLiteStore(in: data)
        _ = try await store.beginIncarnation()
        var writes: [StoreWrite] = (1...4).map { .appendToLog(Self.entry($0)) }
        let before = LogTree([LogTree.leaf(Self.entry(1).digest)])
        let start = StoredLogStart(author: Self.author, first: 2, tree: before, bytes: [1, 2, 3, 4])
        writes += [.beginLog(start), .appendToLog(Self.entry(2))]
        for number in 1...4 as ClosedRange<UInt8> {
            let id = SHA256.hash([number])
            writes += [
                .setState(StateName(rawValue: "state.\(number)"), Self.value(number)),
                .setSecret(StateName(rawValue: "secret.\(number)"), Self.value(number)),
                .keepCertificate(
                    StoredCertificate(
                        kind: .view,
                        epoch: Epoch(1),
                        view: View(UInt64(number)),
                        value: Self.value(number)
                    )
                ),
                .keepFork(Self.entry(UInt64(number))),
                .keepEvidence(
                    StoredEvidence(id: id, culprit: Self.author, epoch: Epoch(1), value: Self.value(number))
                ), .putInOutbox(OutboxEntry(id: id, value: Self.value(number, size: 900))),
            ]
        }
        try await store.commit(writes)
        try store.close()
    }

    /// What happened to a question.
    private enum Fate { case answered, refused }

    private func ask<Answer>(_ question: () async throws(StoreError) -> Answer) async -> Fate {
        do {
            _ = try await question()
            return .answered
        } catch {
            #expect(!error.description.isEmpty)
            return .refused
        }
    }

    /// Everything that a node asks a store, and what it writes there.
    private func askEverything(_ store: SQLiteStore) async -> [Fate] {
        var fates: [Fate] = []
        for number in 1...4 as ClosedRange<UInt8> {
            let name = StateName(rawValue: "state.\(number)")
            fates.append(
                await ask { () async throws(StoreError) in
                    // What is given back at all is what was written: these bytes are promises.
                    let value = try await store.state(name)
                    #expect(value == nil || value == Self.value(number))
                }
            )
            fates.append(
                await ask { () async throws(StoreError) in
                    try await store.secret(StateName(rawValue: "secret.\(number)"))
                }
            )
        }
        fates += [
            await ask { () async throws(StoreError) in try await store.states(startingWith: "") },
            await ask { () async throws(StoreError) in try await store.newestCertificate(.view) },
            await ask { () async throws(StoreError) in
                try await store.certificates(.view, epoch: Epoch(1), from: View(0), limit: 9)
            },
            await ask { () async throws(StoreError) in try await store.logHeads() },
            await ask { () async throws(StoreError) in
                try await store.logEntries(of: Self.author, from: 0, limit: 9, byteLimit: 1 << 20)
            },
            await ask { () async throws(StoreError) in
                try await store.logPage(epoch: Epoch(1), after: 0, limit: 9)
            },
            await ask { () async throws(StoreError) in
                // A beginning is given back as it was, or not at all.
                let starts = try await store.logStarts()
                #expect(starts.allSatisfy { $0.first == 2 && $0.bytes == [1, 2, 3, 4] })
            },
            await ask { () async throws(StoreError) in try await store.unsweptLog() },
            await ask { () async throws(StoreError) in
                try await store.logDigests(of: Self.author, from: 1, limit: 9)
            },
            await ask { () async throws(StoreError) in try await store.forks(of: Self.author) },
            await ask { () async throws(StoreError) in try await store.evidence() },
            await ask { () async throws(StoreError) in try await store.outbox() },
            await ask { () async throws(StoreError) in
                try await store.commit([.appendToLog(Self.entry(5)), .setState("state.1", Self.value(1))])
            },
            await ask { () async throws(StoreError) in try await store.beginIncarnation() },
        ]
        return fates
    }

    @Test func `asks everything of a sound database and gets answers`() async throws {
        try await fill()
        let store = try SQLiteStore(in: data)
        #expect(await askEverything(store).allSatisfy { $0 == .answered })
        try store.close()
    }

    /// Takes from the tables all that keeps wrong values out, as a newer or a broken program may.
    private func loosen(_ db: Database) throws {
        try db.execute(sql: "PRAGMA writable_schema = ON")
        for rule in [
            " STRICT", " NOT NULL", " CHECK (id = 1)", " CHECK (value > 0)", " CHECK (sequence > 0)",
            " CHECK (size > 0)", " CHECK (first > 1)", " CHECK (length(peaks) % 32 = 0)",
        ] {
            try db.execute(sql: "UPDATE sqlite_master SET sql = replace(sql, ?, '')", arguments: [rule])
        }
        for column in ["id", "author", "digest", "culprit"] {
            let rule = " CHECK (length(\(column)) = 32)"
            try db.execute(sql: "UPDATE sqlite_master SET sql = replace(sql, ?, '')", arguments: [rule])
        }
        // A comma is left where STRICT stood before WITHOUT ROWID.
        try db.execute(sql: "UPDATE sqlite_master SET sql = replace(sql, '), WITHOUT', ') WITHOUT')")
        try db.execute(sql: "PRAGMA writable_schema = RESET")
    }

    private static let columns: [(table: String, columns: [String])] = [
        ("incarnation", ["value"]), ("states", ["version", "value", "checksum"]),
        ("secrets", ["version", "sealed"]),
        ("certificates", ["epoch", "view", "version", "value"]),
        ("log_entries", ["author", "sequence", "epoch", "digest", "bytes"]),
        ("log_forks", ["author", "sequence", "epoch", "digest", "bytes"]),
        ("log_trees", ["author", "size", "peaks"]),
        ("log_starts", ["author", "first", "peaks", "value", "checksum"]),
        ("evidence", ["id", "culprit", "epoch", "version", "value"]), ("outbox", ["id", "version", "value"]),
    ]

    private func strangeValue(_ spoiler: inout Spoiler) -> DatabaseValue {
        switch spoiler.below(8) {
        case 0, 1: .null
        case 2: Int64.min.databaseValue
        case 3: Int64.max.databaseValue
        case 4: (-1).databaseValue
        case 5: "text".databaseValue
        case 6: 0.5.databaseValue
        default: Data(repeating: 7, count: spoiler.below(70)).databaseValue
        }
    }

    @Test(arguments: 1...24)
    func `rows of other kinds, lengths and signs, or without a value, are refused`(seed: UInt64) async throws
    {
        var spoiler = Spoiler(seed: seed)
        try await fill()
        let queue = try DatabaseQueue(path: data.database.string)
        try await queue.write { db in try loosen(db) }
        for (table, columns) in Self.columns where spoiler.below(2) == 0 {
            let column = columns[spoiler.below(columns.count)]
            let value = strangeValue(&spoiler)
            // Not everything can be put everywhere: a key holds a value once.
            try? await queue.write { db in
                try db.execute(sql: "UPDATE \(table) SET \(column) = ?", arguments: [value])
            }
        }
        try queue.close()
        let store = try SQLiteStore(in: data)
        _ = await askEverything(store)
        try store.close()
    }

    @Test(arguments: [
        "states", "secrets", "certificates", "log_entries", "log_starts", "log_forks", "evidence", "outbox",
    ])
    func `a row without a value is damage`(table: String) async throws {
        try await fill()
        let queue = try DatabaseQueue(path: data.database.string)
        try await queue.write { db in
            try loosen(db)
            let column = Self.columns.first { $0.table == table }?.columns.last ?? ""
            try db.execute(sql: "UPDATE \(table) SET \(column) = NULL")
        }
        try queue.close()
        let store = try SQLiteStore(in: data)
        let fates = await askEverything(store)
        #expect(fates.contains { $0 == .refused })
        try store.close()
    }

    @Test(arguments: 1...6)
    func `files with bytes changed anywhere are refused, or give every promise back as it was`(seed: UInt64)
        async throws
    {
        try await fill()
        var spoiler = Spoiler(seed: seed)
        let sound = try contents(of: data.database)
        var opened = 0
        for _ in 0..<12 {
            var bytes = sound
            for _ in 0...spoiler.below(3) {
                let place = spoiler.below(bytes.count)
                let end = min(bytes.count, place + 1 + spoiler.below(16))
                for index in place..<end { bytes[index] = UInt8(spoiler.below(256)) }
            }
            try bytes.write(to: URL(filePath: data.database.string))
            do {
                let store = try SQLiteStore(in: data)
                opened += 1
                _ = await askEverything(store)
                try store.close()
            } catch let error as StoreError {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(opened > 0)
    }
}
