import Consensus
import Cryptography
import Ethereum
import Foundation
import Gossip
import Peer
import Primitives
import SystemPackage
import Testing

@testable import P2PNode

/// Members' logs as a file: written from a directory, checked without one, brought into another.
@Suite struct LogFileTests {
    private let world: ProofWorld
    private let directory: TemporaryDirectory
    private let other: TemporaryDirectory
    private let file: FilePath

    init() throws {
        world = try ProofWorld()
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
        file = directory.path.appending("logs.bin")
    }

    private func identity(_ member: Int) -> Identity { world.record.roster.members[member - 1].identity }

    /// All logs, and in member 3's the list and its signature.
    private func logs(list: AttestedLogs? = nil) -> [[SignedObject]] {
        var logs = world.logs
        for (topic, body) in [
            (LogTopic.attestedLogs, (list ?? world.list).sszBytes), (.proofAnchor, world.anchor.sszBytes),
        ] {
            logs[2].append(next(after: logs[2], topic, body, by: 3))
        }
        return logs
    }

    private func next(
        after entries: [SignedObject],
        _ topic: LogTopic,
        _ body: [UInt8],
        by member: UInt16
    ) -> SignedObject {
        world.elections.entry(
            topic,
            body,
            by: MemberIndex(rawValue: member),
            at: UInt64(entries.count + 1),
            after: entries.last?.hashTreeRoot() ?? Digest()
        )
    }

    private var epoch: RememberedEpoch {
        RememberedEpoch(record: world.record, block: .init(number: 1, hash: Digest()))
    }

    /// A directory with logs and the committee, or without the committee.
    private func fill(
        _ directory: TemporaryDirectory,
        _ logs: [[SignedObject]],
        knowing: Bool = true
    ) async throws {
        let store = try SQLiteStore(in: directory.data)
        var writes: [StoreWrite] = []
        if knowing {
            writes.append(.setState("chain.epoch", VersionedBytes(version: 1, bytes: epoch.sszBytes)))
        }
        for (member, entries) in logs.enumerated() {
            writes += entries.map { .appendToLog($0.stored(of: identity(member + 1))) }
        }
        try await store.commit(writes)
        try store.close()
    }

    private func export(member: UInt16? = nil) async throws {
        try await LogExport(of: directory.data, member: member).write(to: file)
    }

    private func report(_ record: CommitteeRecord? = nil) throws -> LogFileReport {
        try LogFileReport(on: file, by: record)
    }

