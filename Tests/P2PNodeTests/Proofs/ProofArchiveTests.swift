import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives
import Testing

@testable import P2PNode

/// What a node finds in its store to prove an entry.
@Suite struct ProofArchiveTests {
    private let world: ProofWorld
    private let store = MemoryStore()

    init() throws {
        world = try ProofWorld()
    }

    /// Stores all logs, and behind them what the leader proposed and the coordinator found.
    private func fill(forging: Bool = false) async throws {
        let elections = world.elections
        for (member, entries) in zip(elections.committee.indices, world.logs) {
            var entries = entries
            func say(_ topic: LogTopic, _ body: [UInt8]) {
                let place = UInt64(entries.count + 1)
                let previous = entries[entries.count - 1].hashTreeRoot()
                entries.append(elections.entry(topic, body, by: member, at: place, after: previous))
            }
            if member == MemberIndex(1) {
                var forged = world.anchor
                forged.signature[40] ^= 1
                if forging { say(.proofAnchor, forged.sszBytes) }
                say(.attestedLogs, world.list.sszBytes)
            }
            if member == MemberIndex(3), !forging { say(.proofAnchor, world.anchor.sszBytes) }
            let identity = try #require(elections.committee[member]).identity
            try await store.commit(
                entries.map { .appendToLog($0.stored(of: identity)) }
            )
        }
    }

    private func archive(_ newest: LatestProof? = nil, _ record: ProofAnchorRecord? = nil) -> ProofArchive {
        ProofArchive(
            store: store,
            eras: [ProofEra(committee: world.record, newest: newest ?? world.anchor.place, record: record)]
        )
    }

    private func reason(_ result: Result<ProofBundle, ProofRefusal>) -> String {
        if case .failure(let refusal) = result { refusal.reason } else { "" }
    }

    @Test func `an anchored entry is found with all that proves it`() async throws {
        try await fill()
        for member in world.elections.committee.indices {
            for sequence in 1...(3 + UInt64(member.rawValue)) {
                let bundle = try await archive().bundle(of: member, sequence).get()
                let verdict = ProofVerdict(on: bundle, by: world.record)
                #expect(verdict.isValid, "\(verdict.text)")
                #expect(verdict.finding?.id == "\(member):\(sequence)")
            }
        }
    }

    @Test func `the place on the chain is told where the node has seen the anchor come`() async throws {
        try await fill(forging: true)
        let record = ProofAnchorRecord(anchor: world.anchor, block: 77, transaction: SHA256.hash([1]))
        let bundle = try await archive(nil, record).bundle(of: MemberIndex(1), 1).get()
        #expect(bundle.place == ProofBundle.Place(block: 77, transaction: SHA256.hash([1])))
        #expect(ProofVerdict(on: bundle, by: world.record).isValid)
    }

    @Test func `a signature that somebody has made up is not taken for the group's`() async throws {
        try await fill(forging: true)
        let refused = reason(try await archive().bundle(of: MemberIndex(1), 1))
        #expect(refused.contains("does not hold the list and signature of anchor 1"))
    }

