import Primitives

@testable import Gossip

/// Logs of a committee of epoch 3 that go on from epochs 1 and 2, and what the group attests of them.
struct PastLogs {
    /// The committee of epoch 3.
    let cast = TestCommittee(size: 4, epoch: 3)
    /// The same members in the epochs before.
    let past = [1, 2].map { TestCommittee(size: 4, epoch: $0).committee }
    /// The entries of each member's log, by offset: 10 of epoch 1, 3 of epoch 2, 4 of epoch 3.
    private(set) var logs: [[SignedObject]] = []
    /// All but the last entry of each.
    private(set) var list: AttestedLogs

    init() {
        list = AttestedLogs(
            epoch: Epoch(3),
            number: 9,
            previous: Digest([UInt8](repeating: 1, count: 32))!,
            logs: SSZList()
        )
        for author in cast.committee.indices {
            var log: [SignedObject] = []
            for (epoch, count) in [(1, 10), (2, 3), (3, 4)] {
                for _ in 0..<count {
                    log.append(
                        cast.entry(
                            after: log,
                            by: author,
                            body: [UInt8(log.count)],
                            epoch: Epoch(UInt64(epoch))
                        )
                    )
                }
            }
            logs.append(log)
        }
        list.logs = SSZList(
            zip(cast.committee.indices, logs).map { author, log in
                let attested = log.dropLast()
                return Checkpoint(
                    epoch: Epoch(3),
                    author: author,
                    size: UInt64(attested.count),
                    root: Self.root(attested),
                    head: attested.last!.hashTreeRoot()
                )
            }
        )!
    }

    static func root(_ entries: some Sequence<SignedObject>) -> Digest {
        LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }).root
    }

    func identity(_ author: Int) -> Identity { cast.identity(of: MemberIndex(author)) }

    /// That a member's log begins at a place, 10 being the last of epoch 1 and 13 that of epoch 2.
    func start(of author: Int, at first: Int = 10, in list: AttestedLogs? = nil) -> LogStart {
        let list = list ?? self.list
        let log = logs[author - 1]
        let size = list[MemberIndex(author)]!.size
        let proof = InclusionProof(of: UInt64(first - 1), in: size) { range in
            Self.root(log[Int(range.lowerBound)..<Int(range.upperBound)])
        }
        return LogStart(
            author: MemberIndex(author),
            list: list,
            signature: TestKey().signature(of: list),
            entry: log[first - 1],
            path: proof!.path
        )
    }

    /// The store of a member that has all logs, those named cut before entry 10.
    func store(cut: [Int] = []) -> TestStore {
        var store = TestStore()
        for author in 1...4 {
            store.logs[identity(author)] = logs[author - 1]
            if cut.contains(author) { store.persist(.start(of: identity(author), start(of: author))) }
        }
        return store
    }

    /// How far such a store reaches.
    var frontiers: [Frontier] {
        (1...4).map { author in
            let last = logs[author - 1].last!
            return Frontier(author: MemberIndex(author), sequence: 17, head: last.hashTreeRoot())
        }
    }
}

/// A group key whose signatures anyone could make.
struct TestKey: AttestationVerifier {
    var others: [GroupSignature] = []

    func signature(of list: AttestedLogs, salt: UInt8 = 0) -> GroupSignature {
        let root = list.hashTreeRoot().array
        return GroupSignature([salt] + root + root)!
    }

    func judge(_ signature: GroupSignature, of list: AttestedLogs) -> AttestationVerdict {
        if signature == self.signature(of: list) { return .valid }
        return others.contains(signature) ? .otherKey : .invalid
    }
}
