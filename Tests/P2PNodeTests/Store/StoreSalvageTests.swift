import Consensus
import Cryptography
import Ethereum
import Foundation
import GRDB
import Gossip
import Peer
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

/// Damaged databases: what is found, what is saved, and what is never taken for whole.
@Suite struct StoreSalvageTests {
    private let world: ElectionWorld
    private let directory: TemporaryDirectory
    private let data: DataDirectory
    /// Of the node whose database it is.
    private let own = MemberIndex(2)

    init() throws {
        world = try ElectionWorld()
        directory = try TemporaryDirectory()
        data = try directory.data
    }

    private func identity(_ member: MemberIndex) -> Identity { world.committee.identity(of: member)! }

    private static func value(_ bytes: [UInt8]) -> VersionedBytes { VersionedBytes(version: 1, bytes: bytes) }

    private var names: EpochNames { EpochNames(world.committee) }

    private var votes: VersionedBytes { Self.value(VoteLock(epoch: Epoch(1)).sszBytes) }

    private var promises: [StoreWrite] {
        let epoch = RememberedEpoch(record: world.record, block: BlockReference(number: 1, hash: Digest()))
        return [
            .setState("chain.epoch", Self.value(epoch.sszBytes)), .setState(names.votes, votes),
            .setState(names.view, Self.value(ViewRecord(epoch: Epoch(1), view: View(7)).sszBytes)),
        ]
    }

    /// Entries of a member whose bodies can be found in the file.
    private func log(of member: MemberIndex, count: UInt64) -> [StoredLogEntry] {
        var previous = Digest()
        return (1...count).map { place in
            let body = [UInt8](repeating: 0xd0 + UInt8(member.rawValue), count: 600)
            let entry = world.entry(.absent, body, by: member, at: place, after: previous)
            previous = entry.hashTreeRoot()
            return entry.stored(of: identity(member))
        }
    }

    /// A database with something of everything, as a node leaves it.
    private func fill() async throws {
        guard let record = world.committee[own], let endpoint = Endpoint("oracle2.example.org:9100") else {
            return
        }
        try MemberCard(
            account: record.account,
            identity: record.identity,
            encryptionKey: record.encryptionKey,
            endpoint: endpoint
        ).write(to: data.memberCard)
        let store = try SQLiteStore(in: data)
        for _ in 1...3 { _ = try await store.beginIncarnation() }
        // The own entries first, so that pages of others' alone come after them.
        for member in [own] + world.committee.indices.filter({ $0 != own }) {
            try await store.commit(log(of: member, count: 40).map { .appendToLog($0) })
        }
        var writes = promises
        for number in 1...60 as ClosedRange<UInt8> {
            let id = SHA256.hash([number])
            writes += [
                .setState(
                    StateName(rawValue: "other.\(number)"),
                    Self.value([UInt8](repeating: number, count: 400))
                ),
                .setSecret(StateName(rawValue: "secret.\(number)"), Self.value([number])),
                .keepCertificate(
                    StoredCertificate(
                        kind: .view,
                        epoch: Epoch(1),
                        view: View(UInt64(number)),
                        value: Self.value([number])
                    )
                ),
                .keepEvidence(
                    StoredEvidence(
                        id: id,
                        culprit: identity(MemberIndex(3)),
                        epoch: Epoch(1),
                        value: Self.value([1])
                    )
                ), .putInOutbox(OutboxEntry(id: id, value: Self.value([number]))),
            ]
        }
        try await store.commit(writes)
        try store.close()
    }

    // MARK: Damage

    private func change(_ body: (inout [UInt8]) throws -> Void) throws {
        let url = URL(filePath: data.database.string)
        var bytes = [UInt8](try Data(contentsOf: url))
        try body(&bytes)
        try Data(bytes).write(to: url)
    }

    /// Spoils the page on which a table begins.
    private func spoilRoot(of table: String) async throws {
        let queue = try DatabaseQueue(path: data.database.string)
        let (page, size) = try await queue.read { db in
            (
                try Int.fetchOne(
                    db,
                    sql: "SELECT rootpage FROM sqlite_master WHERE name = ?",
                    arguments: [table]
                )!,
                try Int.fetchOne(db, sql: "PRAGMA page_size")!
            )
        }
        try queue.close()
        try change { bytes in
            for place in (page - 1) * size..<page * size { bytes[place] = 0xa5 }
        }
    }

    /// Where a text stands in the file first or last.
    private func place(of text: [UInt8], last: Bool = false, in bytes: [UInt8]) throws -> Int {
        let data = Data(bytes)
        let range = last ? data.range(of: Data(text), options: .backwards) : data.range(of: Data(text))
        return try #require(range).lowerBound
    }

    private func salvage() async throws -> StoreSalvage.Outcome { try await StoreSalvage.run(in: data) }