    @Test func `an entry that is not there, not anchored yet, or of nobody is refused with the reason`()
        async throws
    {
        #expect(reason(try await archive().bundle(of: MemberIndex(1), 1)).contains("holds no entry 1"))
        try await fill()
        #expect(reason(try await archive().bundle(of: MemberIndex(9), 1)).contains("no member 9"))
        #expect(reason(try await archive().bundle(of: MemberIndex(2), 99)).contains("holds no entry 99"))
        #expect(
            reason(try await archive().bundle(of: MemberIndex(2), 6)).contains(
                "covers 5 entries of member 2's log"
            )
        )
        #expect(
            reason(try await archive(LatestProof.none).bundle(of: MemberIndex(2), 1)).contains(
                "no anchor of the logs"
            )
        )
    }

    @Test func `the list names the newest entries of each log and which are anchored`() async throws {
        try await fill()
        let items = try await archive().list(2, of: MemberIndex(2))
        #expect(items.map(\.id) == ["2:5", "2:6"])
        #expect(items.map(\.anchor) == [1, nil])
        #expect(items.map(\.topic) == ["absent", "absent"])
        let all = try await archive().list(200, of: nil)
        #expect(all.count == 28)
        #expect(all.count { $0.anchor == 1 } == 22)
        #expect(try await archive(LatestProof.none).list(200, of: nil).allSatisfy { $0.anchor == nil })
    }

    @Test func `of what members publish the newest is found among all else, with its title`() async throws {
        try await fill()
        let elections = world.elections
        var entries = world.logs[1]
        func say(_ topic: LogTopic, _ body: [UInt8]) {
            let place = UInt64(entries.count + 1)
            let previous = entries[entries.count - 1].hashTreeRoot()
            entries.append(elections.entry(topic, body, by: MemberIndex(2), at: place, after: previous))
        }
        for number in 1...3 as ClosedRange<UInt64> {
            let publication = Publication(
                time: UnixMilliseconds(rawValue: number),
                title: ByteList(Array("number \(number)\u{1b}".utf8))!,
                content: ByteList([1, 2, 3])!
            )
            say(.publication, publication.sszBytes)
            for _ in 0..<300 { say(.absent, [1]) }
        }
        say(.publication, [9])
        let identity = try #require(elections.committee[MemberIndex(2)]).identity
        try await store.commit(
            entries.dropFirst(world.logs[1].count).map { .appendToLog($0.stored(of: identity)) }
        )
        let newest = try await archive().list(2, of: nil, published: true)
        #expect(newest.map(\.id) == ["2:308", "2:609"])
        #expect(newest.map(\.title) == ["number 2\\u{1b}", "number 3\\u{1b}"])
        #expect(newest.map(\.time) == [2, 3])
        #expect(newest.map(\.size) == [3, 3])
        #expect(newest.map(\.anchor) == [nil, nil])
        #expect(try await archive().list(9, of: MemberIndex(2), published: true).count == 3)
        #expect(try await archive().list(9, of: MemberIndex(1), published: true).isEmpty)
        #expect(try await archive().list(2, of: MemberIndex(2)).map(\.id) == ["2:909", "2:910"])
    }

    @Test func `an entry is covered by the newest anchor as far as its log's size reaches`() async throws {
        try await fill()
        #expect(try await archive().covering(MemberIndex(2), 5)?.place == world.anchor.place)
        #expect(try await archive().covering(MemberIndex(2), 6) == nil)
        #expect(try await archive(LatestProof.none).covering(MemberIndex(2), 1) == nil)
    }

    // MARK: Earlier epochs

    /// The committee of epoch 2, with another key: members 2 and 4 of the first one, and two who are new.
    private func successor() throws -> (ElectionWorld, CommitteeRecord) {
        let other = try ElectionWorld(seed: 8)
        var record = other.record
        let (old, new) = (world.record.roster.members, other.record.roster.members)
        let members = SSZList<Member, 128>([new[0], old[3], new[1], old[1]])!
        record.roster = Roster(epoch: Epoch(2), members: members)
        record.membersHash = RegistryMembers.hash(members)
        return (other, record)
    }

    /// What member 2 says in epoch 2, where it is the fourth.
    private func saidLater(count: UInt64) -> [SignedObject] {
        var entries = world.logs[1]
        for place in 7..<7 + count {
            let previous = entries[entries.count - 1].hashTreeRoot()
            var signed = world.elections.entry(
                .absent,
                [1],
                by: MemberIndex(4),
                at: place,
                after: previous
            )
            signed.object.epoch = Epoch(2)
            let root = SigningRoot(of: signed.object, in: SigningDomains(world.record.deployment))
            entries.append(
                SignedObject(object: signed.object, signature: world.elections.identities[1].sign(root))
            )
        }
        return Array(entries.dropFirst(6))
    }

    @Test func `what only an earlier epoch's anchor covers is shown by that epoch's committee and key`()
        async throws
    {
        try await fill()
        let (_, later) = try successor()
        let identity = world.record.roster.members[1].identity
        // More than is searched for a list from the end of a log.
        try await store.commit(saidLater(count: 400).map { .appendToLog($0.stored(of: identity)) })
        let record = ProofAnchorRecord(anchor: world.anchor, block: 77, transaction: SHA256.hash([1]))
        let archive = ProofArchive(
            store: store,
            eras: [
                // The chain's newest anchor is still the first epoch's.
                ProofEra(committee: later, newest: world.anchor.place, record: nil),
                ProofEra(committee: world.record, newest: world.anchor.place, record: record),
            ]
        )
        let bundle = try await archive.bundle(of: MemberIndex(4), 3).get()
        #expect(bundle.author == MemberIndex(2) && bundle.committee == world.record)
        #expect(bundle.place?.block == 77)
        #expect(ProofVerdict(on: bundle, by: world.record).isValid)
        let refused = ProofVerdict(on: bundle, by: later)
        #expect(refused.reason?.contains("of epoch 1, the given record of 2") == true)
        // Who is a member no more is named by the epoch in which it was one.
        let former = try await archive.bundle(of: MemberIndex(3), 3, in: Epoch(1)).get()
        #expect(ProofVerdict(on: former, by: world.record).finding?.id == "3:3")
        #expect(reason(try await archive.bundle(of: MemberIndex(3), 3)).contains("holds no entry 3"))
        #expect(reason(try await archive.bundle(of: MemberIndex(1), 3, in: Epoch(9))).contains("that epoch"))
        #expect(
            reason(try await archive.bundle(of: MemberIndex(4), 9)).contains(
                "covers 5 entries of member 2's log"
            )
        )
        let items = try await archive.list(200, of: nil)
        #expect(items.filter { $0.anchor == 1 }.map(\.id).contains("2:7"))
        #expect(try await archive.list(3, of: MemberIndex(4)).map(\.anchor) == [nil, nil, nil])
    }

    @Test func `once the new epoch has an anchor that is what shows an entry`() async throws {
        try await fill()
        let (other, later) = try successor()
        let identity = world.record.roster.members[1].identity
        var entries = saidLater(count: 2)
        let all = world.logs[1] + entries
        let list = AttestedLogs(
            epoch: Epoch(2),
            number: 2,
            previous: world.anchor.root,
            logs: SSZList([
                Checkpoint(
                    epoch: Epoch(2),
                    author: MemberIndex(4),
                    size: 8,
                    root: LogTree(all.map { LogTree.leaf($0.hashTreeRoot()) }).root,
                    head: all[7].hashTreeRoot()
                )
            ])!
        )
        let anchor = try other.anchor(list)
        for (place, said) in zip(
            9...10 as ClosedRange<UInt64>,
            [(LogTopic.attestedLogs, list.sszBytes), (.proofAnchor, anchor.sszBytes)]
        ) {
            entries.append(
                world.elections.entry(
                    said.0,
                    said.1,
                    by: MemberIndex(4),
                    at: place,
                    after: entries[entries.count - 1].hashTreeRoot()
                )
            )
        }
        try await store.commit(entries.map { .appendToLog($0.stored(of: identity)) })
        let archive = ProofArchive(
            store: store,
            eras: [
                ProofEra(committee: later, newest: anchor.place, record: nil),
                ProofEra(committee: world.record, newest: world.anchor.place, record: nil),
            ]
        )
        for sequence in [1, 8] as [UInt64] {
            let bundle = try await archive.bundle(of: MemberIndex(4), sequence).get()
            #expect(bundle.logs.number == 2 && bundle.committee == later)
            #expect(ProofVerdict(on: bundle, by: later).isValid)
        }
        // Of a member that the new list leaves out the old one shows what it said.
        let older = try await archive.bundle(of: MemberIndex(2), 3).get()
        #expect(older.logs.number == 1 && older.author == MemberIndex(4))
    }

    @Test(arguments: ["1:1", "128:18446744073709551615"])
    func `an id names a member and a place`(id: String) {
        #expect(ProofItem.parts(of: id) != nil)
    }

    @Test(arguments: ["", "1", "1:", ":1", "0:1", "1:0", "01:1", "1:1:1", "+1:1", "1:-1", " 1:1"])
    func `anything else is no id`(id: String) {
        #expect(ProofItem.parts(of: id) == nil)
    }
}
