import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

@testable import P2PNode

/// What of the stored logs need not be kept any more, and what remains of it.
@Suite struct LogCompactionTests {
    private let world: ElectionWorld
    private let committee: Committee
    /// Entries of epochs 1, 2 and 3, by member: 6, 4 and 5, member 4's without those of epoch 3.
    private let logs: [[SignedObject]]
    private let list: AttestedLogs
    private let anchor: ProofAnchor

    init() throws {
        world = try ElectionWorld()
        committee = try Committee(Roster(epoch: Epoch(3), members: world.record.roster.members))
        var logs: [[SignedObject]] = []
        for member in committee.indices {
            var log: [SignedObject] = []
            for (epoch, count) in [(1, 6), (2, 4), (3, member == MemberIndex(4) ? 0 : 5)] {
                for _ in 0..<count { log.append(Self.next(log, by: member, Epoch(UInt64(epoch)), world)) }
            }
            logs.append(log)
        }
        self.logs = logs
        list = AttestedLogs(
            epoch: Epoch(3),
            number: 7,
            previous: Digest([UInt8](repeating: 1, count: 32))!,
            logs: SSZList(zip(committee.indices, logs).map { Self.checkpoint(of: $0, Array($1.prefix(13))) })!
        )
        anchor = try world.anchor(list)
    }