    /// Writes a file of these logs without a directory.
    private func write(_ logs: [[SignedObject]], _ records: [CommitteeRecord]? = nil) throws {
        let file = try FileDescriptor.open(
            file,
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        try file.closeAfter {
            var writer = try LogFileWriter(file, of: world.record.deployment, records ?? [world.record])
            for (member, entries) in logs.enumerated() where !entries.isEmpty {
                try writer.begin(identity(member + 1))
                try writer.write(entries)
            }
            try writer.finish()
        }
    }

    private func change(_ body: (inout [UInt8]) -> Void) throws {
        let url = URL(filePath: file.string)
        var bytes = [UInt8](try Data(contentsOf: url))
        body(&bytes)
        try Data(bytes).write(to: url)
    }

    // MARK: Export and verification

    @Test func `all logs come out as they were signed, with what they come to and what attests them`()
        async throws
    {
        try await fill(directory, logs())
        try await export()
        let report = try report(world.record)
        #expect(report.logs.map(\.member).sorted() == [1, 2, 3, 4])
        for log in report.logs {
            let entries = logs()[Int(log.member) - 1]
            #expect(log.first == 1 && log.last == UInt64(entries.count))
            #expect(log.root == "\(LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }).root)")
            #expect(log.attested == UInt64(world.logs[Int(log.member) - 1].count - 1))
        }
        #expect(report.attestation?.number == 1)
        #expect(report.attestation?.root == "\(world.anchor.root)")
        #expect(!FileManager.default.fileExists(atPath: file.string + ".new"))
    }

    @Test func `a node that runs is no hindrance, and the log of one member is enough`() async throws {
        try await fill(directory, logs())
        let running = try SQLiteStore(in: directory.data)
        try await export(member: 2)
        let report = try report()
        #expect(report.logs.map(\.member) == [2])
        #expect(report.attestation == nil && !report.isCommitteeGiven)
        // The node goes on writing as before.
        _ = try await running.beginIncarnation()
        try running.close()
        let error = await #expect(throws: LogFileError.self) { try await export(member: 9) }
        #expect(error?.description.contains("no member 9") == true)
    }

    @Test func `a directory without a committee, or without a database, says so`() async throws {
        try await fill(directory, logs(), knowing: false)
        let error = await #expect(throws: LogFileError.self) { try await export() }
        #expect(error?.description.contains("knows no committee") == true)
        await #expect(throws: StoreError.self) {
            try await LogExport(of: other.data, member: nil).write(to: file)
        }
        let database = try other.data.database.string
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test func `a log of thousands of entries is written and read in blocks`() async throws {
        var entries: [SignedObject] = []
        for _ in 0..<1_500 { entries.append(next(after: entries, .absent, [1, 2], by: 1)) }
        try write([entries])
        let report = try report()
        #expect(report.logs.map(\.last) == [1_500])
    }

    @Test(
        arguments: [
            ("a signature", "its signature is not its author's"),
            ("a gap", "it follows entry 2"),
            ("another predecessor", "names another entry before it"),
            ("another author", "is somebody else"),
            ("an unknown epoch", "the committee of epoch 9 is not known"),
            ("a kind", "it is no entry of a log"),
            ("a list", "are not those that list 1 attests"),
            ("a member's log twice", "is there twice"),
        ]
    )
    func `names the first entry that does not hold`(_ what: String, _ words: String) throws {
        var all = logs()
        switch what {
        case "a signature": all[1][2].signature[3] ^= 1
        case "a gap": all[1].remove(at: 2)
        case "another predecessor":
            all[1][2] = world.elections.entry(.absent, [1], by: MemberIndex(2), at: 3, after: Digest())
        case "another author":
            all[1][2] = world.elections.entry(
                .absent,
                [1],
                by: MemberIndex(3),
                at: 3,
                after: all[1][1].hashTreeRoot()
            )
        case "an unknown epoch": all[1][2].object.epoch = Epoch(9)
        case "a kind": all[1][2].object.kind = .heartbeat
        case "a list":
            // Another history of the same length, as whole in itself as the one that was attested.
            var entries: [SignedObject] = []
            for _ in all[1] { entries.append(next(after: entries, .absent, [9], by: 2)) }
            all[1] = entries
        default: break
        }
        try write(all)
        if what == "a member's log twice" {
            let file = try FileDescriptor.open(file, .writeOnly, options: [.truncate])
            try file.closeAfter {
                var writer = try LogFileWriter(file, of: world.record.deployment, [world.record])
                for _ in 0..<2 {
                    try writer.begin(identity(2))
                    try writer.write(all[1])
                }
                try writer.finish()
            }
        }
        let error = #expect(throws: LogFileError.self) { try report() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `a file of another committee or registry than the given record's is refused`() throws {
        try write(logs())
        var record = world.record
        record.groupKey = try ElectionWorld(seed: 8).record.groupKey
        #expect(throws: LogFileError.self) { try report(record) }
        record = world.record
        record.deployment.chainId = 5
        #expect(throws: LogFileError.self) { try report(record) }
    }

    @Test func `a list that the group has not signed attests nothing`() throws {
        var forged = world.list
        forged.logs = SSZList(Array(forged.logs.prefix(2)))!
        try write(logs(list: forged))
        let report = try report()
        #expect(report.attestation == nil)
        #expect(report.logs.allSatisfy { $0.attested == nil })
    }

    @Test func `a byte that was changed, or is missing, or too many, is noticed wherever it is`() async throws
    {
        try write(logs())
        let whole = [UInt8](try Data(contentsOf: URL(filePath: file.string)))
        var random = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let place = Int(random.next() % UInt64(whole.count))
            try change {
                $0 = whole; $0[place] ^= UInt8(1 + random.next() % 255)
            }
            #expect(throws: LogFileError.self, "byte \(place)") { try report() }
        }
        for count in [0, 5, 13, 14, 200, whole.count - 1] {
            try change { $0 = Array(whole.prefix(count)) }
            #expect(throws: LogFileError.self, "\(count) bytes") { try report() }
        }
        try change { $0 = whole + [0] }
        #expect(throws: LogFileError.self) { try report() }
        try change { $0 = whole }
        _ = try report()
    }

    @Test func `a block that claims to be endless takes no memory`() throws {
        try write(logs())
        try change { bytes in
            // The length of the first block.
            for offset in 14...17 { bytes[offset] = 0xff }
        }
        let error = #expect(throws: LogFileError.self) { try report() }
        #expect(error?.description.contains("a block of 4294967295 bytes") == true)
    }

    // MARK: Import

    private func bring(_ record: CommitteeRecord? = nil) async throws -> [LogImport.Outcome] {
        var work = try await LogImport(into: other.data, by: record)
        let outcomes = try await work.run(from: file)
        try work.close()
        return outcomes
    }

    private func held() async throws -> [Int] {
        let store = try SQLiteStore(reading: other.data)
        let heads = try await store.logHeads()
        return (1...4).map { member in
            heads.first { $0.author == identity(member) }.map { Int($0.sequence) } ?? 0
        }
    }

