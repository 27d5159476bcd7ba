import Primitives
import Testing

@testable import Gossip

/// Members that keep no entries of epochs long over, and how others go on from where their logs begin.
@Suite struct LogStartTests {
    private let past = PastLogs()

    /// A member of the epoch, linked with 2 and 3, that knows the group key.
    private func member(
        _ own: Int,
        _ store: TestStore = TestStore(),
        wantsAll: Bool = false,
        hasKey: Bool = true,
        knowsPast: Bool = true
    ) -> TestNode {
        var configuration = GossipMachine.Configuration()
        configuration.prefersWholeLogs = wantsAll
        var node = TestNode(
            past.cast,
            own,
            store: store,
            past: knowsPast ? past.past : [],
            configuration: configuration
        )
        if hasKey { node.feed(.groupKeyActivated(TestKey())) }
        for other in 2...3 where other != own { node.linkUp(other) }
        node.sent = []
        node.facts = []
        return node
    }

    /// A member without any entry that has been told how far others' logs reach, and asks 2 for log 4.
    private func newcomer(
        _ own: Int = 1,
        wantsAll: Bool = false,
        hasKey: Bool = true,
        knowsPast: Bool = true,
        of author: Int = 4
    ) -> TestNode {
        var node = member(own, wantsAll: wantsAll, hasKey: hasKey, knowsPast: knowsPast)
        node.receive(frontiers: past.frontiers.filter { $0.author == MemberIndex(author) }, from: 2)
        return node
    }

    private func send(
        _ start: LogStart,
        to node: inout TestNode,
        from member: Int = 2,
        at now: Instant = .start
    ) {
        node.receive(.logStart, start.sszBytes, from: member, at: now)
    }

    private func starts(_ node: inout TestNode) -> [LogStart] {
        node.takeSent().filter { $0.message.type == .logStart }.compactMap {
            try? LogStart(ssz: $0.message.body)
        }
    }

    private func pull(_ author: Int, _ first: UInt64) -> [UInt8] {
        Pull(author: MemberIndex(author), first: first, count: 64).sszBytes
    }

    // MARK: Cutting and serving

    @Test func `who has cut a log says where it begins instead of what is gone`() {
        var node = member(1, past.store(cut: [4]))
        node.receive(.pull, pull(4, 3), from: 2)
        #expect(starts(&node) == [past.start(of: 4)])
        node.receive(.pull, pull(4, 10), from: 2)
        #expect(node.takeSent().ranges.first?.range.entries.elements == Array(past.logs[3][9...]))
        node.receive(.pull, pull(3, 3), from: 2)
        #expect(node.takeSent().ranges.first?.range.entries.elements == Array(past.logs[2][2...]))
    }

    @Test func `says nothing of it without the key, or under an epoch or a key that is over`() {
        var keyless = member(1, past.store(cut: [4]), hasKey: false)
        keyless.receive(.pull, pull(4, 3), from: 2)
        #expect(starts(&keyless).isEmpty && keyless.dropped(.nothingToServe) == 1)

        var store = past.store(cut: [4])
        var old = past.start(of: 4)
        old.signature = TestKey().signature(of: past.list, salt: 1)
        store.starts[past.identity(4)] = old
        var replaced = member(1, store)
        replaced.receive(.pull, pull(4, 3), from: 2)
        #expect(starts(&replaced).isEmpty)

        let next = TestCommittee(size: 4, epoch: 4)
        var later = member(1, past.store(cut: [4]))
        later.feed(.epochStarted(EpochStart(committee: next.committee, own: MemberIndex(1), incarnation: 1)))
        later.feed(.groupKeyActivated(TestKey()))
        later.linkUp(2)
        later.receive(.pull, pull(4, 3), from: 2)
        #expect(starts(&later).isEmpty)
    }

    @Test func `a log is cut where its owner has found, and stays cut after a restart`() {
        var node = member(1, past.store())
        node.feed(.logsCut([past.start(of: 4), past.start(of: 2, at: 13)]))
        #expect(node.store.logs[past.identity(4)]?.first == past.logs[3][9])
        #expect(node.facts.contains(.logBegins(past.start(of: 4))))
        #expect(node.delivered(4).isEmpty)
        var again = member(1, node.store)
        #expect(again.machine.frontierDigest == member(1, past.store()).machine.frontierDigest)
        again.receive(.pull, pull(2, 12), from: 3)
        #expect(starts(&again) == [past.start(of: 2, at: 13)])
        let next = past.cast.entry(after: past.logs[3], by: MemberIndex(4), body: [1])
        again.receive(range: [next], from: 2)
        #expect(again.delivered(4) == [next])
    }