    private static func next(
        _ log: [SignedObject],
        by member: MemberIndex,
        _ epoch: Epoch,
        _ world: ElectionWorld
    ) -> SignedObject {
        let entry = Primitives.LogEntry(
            previous: log.last?.hashTreeRoot() ?? Digest(),
            topic: LogTopic.absent.rawValue,
            body: ByteList([UInt8(member.rawValue), UInt8(log.count)])!
        )
        let object = Object(
            epoch: epoch,
            author: member,
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: UInt64(log.count + 1)),
            payload: ByteList(entry.sszBytes)!
        )
        let root = SigningRoot(of: object, in: SigningDomains(world.record.deployment))
        return SignedObject(object: object, signature: world.identities[member.offset].sign(root))
    }

    private static func checkpoint(of member: MemberIndex, _ entries: [SignedObject]) -> Checkpoint {
        Checkpoint(
            epoch: Epoch(3),
            author: member,
            size: UInt64(entries.count),
            root: LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }).root,
            head: entries.last?.hashTreeRoot() ?? Digest()
        )
    }

    private func identity(_ number: Int) -> Identity { committee[MemberIndex(number)]!.identity }

    private func fill(_ store: any Store) async throws {
        for (member, entries) in zip(committee.indices, logs) {
            try await store.commit(
                entries.map { entry in
                    .appendToLog(
                        StoredLogEntry(
                            author: identity(Int(member.rawValue)),
                            sequence: entry.object.order.sequence,
                            epoch: entry.object.epoch,
                            digest: entry.hashTreeRoot(),
                            bytes: entry.sszBytes
                        )
                    )
                }
            )
        }
    }

    private func starts(
        _ store: any Store,
        keeping epochs: UInt64?,
        _ list: AttestedLogs? = nil,
        of committee: Committee? = nil
    ) async throws -> [LogStart] {
        try await LogCompaction(
            store: store,
            committee: committee ?? self.committee,
            list: list ?? self.list,
            signature: anchor.signature,
            keptEpochs: epochs
        ).starts()
    }

    private func cut(_ store: any Store, _ starts: [LogStart]) async throws {
        let peer = PeerStore(store: store, committee: committee)
        for start in starts {
            let author = identity(Int(start.author.rawValue))
            try await store.commit(peer.writes(for: .log(.start(of: author, start))))
        }
        while let author = try await store.unsweptLog() {
            try await store.commit([.sweepLog(author, limit: 2)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `of epochs that need not be kept the last entry remains`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            #expect(try await starts(store, keeping: nil).isEmpty)
            #expect(try await starts(store, keeping: 2).isEmpty)
            #expect(try await starts(store, keeping: 3).isEmpty)
            let found = try await starts(store, keeping: 1)
            #expect(found.map(\.first) == [6, 6, 6, 6])
            #expect(found.allSatisfy { $0.isSound(in: committee) && $0.entry.object.epoch == Epoch(1) })
            #expect(found.map(\.treeBefore?.size) == [5, 5, 5, 5])
            try await cut(store, found)
            #expect(try await starts(store, keeping: 1).isEmpty)
            let kept = try await store.logEntries(of: identity(1), from: 1, limit: 99, byteLimit: 1 << 20)
            #expect(try kept.map { try SignedObject(ssz: $0.bytes) } == Array(logs[0][5...]))
        }
    }

    @Test func `an entry of the present epoch is never cut, nor one that is not attested`() async throws {
        let store = MemoryStore()
        try await fill(store)
        // Nothing beside the present epoch: what no operator may choose, and the most that could be cut.
        #expect(try await starts(store, keeping: 0).map(\.first) == [10, 10, 10, 10])
        var short = list
        short.logs = SSZList(
            zip(committee.indices, logs).map { Self.checkpoint(of: $0, Array($1.prefix(8))) }
        )!
        #expect(try await starts(store, keeping: 0, short).map(\.first) == [8, 8, 8, 8])
    }

    @Test func `a list that is not what the own copy comes to cuts nothing`() async throws {
        let store = MemoryStore()
        try await fill(store)
        var other = list
        var logs = other.logs.elements
        logs[1].root = Digest()
        logs[2].size = 99
        other.logs = SSZList(logs)!
        #expect(try await starts(store, keeping: 1, other).map(\.author) == [MemberIndex(1), MemberIndex(4)])
        // Neither does the list of another epoch.
        let later = try Committee(Roster(epoch: Epoch(4), members: world.record.roster.members))
        #expect(try await starts(store, keeping: 1, of: later).isEmpty)
    }

    @Test func `a forked log stays whole`() async throws {
        let store = MemoryStore()
        try await fill(store)
        let fork = StoredLogEntry(
            author: identity(2),
            sequence: 15,
            epoch: Epoch(3),
            digest: Digest(),
            bytes: logs[1][14].sszBytes
        )
        try await store.commit([.keepFork(fork)])
        #expect(try await starts(store, keeping: 1).map(\.author.rawValue) == [1, 3, 4])
    }

    @Test func `what is cut is shown anew under the list of a later epoch, and cut further`() async throws {
        let store = MemoryStore()
        try await fill(store)
        try await cut(store, try await starts(store, keeping: 1))
        let later = try Committee(Roster(epoch: Epoch(4), members: world.record.roster.members))
        var next = list
        next.epoch = Epoch(4)
        next.logs = SSZList(
            list.logs.map { log in
                var log = log
                log.epoch = Epoch(4)
                return log
            }
        )!
        let anew = try await starts(store, keeping: nil, next, of: later)
        #expect(anew.map(\.first) == [6, 6, 6, 6] && anew.allSatisfy { $0.isSound(in: later) })
        let further = try await starts(store, keeping: 1, next, of: later)
        #expect(further.map(\.first) == [10, 10, 10, 10] && further.allSatisfy { $0.isSound(in: later) })
    }

    @Test(arguments: StoreKind.allCases)
    func `a node begins with what is left, and where it begins`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let found = try await starts(store, keeping: 1)
            try await cut(store, found)
            let peer = PeerStore(store: store, committee: committee)
            let beginning = try await peer.beginning(membersHash: Digest(), firstView: View(1))
            for log in beginning.logs {
                let number = try #require(committee.index(of: log.author)?.offset)
                #expect(log.start == found[number] && log.epoch == logs[number].last?.object.epoch)
                #expect(log.tree == LogTree(logs[number].map { LogTree.leaf($0.hashTreeRoot()) }))
            }
            #expect(beginning.entries.count == 15)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `entries that remain are proven as before, and of others it is said where they are`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await fill(store)
            try await cut(store, try await starts(store, keeping: 1))
            for (place, log) in logs.enumerated() {
                let tree = StoredLogTree(
                    store: store,
                    author: identity(place + 1),
                    start: try await store.logStarts().first { $0.author == identity(place + 1) }
                )
                let checkpoint = list.logs[place]
                for index in 5..<checkpoint.size {
                    let path = try #require(try await tree.path(of: index, in: checkpoint.size))
                    let proof = InclusionProof(index: index, size: checkpoint.size, path: SSZList(path)!)
                    let leaf = LogTree.leaf(log[Int(index)].hashTreeRoot())
                    #expect(proof.holds(for: leaf, in: checkpoint.root), "\(place) \(index)")
                }
                #expect(try await tree.path(of: 4, in: checkpoint.size) == nil)
            }
            let archive = ProofArchive(
                store: store,
                eras: [ProofEra(committee: world.record, newest: anchor.place, record: nil)]
            )
            guard case .failure(let refusal) = try await archive.bundle(of: MemberIndex(2), 5) else {
                return #expect(Bool(false))
            }
            #expect(
                refusal.reason.contains("entries 1 to 5 of member 2's log")
                    && refusal.reason.contains("logs.keepEpochs")
            )
        }
    }
}