    @Test func `what goes on from what is held is taken, and the next time there is nothing to take`()
        async throws
    {
        try write(logs())
        try await fill(other, [[], Array(world.logs[1].prefix(4)), [], world.logs[3]])
        let first = try await bring()
        #expect(first.map(\.held) == [0, 4, 0, 8])
        #expect(first.map(\.taken) == [5, 2, 9, 0])
        #expect(first.allSatisfy { $0.reason == nil && $0.fork == nil })
        #expect(try await held() == [5, 6, 9, 8])
        #expect(try await bring().map(\.taken) == [0, 0, 0, 0])
        // The store checks its own trees when the next entry comes.
        let store = try SQLiteStore(in: other.data)
        let more = next(after: logs()[2], .absent, [1], by: 3)
        try await store.commit([.appendToLog(more.stored(of: identity(3)))])
        try store.close()
    }

    @Test func `a new directory takes all by a given record, and nothing without`() async throws {
        try write(logs())
        await #expect(throws: LogFileError.self) { try await bring() }
        let taken = try await bring(world.record).map(\.taken)
        #expect(taken == [5, 6, 9, 8])
    }

    @Test func `while a node runs nothing is taken`() async throws {
        try write(logs())
        try await fill(other, [])
        let running = try SQLiteStore(in: other.data)
        await #expect(throws: DataDirectoryError.self) { try await bring() }
        try running.close()
    }

    @Test func `an author that has signed two histories is named, with the proof kept`() async throws {
        var rival = Array(world.logs[1].prefix(3))
        rival.append(next(after: rival, .absent, [77], by: 2))
        rival.append(next(after: rival, .absent, [78], by: 2))
        try await fill(other, [[], Array(world.logs[1].prefix(4)), [], []])
        try write([[], rival, [], world.logs[3]])
        let outcomes = try await bring()
        #expect(outcomes.map(\.fork) == [4, nil])
        #expect(outcomes[0].reason?.contains("two histories at entry 4") == true)
        #expect(try await held() == [0, 4, 0, 8])
        let store = try SQLiteStore(reading: other.data)
        #expect(try await store.forks(of: identity(2)).map(\.sequence) == [4])
        let peers = PeerStore(store: store, committee: world.elections.committee)
        let beginning = try await peers.beginning(membersHash: Digest(), firstView: View(1))
        #expect(beginning.logs.filter { $0.fork != nil }.map(\.author) == [identity(2)])
        #expect(try await bring()[0].reason?.contains("two histories already") == true)
    }

    @Test func `a successor of another entry is a second history too`() async throws {
        var rival = Array(world.logs[1].prefix(3))
        rival.append(next(after: rival, .absent, [77], by: 2))
        rival.append(next(after: rival, .absent, [78], by: 2))
        try await fill(other, [[], Array(world.logs[1].prefix(4)), [], []])
        try write([[], Array(rival.suffix(1)), [], []])
        #expect(try await bring().map(\.fork) == [5])
    }

    @Test func `what nobody has signed frames nobody, and nothing after it is taken`() async throws {
        var forged = world.logs[1]
        forged[3].signature[1] ^= 1
        forged[5].signature[1] ^= 1
        try await fill(other, [[], Array(world.logs[1].prefix(4)), [], []])
        try write([[], forged, [], []])
        let outcomes = try await bring()
        #expect(outcomes.map(\.fork) == [nil])
        #expect(outcomes[0].reason?.contains("entry 4") == true)
        #expect(outcomes[0].reason?.contains("its signature is not its author's") == true)
        try write([[], Array(world.logs[1].prefix(5)) + [forged[5]], [], []])
        #expect(try await bring()[0].reason?.contains("entry 6") == true)
        #expect(try await held() == [0, 5, 0, 0])
    }

    @Test func `a gap, a stranger and another registry are refused with the reason`() async throws {
        try await fill(other, [[], Array(world.logs[1].prefix(2)), [], []])
        try write([[], Array(world.logs[1].suffix(3)), [], []])
        #expect(try await bring()[0].reason?.contains("those from 3 on are missing") == true)
        let stranger = try ProofWorld(seed: 8)
        let file = try FileDescriptor.open(file, .writeOnly, options: [.truncate])
        try file.closeAfter {
            var writer = try LogFileWriter(file, of: world.record.deployment, [stranger.record])
            try writer.begin(stranger.record.roster.members[0].identity)
            try writer.write(stranger.logs[0])
            try writer.finish()
        }
        #expect(try await bring()[0].reason?.contains("of no member that is known here") == true)
        var record = world.record
        record.deployment.chainId = 5
        await #expect(throws: LogFileError.self) { try await bring(record) }
    }
}
