import Foundation
import GRDB
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct SQLiteStoreTests {
    private let directory: TemporaryDirectory
    private let data: DataDirectory

    init() throws {
        directory = try TemporaryDirectory()
        data = try directory.data
    }

    /// Opens, lets write, and closes, so that all is in the one file.
    private func withStore(_ body: (SQLiteStore) async throws -> Void = { _ in }) async throws {
        let store = try SQLiteStore(in: data)
        try await body(store)
        try store.close()
    }

    /// Enough that the file has many pages.
    private func fill(_ store: SQLiteStore) async throws {
        try await store.commit(
            (0..<200).map {
                .setState(
                    StateName(rawValue: "state.\($0)"),
                    VersionedBytes(version: 1, bytes: [UInt8](repeating: UInt8($0), count: 2_000))
                )
            }
        )
    }

    private func overwrite(_ range: Range<UInt64>, with byte: UInt8) throws {
        let file = try FileHandle(forUpdating: URL(filePath: data.database.string))
        try file.seek(toOffset: range.lowerBound)
        try file.write(contentsOf: Data(repeating: byte, count: range.count))
        try file.close()
    }

    private func truncate(to size: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(filePath: data.database.string))
        try file.truncate(atOffset: size)
        try file.close()
    }

    private func expectRefusal(_ isExpected: (StoreError) -> Bool) throws {
        let before = try contents(of: data.database)
        let error = try #require(throws: StoreError.self) { _ = try SQLiteStore(in: data) }
        #expect(isExpected(error), "\(error)")
        #expect(error.description.contains(data.database.string))
        #expect(try contents(of: data.database) == before, "a damaged database must be left as it is")
    }

    @Test func `syncs every commit to the disk`() async throws {
        try await withStore { store in
            let settings = try await store.pool.write { db in
                try ["synchronous", "journal_mode", "secure_delete", "trusted_schema"].map {
                    try String.fetchOne(db, sql: "PRAGMA \($0)")
                }
            }
            // 2 is FULL.
            #expect(settings == ["2", "wal", "1", "0"])
        }
    }

    @Test func `keeps what was written, and counts on, when opened again`() async throws {
        let value = VersionedBytes(version: 3, bytes: [1, 2, 3])
        try await withStore { store in
            let incarnation = try await store.beginIncarnation()
            #expect(incarnation == 1)
            try await store.commit([.setState("view", value)])
        }
        try await withStore { store in
            let incarnation = try await store.beginIncarnation()
            let kept = try await store.state("view")
            #expect(incarnation == 2)
            #expect(kept == value)
        }
    }

    @Test func `refuses a second store on one directory and names the process`() async throws {
        try await withStore { _ in
            let error = #expect(throws: DataDirectoryError.self) { _ = try SQLiteStore(in: data) }
            #expect(
                error == .inUse(data.path.string, process: ProcessInfo.processInfo.processIdentifier)
            )
        }
        try await withStore()
    }

    @Test func `keeps every file from other users`() async throws {
        try await withStore { store in
            try await fill(store)
            for name in [
                "oracle.sqlite", "oracle.sqlite-wal", "oracle.sqlite-shm", "database-exists", "lock",
            ] {
                #expect(try mode(of: data.path.appending(name)) == .ownerReadWrite, "\(name)")
            }
        }
    }

    @Test func `does not take a lost database for a first start`() async throws {
        try await withStore()
        try FileManager.default.removeItem(atPath: data.database.string)
        #expect(throws: StoreError.missing(path: data.database.string)) { _ = try SQLiteStore(in: data) }
        #expect(!FileManager.default.fileExists(atPath: data.database.string))
    }

    @Test func `does not take an emptied database for a first start`() async throws {
        try await withStore { try await fill($0) }
        try truncate(to: 0)
        try expectRefusal { $0 == .missing(path: data.database.string) }
    }

    /// What a killed process leaves: the files of an open store, copied.
    private func leaveOpen(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(in: data)
        try await body(store)
        let names = ["oracle.sqlite", "oracle.sqlite-wal", "database-exists", "database-open"]
        let files = FileManager.default
        for name in names {
            try files.copyItem(
                atPath: data.path.appending(name).string,
                toPath: data.path.appending("kept-" + name).string
            )
        }
        try store.close()
        for name in names {
            try? files.removeItem(atPath: data.path.appending(name).string)
            try files.moveItem(
                atPath: data.path.appending("kept-" + name).string,
                toPath: data.path.appending(name).string
            )
        }
    }

    @Test func `goes on with what a killed process has left`() async throws {
        try await leaveOpen { store in _ = try await store.beginIncarnation() }
        try await withStore { store in
            let incarnation = try await store.beginIncarnation()
            #expect(incarnation == 2)
        }
    }

    @Test func `does not go on when the log of a killed process is lost`() async throws {
        try await leaveOpen { store in _ = try await store.beginIncarnation() }
        try FileManager.default.removeItem(atPath: data.databaseLog.string)
        try expectRefusal {
            if case .logMissing = $0 { true } else { false }
        }
    }

    @Test func `does not take what is less than a page for a first start`() async throws {
        try await leaveOpen { _ in }
        try FileManager.default.removeItem(atPath: data.databaseLog.string)
        try FileManager.default.removeItem(atPath: data.databaseLogMarker.string)
        try truncate(to: 2_048)
        try expectRefusal { if case .corrupt = $0 { true } else { false } }
    }

    @Test(arguments: [100, 4_096, 50_000, 200_001])
    func `finds a database that was cut short`(_ size: UInt64) async throws {
        try await withStore { try await fill($0) }
        try truncate(to: size)
        try expectRefusal { if case .corrupt = $0 { true } else { false } }
    }

    @Test func `finds a database with a page overwritten`() async throws {
        try await withStore { try await fill($0) }
        let size = UInt64(try contents(of: data.database).count)
        try overwrite(size / 2 / 4_096 * 4_096..<size / 2 / 4_096 * 4_096 + 4_096, with: 0xa5)
        try expectRefusal { if case .corrupt = $0 { true } else { false } }
    }

    @Test func `finds a database whose beginning is gone`() async throws {
        try await withStore { try await fill($0) }
        try overwrite(0..<16, with: 0)
        try expectRefusal { if case .corrupt = $0 { true } else { false } }
    }

    @Test func `finds a state changed behind its back`() async throws {
        try await withStore { store in
            try await store.commit([.setState("view.lock", VersionedBytes(version: 1, bytes: [7]))])
            try await store.pool.write { try $0.execute(sql: "UPDATE states SET value = x'08'") }
            let error = await #expect(throws: StoreError.self) { _ = try await store.state("view.lock") }
            #expect(error?.description.contains("'view.lock' does not match its checksum") == true)
            await #expect(throws: StoreError.self) { _ = try await store.states(startingWith: "") }
        }
    }

    @Test func `refuses the database of another program`() throws {
        let other = try DatabaseQueue(path: data.database.string)
        try other.write { try $0.execute(sql: "CREATE TABLE t (a)") }
        try other.close()
        try expectRefusal { $0 == .foreign(path: data.database.string) }
    }

    @Test func `gives the logs of an older database their trees`() async throws {
        let authors = [1, 2].map { Identity([UInt8](repeating: $0, count: 32))! }
        func entry(_ author: Identity, _ sequence: UInt64) -> StoredLogEntry {
            StoredLogEntry(
                author: author,
                sequence: sequence,
                epoch: Epoch(1),
                digest: SHA256.hash([UInt8(sequence)] + author.array),
                bytes: [1]
            )
        }
        try await withStore { store in
            for number in 1...7 as ClosedRange<UInt64> {
                try await store.commit(authors.map { .appendToLog(entry($0, number)) })
            }
            try await store.commit([.appendToLog(entry(authors[1], 8))])
            try await store.pool.write {
                try $0.execute(sql: "DROP TABLE log_trees")
                try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '0002 log trees'")
            }
        }
        try await withStore { store in
            let trees = [7, 8].enumerated().map { place, size in
                LogTree((1...size).map { LogTree.leaf(entry(authors[place], $0).digest) })
            }
            #expect(try await store.logHeads().map(\.tree) == trees)
            try await store.commit([.appendToLog(entry(authors[0], 8))])
            #expect(try await store.logHeads().map(\.sequence) == [8, 8])
        }
    }

    @Test func `a database from before logs could be cut goes on, with all entries`() async throws {
        let author = Identity([UInt8](repeating: 1, count: 32))!
        func entry(_ number: Int) -> StoredLogEntry {
            StoredLogEntry(
                author: author,
                sequence: UInt64(number),
                epoch: Epoch(1),
                digest: SHA256.hash([UInt8(number)]),
                bytes: [UInt8(number)]
            )
        }
        try await withStore { store in
            try await store.commit((1...5).map { .appendToLog(entry($0)) })
            try await store.pool.write {
                try $0.execute(sql: "DROP TABLE log_starts")
                try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '0003 log starts'")
            }
        }
        let before = LogTree((1...2).map { LogTree.leaf(entry($0).digest) })
        try await withStore { store in
            let start = StoredLogStart(author: author, first: 3, tree: before, bytes: [1])
            try await store.commit([.beginLog(start), .appendToLog(entry(3)), .sweepLog(author, limit: 1)])
        }
        try await withStore { store in
            #expect(try await store.unsweptLog() == author)
            #expect(try await store.logEntries(of: author, from: 1, limit: 9, byteLimit: 99).count == 3)
            try await store.commit([.sweepLog(author, limit: 9)])
            #expect(try await store.unsweptLog() == nil)
            #expect(try await store.logHeads().map(\.tree.size) == [5])
        }
    }

    @Test func `finds a beginning that was changed, or whose entry is lost`() async throws {
        let author = Identity([UInt8](repeating: 1, count: 32))!
        let entries = (1...4).map {
            StoredLogEntry(
                author: author,
                sequence: UInt64($0),
                epoch: Epoch(1),
                digest: SHA256.hash([UInt8($0)]),
                bytes: [1]
            )
        }
        let before = LogTree(entries.prefix(2).map { LogTree.leaf($0.digest) })
        for damage in [
            "UPDATE log_starts SET first = 4", "UPDATE log_starts SET value = x'00'",
            "UPDATE log_starts SET peaks = zeroblob(32)", "DELETE FROM log_entries WHERE sequence = 3",
        ] {
            let directory = try TemporaryDirectory()
            let store = try SQLiteStore(in: directory.data)
            try await store.commit(entries.map { .appendToLog($0) })
            try await store.commit([
                .beginLog(StoredLogStart(author: author, first: 3, tree: before, bytes: [1]))
            ])
            #expect(try await store.logStarts().count == 1)
            try await store.pool.write { try $0.execute(sql: damage) }
            await #expect(throws: StoreError.self, "\(damage)") { _ = try await store.logStarts() }
            try store.close()
        }
    }

    @Test func `finds a tree that is not that of all entries`() async throws {
        try await withStore { store in
            let author = Identity([UInt8](repeating: 1, count: 32))!
            let entry = StoredLogEntry(
                author: author,
                sequence: 1,
                epoch: Epoch(1),
                digest: SHA256.hash([1]),
                bytes: [1]
            )
            try await store.commit([.appendToLog(entry)])
            try await store.pool.write { try $0.execute(sql: "UPDATE log_trees SET size = 2") }
            await #expect(throws: StoreError.self) { _ = try await store.logHeads() }
            try await store.pool.write { try $0.execute(sql: "DELETE FROM log_trees") }
            await #expect(throws: StoreError.self) { _ = try await store.logHeads() }
        }
    }

    @Test func `refuses a database that a newer version has changed`() async throws {
        try await withStore { store in
            try await store.pool.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 later')")
            }
        }
        try expectRefusal { $0 == .newer(path: data.database.string) }
    }

    @Test func `leaves no trace of an erased secret in its files`() async throws {
        let secret = Array("a secret that must not stay on the disk".utf8)
        let name: StateName = "share"
        try await withStore { store in
            try await store.commit([.setSecret(name, VersionedBytes(version: 1, bytes: secret))])
            #expect(try await files().contains { $0.firstRange(of: secret) != nil })
            try await store.commit([.eraseSecret(name)])
            #expect(try await !files().contains { $0.firstRange(of: secret) != nil })
        }
    }

    private func files() async throws -> [Data] {
        try ["oracle.sqlite", "oracle.sqlite-wal"].map { try contents(of: data.path.appending($0)) }
    }

    @Test func `says that there is no room, and writes nothing, when the file may not grow`() async throws {
        try await withStore { store in
            try await store.commit([.setState("view", VersionedBytes(version: 1, bytes: [1]))])
            try await store.pool.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
            }
            await #expect(throws: StoreError.full(path: data.database.string)) {
                try await store.commit([
                    .setState("view", VersionedBytes(version: 1, bytes: [2])),
                    .setState("big", VersionedBytes(version: 1, bytes: [UInt8](repeating: 1, count: 50_000))),
                ])
            }
            #expect(try await store.state("view")?.bytes == [1])
        }
    }

    @Test func `an append for which there is no room leaves the log as it was, and is made when there is`()
        async throws
    {
        let author = Identity()
        let entries = (1...6 as ClosedRange<UInt64>).map { sequence in
            StoredLogEntry(
                author: author,
                sequence: sequence,
                epoch: Epoch(1),
                digest: SHA256.hash([UInt8(sequence)]),
                bytes: [UInt8](repeating: UInt8(sequence), count: 20_000)
            )
        }
        try await withStore { store in
            try await store.commit([.appendToLog(entries[0])])
            let before = try await store.logHeads()
            try await store.pool.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 9)")
            }
            // The first of them would fit.
            await #expect(throws: StoreError.full(path: data.database.string)) {
                try await store.commit(entries[1...].map { .appendToLog($0) })
            }
            #expect(try await store.logHeads() == before)
            try await store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA max_page_count = 100000")
            }
            try await store.commit(entries[1...].map { .appendToLog($0) })
            let head = try #require(try await store.logHeads().first)
            #expect(head.sequence == 6 && head.tree == LogTree(entries.map { LogTree.leaf($0.digest) }))
        }
    }

    @Test func `refuses a number that SQLite cannot hold`() async throws {
        try await withStore { store in
            let certificate = StoredCertificate(
                kind: .view,
                epoch: Epoch(1),
                view: View(1 << 63),
                value: VersionedBytes(version: 1, bytes: [])
            )
            await #expect(throws: StoreError.refused(.number(1 << 63))) {
                try await store.commit([.keepCertificate(certificate)])
            }
        }
    }
}