    @Test func `does not cut a forked log, nor beyond what is durable, nor back`() throws {
        var node = member(1, past.store(cut: [4]))
        var store = past.store()
        store.logs[past.identity(3)] = Array(past.logs[2].prefix(9))
        let other = past.cast.entry(after: Array(past.logs[1].prefix(16)), by: MemberIndex(2), body: [99])
        let proof = try #require(Contradiction(past.logs[1][16], other))
        store.forks[past.identity(2)] = proof
        var short = member(1, store)
        short.feed(.logsCut([past.start(of: 3), past.start(of: 2)]))
        #expect(short.store.starts.isEmpty)
        node.feed(.logsCut([past.start(of: 4, at: 9)]))
        #expect(node.store.starts[past.identity(4)] == past.start(of: 4))
    }

    // MARK: Beginning

    @Test func `who was away begins a log where the others' copies begin, and goes on from there`() throws {
        var node = newcomer()
        #expect(node.takeSent().pulls.map(\.pull.first) == [1])
        send(past.start(of: 4), to: &node)
        #expect(node.takeSent().pulls.map(\.pull.first) == [11])
        #expect(node.facts.contains(.logBegins(past.start(of: 4))))
        node.receive(range: Array(past.logs[3][10...]), from: 2)
        #expect(node.delivered(4) == Array(past.logs[3][9...]))
        let last = try #require(node.facts.last)
        guard case .logEntry(let entry) = last else { return #expect(Bool(false)) }
        #expect(entry.checkpoint.root == PastLogs.root(past.logs[3]))
        #expect(node.disconnected.isEmpty && node.penalties.isEmpty)
        // What it has got it can give on, also after a restart.
        var again = member(1, node.store)
        again.receive(.pull, pull(4, 1), from: 3)
        #expect(starts(&again) == [past.start(of: 4)])
        again.receive(.pull, pull(4, 11), from: 3)
        #expect(again.takeSent().ranges.first?.range.entries.elements == Array(past.logs[3][10...]))
    }

    @Test func `a copy that ends before is given up for one that begins later`() {
        var store = TestStore()
        store.logs[past.identity(4)] = Array(past.logs[3].prefix(6))
        var node = member(1, store)
        node.receive(frontiers: past.frontiers.filter { $0.author == MemberIndex(4) }, from: 2)
        #expect(node.takeSent().pulls.map(\.pull.first) == [7])
        send(past.start(of: 4), to: &node)
        node.receive(range: Array(past.logs[3][10...]), from: 2)
        #expect(node.store.logs[past.identity(4)] == Array(past.logs[3][9...]))
    }

    @Test func `a copy that is not the beginning of what the committee attests is kept, and named`() {
        var store = TestStore()
        var other: [SignedObject] = []
        for number in 0..<8 {
            other.append(
                past.cast.entry(
                    after: other,
                    by: MemberIndex(4),
                    body: [200, UInt8(number)],
                    epoch: Epoch(1)
                )
            )
        }
        store.logs[past.identity(4)] = other
        var node = member(1, store)
        node.receive(frontiers: past.frontiers.filter { $0.author == MemberIndex(4) }, from: 2)
        send(past.start(of: 4), to: &node)
        #expect(node.facts.contains(.logDiffers(MemberIndex(4))))
        #expect(node.store.logs[past.identity(4)] == other && node.store.starts.isEmpty)
        #expect(node.disconnected.isEmpty && node.dropped(.conflictingStart) == 1)
    }

    @Test
    func `a newcomer takes entries of epochs whose committee it never knew, as far as they are attested`() {
        var node = newcomer(knowsPast: false)
        send(past.start(of: 4), to: &node)
        node.receive(range: Array(past.logs[3][10..<13]), from: 2)
        #expect(node.delivered(4) == Array(past.logs[3][9..<13]))
        // Without the committee's word nobody says whose entries they are.
        var unknowing = newcomer(knowsPast: false)
        unknowing.receive(range: Array(past.logs[3].prefix(10)), from: 2)
        #expect(unknowing.delivered(4).isEmpty && unknowing.dropped(.otherEpoch) == 10)
    }

    @Test func `who wants whole logs asks everybody before it begins one without its past`() {
        var node = newcomer(wantsAll: true)
        node.receive(frontiers: past.frontiers.filter { $0.author == MemberIndex(4) }, from: 3)
        #expect(node.takeSent().pulls.map(\.to) == [MemberIndex(2)])
        send(past.start(of: 4), to: &node)
        #expect(node.takeSent().pulls.map(\.to) == [MemberIndex(3)])
        #expect(node.store.starts.isEmpty)
        send(past.start(of: 4), to: &node, from: 3)
        #expect(node.store.starts[past.identity(4)] == past.start(of: 4))
        #expect(node.takeSent().pulls.map(\.pull.first) == [11])

        var lucky = newcomer(wantsAll: true)
        lucky.receive(frontiers: past.frontiers.filter { $0.author == MemberIndex(4) }, from: 3)
        send(past.start(of: 4), to: &lucky)
        lucky.receive(range: past.logs[3], from: 3)
        #expect(lucky.delivered(4) == past.logs[3])
    }

    // MARK: What is refused

    /// What a liar may try, each with the offence that it is.
    private func lies() -> [(String, LogStart, Offence)] {
        var lies: [(String, LogStart, Offence)] = []
        func lie(_ name: String, _ offence: Offence = .falseStart, _ change: (inout LogStart) -> Void) {
            var start = past.start(of: 4)
            change(&start)
            lies.append((name, start, offence))
        }
        lie("a signature of nobody") { $0.signature = TestKey().signature(of: past.list, salt: 9) }
        lie("an entry of the epoch") { $0 = past.start(of: 4, at: 15) }
        lie("another entry of the log") { $0.entry = past.logs[3][8] }
        lie("the entry of another log") { $0.entry = past.logs[2][9] }
        lie("the start of another log") {
            $0 = past.start(of: 3)
            $0.author = MemberIndex(4)
        }
        lie("another sibling") { start in
            var path = start.path.elements
            path[0] = Digest()
            start.path = SSZList(path)!
        }
        lie("a short path") { $0.path = SSZList(Array($0.path.dropLast()))! }
        lie("a list of another epoch") { start in
            start.list.epoch = Epoch(2)
            start.list.logs = SSZList(
                start.list.logs.map { log in
                    var log = log
                    log.epoch = Epoch(2)
                    return log
                }
            )!
            start.signature = TestKey().signature(of: start.list)
        }
        lie("a list with another root") { start in
            var logs = start.list.logs.elements
            logs[3].root = Digest()
            start.list.logs = SSZList(logs)!
        }
        lie("an entry that its author never signed") { start in
            // A committee that lies as a whole cannot put words into a member's mouth.
            start.entry = SignedObject(object: start.entry.object, signature: IdentitySignature())
            let leaves = past.logs[3].prefix(16).enumerated().map {
                LogTree.leaf($0 == 9 ? start.entry.hashTreeRoot() : $1.hashTreeRoot())
            }
            var logs = start.list.logs.elements
            logs[3].root = LogTree(leaves).root
            start.list.logs = SSZList(logs)!
            start.signature = TestKey().signature(of: start.list)
            start.path =
                InclusionProof(of: 9, in: 16) { range in
                    LogTree(leaves[Int(range.lowerBound)..<Int(range.upperBound)]).root
                }!.path
        }
        lie("a log of nobody", .badRequest(.logStart)) { $0.author = MemberIndex(9) }
        return lies
    }

    @Test func `a false start is refused, and costs its sender the link`() {
        #expect(lies().count == 11)
        for (name, start, offence) in lies() {
            var node = newcomer()
            send(start, to: &node)
            #expect(node.disconnected.map(\.1) == [offence], "\(name)")
            #expect(node.store.starts.isEmpty && node.delivered(4).isEmpty, "\(name)")
        }
    }

    @Test func `a start that nobody has asked for is dropped`() {
        var node = member(1)
        send(past.start(of: 4), to: &node)
        #expect(node.dropped(.unasked) == 1 && node.disconnected.isEmpty && node.store.starts.isEmpty)
        var asked = newcomer()
        send(past.start(of: 4), to: &asked, from: 3)
        #expect(asked.dropped(.unasked) == 1 && asked.store.starts.isEmpty)
    }

    @Test func `before the key is known nobody is to blame, and nobody is asked without end`() {
        var node = newcomer(hasKey: false)
        #expect(node.takeSent().pulls.count == 1)
        send(past.start(of: 4), to: &node)
        #expect(node.dropped(.keyUnknown) == 1 && node.disconnected.isEmpty && node.store.starts.isEmpty)
        #expect(node.takeSent().pulls.isEmpty)
        node.expire(at: .start.advanced(by: .milliseconds(900)))
        #expect(node.takeSent().pulls.isEmpty)
        node.expire(at: .start.advanced(by: .milliseconds(1_600)))
        #expect(node.takeSent().pulls.count == 1)
        send(past.start(of: 4), to: &node, at: .start.advanced(by: .milliseconds(1_600)))
        node.feed(.groupKeyActivated(TestKey()), at: .start.advanced(by: .milliseconds(1_700)))
        #expect(node.takeSent().pulls.count == 1)
        send(past.start(of: 4), to: &node, at: .start.advanced(by: .milliseconds(1_700)))
        #expect(node.store.starts.count == 1)
    }

    @Test func `a list of another key of the committee is no start, and no offence`() {
        var node = newcomer(hasKey: false)
        let other = TestKey().signature(of: past.list, salt: 1)
        node.feed(.groupKeyActivated(TestKey(others: [other])))
        var start = past.start(of: 4)
        start.signature = other
        send(start, to: &node)
        #expect(node.dropped(.keyUnknown) == 1 && node.disconnected.isEmpty && node.store.starts.isEmpty)
    }

    @Test func `a start that contradicts what is held proves a fork`() throws {
        var other = Array(past.logs[3].prefix(9))
        for epoch in [1, 2, 2, 3] {
            other.append(
                past.cast.entry(after: other, by: MemberIndex(4), body: [77], epoch: Epoch(UInt64(epoch)))
            )
        }
        var store = TestStore()
        store.logs[past.identity(4)] = Array(other.prefix(11))
        var node = member(1, store)
        node.receive(range: Array(other.suffix(2)), from: 2)
        // Member 3 names another entry for one of the last places: it is asked for that, and has cut it.
        node.receive(
            frontiers: [
                Frontier(author: MemberIndex(4), sequence: 12, head: past.logs[3][11].hashTreeRoot())
            ],
            from: 3
        )
        #expect(node.takeSent().pulls.map(\.pull.first) == [12])
        send(past.start(of: 4, at: 13), to: &node, from: 3)
        let proof = try #require(Contradiction(other[12], past.logs[3][12]))
        #expect(node.evidence.last == proof && node.disconnected.isEmpty)
    }

    // MARK: One's own log

    @Test func `who has lost its disk begins its own log there, and says nothing before it has all of it`() {
        var node = newcomer(of: 1)
        node.feed(.entryComposed(.deal, body: [1]))
        send(past.start(of: 1), to: &node)
        #expect(node.store.logs[past.identity(1)] == [past.logs[0][9]])
        // The neighbour that had more of it goes.
        node.feed(.linkDown(MemberIndex(2), .closedByPeer))
        node.expire(at: .start.advanced(by: .seconds(5)))
        #expect(node.store.logs[past.identity(1)]?.count == 1)
        node.linkUp(2, at: .start.advanced(by: .seconds(6)))
        node.receive(
            frontiers: past.frontiers.filter { $0.author == MemberIndex(1) },
            from: 2,
            at: .start.advanced(by: .seconds(6))
        )
        node.receive(range: Array(past.logs[0][10...]), from: 2, at: .start.advanced(by: .seconds(6)))
        #expect(node.store.logs[past.identity(1)]?.last?.object.order.sequence == 18)
        #expect(node.store.logs[past.identity(1)]?.last?.object.epoch == Epoch(3))
    }

    @Test func `its own word from before stops a member from beginning anew, whatever it can check`() {
        var node = newcomer(hasKey: false, of: 1)
        send(past.start(of: 1), to: &node)
        #expect(node.dropped(.keyUnknown) == 1)
        node.feed(.linkDown(MemberIndex(2), .closedByPeer))
        node.feed(.entryComposed(.deal, body: [1]))
        node.expire(at: .start.advanced(by: .seconds(5)))
        #expect(node.store.logs[past.identity(1)] == nil)
    }
}