    /// The database opens, and has all that was promised.
    private func expectPromises(_ entries: UInt64 = 40) async throws {
        let store = try SQLiteStore(in: data)
        #expect(try await store.state(names.votes) == votes)
        for case .setState(let name, let value) in promises { #expect(try await store.state(name) == value) }
        let heads = try await store.logHeads()
        #expect(heads.map(\.author) == [identity(own)] && heads.map(\.sequence) == [entries])
        #expect(try await store.beginIncarnation() > 1_700_000_000)
        // It goes on as a database does.
        try await store.commit(log(of: MemberIndex(1), count: 3).map { .appendToLog($0) })
        try store.close()
    }

    /// The store is gone, with its lock, when this returns.
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(in: data)
        try await body(store)
        try store.close()
    }

    private func expectRefusal(_ words: String) async throws {
        let before = try contents(of: data.database)
        let error = await #expect(throws: SalvageError.self) { try await salvage() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("have the committee replace this member") == true)
        #expect(try contents(of: data.database) == before, "nothing is changed")
    }

    // MARK: Tests

    @Test func `a sound database is found so, and left as it is`() async throws {
        try await fill()
        let found = try StoreExamination(of: data)
        #expect(found.isSound, "\(found)")
        #expect(found.tables.first { $0.name == "log_entries" }?.rows == 160)
        #expect(found.tables.first { $0.name == "states" }?.rows == 63)
        #expect(
            found.tables.map(\.name).sorted() == [
                "certificates", "evidence", "incarnation", "log_entries", "log_forks", "log_starts",
                "log_trees",
                "outbox", "secrets",
                "states",
            ]
        )
        let error = await #expect(throws: SalvageError.self) { try await salvage() }
        #expect(error == .sound)
    }

    @Test func `a node that runs can be looked at, and is not salvaged`() async throws {
        try await fill()
        let running = try SQLiteStore(in: data)
        #expect(try StoreExamination(of: data).isSound)
        await #expect(throws: DataDirectoryError.self) { try await salvage() }
        try running.close()
    }

    @Test(arguments: [
        "incarnation", "secrets", "certificates", "log_forks", "log_starts", "evidence", "outbox",
    ])
    func `a table without which a node can go on is given up, and the promises are carried over`(
        table: String
    )
        async throws
    {
        try await fill()
        try await spoilRoot(of: table)
        #expect(throws: StoreError.self) { try SQLiteStore(in: data) }
        let found = try StoreExamination(of: data)
        #expect(!found.isSound && found.isSalvageable)
        #expect(found.tables.filter { $0.problem != nil }.map(\.name) == [table])
        let outcome = try await salvage()
        #expect(outcome.entries == 40)
        #expect(FileManager.default.fileExists(atPath: outcome.aside.string))
        #expect(!FileManager.default.fileExists(atPath: data.path.appending("salvage").string))
        try await expectPromises()
    }

    @Test func `all that is whole is carried over`() async throws {
        try await fill()
        try await spoilRoot(of: "log_forks")
        _ = try await salvage()
        let store = try SQLiteStore(in: data)
        #expect(try await store.states(startingWith: "other.").count == 60)
        #expect(try await store.secret("secret.7") == Self.value([7]))
        #expect(try await store.certificates(.view, epoch: Epoch(1), from: View(0), limit: 99).count == 60)
        #expect(try await store.evidence().count == 60)
        #expect(try await store.outbox().map(\.value.bytes) == (1...60).map { [UInt8($0)] })
        try store.close()
    }

    @Test func `an own log that begins in the middle is carried over from there`() async throws {
        try await fill()
        let entries = log(of: own, count: 40)
        let before = LogTree(entries.prefix(29).map { LogTree.leaf($0.digest) })
        let start = StoredLogStart(author: identity(own), first: 30, tree: before, bytes: [7])
        try await withStore { old in
            try await old.commit([
                .beginLog(start), .appendToLog(entries[29]), .sweepLog(identity(own), limit: 99),
            ])
        }
        #expect(try StoreExamination(of: data).isSound)
        try await spoilRoot(of: "log_forks")
        #expect(try await salvage().entries == 11)
        try await expectPromises()
        try await withStore { store in
            #expect(try await store.logStarts() == [start])
            try await store.commit([.appendToLog(log(of: own, count: 41)[40])])
            #expect(try await store.logHeads().first { $0.author == identity(own) }?.tree.size == 41)
        }
        // Without the beginning nothing shows that the rest is all.
        try await spoilRoot(of: "log_starts")
        try await expectRefusal("the node's own log: entry 1 is damaged")
    }

    @Test func `a page of others' entries comes back from the others`() async throws {
        try await fill()
        try change { bytes in
            let marker = [UInt8](repeating: 0xd4, count: 300)
            let page = try place(of: marker, last: true, in: bytes) / 4_096
            for place in page * 4_096..<(page + 1) * 4_096 { bytes[place] = 0 }
        }
        #expect(throws: StoreError.self) { try SQLiteStore(in: data) }
        _ = try await salvage()
        try await expectPromises()
    }

    @Test func `a state that guards nothing is left out`() async throws {
        try await fill()
        try change { bytes in
            let place = try place(of: [UInt8](repeating: 33, count: 300), in: bytes)
            bytes[place + 7] ^= 1
        }
        let found = try StoreExamination(of: data)
        #expect(found.tables.filter { $0.problem != nil }.map(\.name) == ["states"])
        _ = try await salvage()
        try await expectPromises()
        let store = try SQLiteStore(in: data)
        #expect(try await store.states(startingWith: "other.").count == 59)
        try store.close()
    }

    @Test(arguments: ["states", "log_entries", "log_trees"])
    func `without the votes or the own log a node does not go on`(table: String) async throws {
        try await fill()
        try await spoilRoot(of: table)
        try await expectRefusal(table == "states" ? "the votes given" : "the node's own log")
    }

    @Test func `votes that were changed are lost, however whole the database is`() async throws {
        try await fill()
        try change { bytes in
            let place = try place(of: Array(names.votes.rawValue.utf8), in: bytes)
            bytes[place + names.votes.rawValue.utf8.count + 3] ^= 1
        }
        let store = try SQLiteStore(in: data)
        await #expect(throws: StoreError.self) { try await store.state(names.votes) }
        try store.close()
    }

    @Test func `changed votes are not salvaged`() async throws {
        try await fill()
        try change { bytes in
            let place = try place(of: Array(names.votes.rawValue.utf8), in: bytes)
            bytes[place + names.votes.rawValue.utf8.count + 3] ^= 1
        }
        try await expectRefusal("the votes given")
    }

    @Test func `an entry of the own log that was changed is found, and not said again`() async throws {
        try await fill()
        try change { bytes in
            let place = try place(of: [UInt8](repeating: 0xd2, count: 500), in: bytes)
            bytes[place + 200] ^= 1
        }
        try await expectRefusal("the node's own log: entry")
    }

    @Test func `an own log that is shorter than it was is not taken for whole`() async throws {
        try await fill()
        let queue = try DatabaseQueue(path: data.database.string)
        try await queue.write { db in
            try db.execute(sql: "DELETE FROM log_entries WHERE sequence > 38")
        }
        try queue.close()
        try await spoilRoot(of: "evidence")
        try await expectRefusal("38 entries can be read, and there were 40")
    }

    @Test func `when the last writes are lost so are votes`() async throws {
        try await fill()
        try await spoilRoot(of: "evidence")
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: data.database.string + suffix)
        }
        try Data().write(to: URL(filePath: data.databaseLogMarker.string))
        let lost = StoreError.logMissing(path: data.databaseLog.string)
        await #expect(throws: lost) { try await salvage() }
        #expect(throws: lost) { try StoreExamination(of: data) }
        #expect(throws: lost) { try SQLiteStore(reading: data) }
        // Who only looks leaves nothing behind that hides the loss.
        #expect(throws: lost) { try SQLiteStore(in: data) }
    }

    @Test func `without its card nobody knows which log is the node's own`() async throws {
        try await fill()
        try await spoilRoot(of: "evidence")
        try FileManager.default.removeItem(atPath: data.memberCard.string)
        try await expectRefusal("member.json")
    }

    @Test func `a file whose beginning is gone is nothing to salvage from`() async throws {
        try await fill()
        try change { bytes in for place in 0..<4_096 { bytes[place] = 0 } }
        await #expect(throws: StoreError.self) { try await salvage() }
        try FileManager.default.removeItem(atPath: data.database.string)
        await #expect(throws: StoreError.self) { try await salvage() }
    }

    @Test(arguments: 1...4)
    func `bytes changed anywhere never make a node forget a vote`(seed: UInt64) async throws {
        try await fill()
        var spoiler = Spoiler(seed: seed)
        let sound = [UInt8](try contents(of: data.database))
        var salvaged = 0
        for _ in 0..<15 {
            var bytes = sound
            for _ in 0...spoiler.below(4) {
                let page = spoiler.below(bytes.count / 4_096)
                for offset in 0..<4_096 where spoiler.below(3) == 0 {
                    bytes[page * 4_096 + offset] = UInt8(spoiler.below(256))
                }
            }
            try Data(bytes).write(to: URL(filePath: data.database.string))
            do {
                _ = try await salvage()
                salvaged += 1
                try await expectPromises()
            } catch is SalvageError {
            } catch is StoreError {
            }
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: data.database.string + suffix)
            }
        }
        #expect(salvaged > 0)
    }
}
