import Primitives
import Testing

@testable import Gossip

@Suite struct LogTests {
    private let cast = TestCommittee(size: 4)

    private func linked(storesAtOnce: Bool = true, store: TestStore = TestStore()) -> TestNode {
        var node = TestNode(cast, 1, store: store)
        for member in 2...4 { node.linkUp(member) }
        node.storesAtOnce = storesAtOnce
        _ = node.takeSent()
        return node
    }

    private func log(_ author: Int, _ count: Int, salt: UInt8 = 0, bytes: Int = 8) -> [SignedObject] {
        cast.log(by: MemberIndex(author), count: count, salt: salt, bytes: bytes)
    }

    private func moment(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func `an own entry is durable before anybody hears of it`() throws {
        var node = linked(storesAtOnce: false)
        let before = node.machine.frontierDigest
        node.feed(.entryComposed(.deal, body: [1]))
        node.feed(.entryComposed(.confirm, body: [2]))
        #expect(node.takeSent().isEmpty && node.delivered(1).isEmpty)
        #expect(node.machine.frontierDigest == before)
        node.completeStoring()
        let pushed = node.takeSent().ranges.filter { $0.to == MemberIndex(3) }.flatMap(\.range.entries)
        #expect(pushed == node.delivered(1) && pushed.count == 2)
        #expect(pushed[0].object.order == Order(incarnation: 0, sequence: 1))
        #expect(try LogEntry(ssz: pushed[1].object.payload.bytes).previous == pushed[0].hashTreeRoot())
        #expect(node.machine.frontierDigest != before)
    }

    @Test func `delivers what others append in order, once, when it is durable`() {
        var node = linked(storesAtOnce: false)
        let entries = log(2, 5)
        node.receive(range: Array(entries[0..<2]), from: 2)
        node.receive(range: Array(entries[0..<3]), from: 2)
        node.receive(range: [entries[3]], from: 2)
        #expect(node.delivered(2).isEmpty)
        node.completeStoring()
        #expect(node.delivered(2) == Array(entries[0..<4]))
        node.receive(range: entries, from: 2)
        node.completeStoring()
        #expect(node.delivered(2) == entries)
        #expect(node.store.logs[cast.identity(of: MemberIndex(2))] == entries)
        #expect(node.dropped(.duplicate) == 2 + 4)
        #expect(node.metrics[.verified] == 5)
    }

    @Test func `keeps what comes after a gap and pulls only the gap`() {
        var node = linked()
        let entries = log(2, 6)
        node.receive(range: [entries[4]], from: 2)
        node.receive(range: [entries[5]], from: 2)
        #expect(node.delivered(2).isEmpty)
        let pulls = node.takeSent().pulls
        #expect(pulls.count == 1)
        #expect(pulls[0].pull == Pull(author: MemberIndex(2), first: 1, count: 4))
        node.receive(range: Array(entries[0..<4]), from: 2)
        #expect(node.delivered(2) == entries)
        #expect(node.takeSent().pulls.isEmpty)
    }

    @Test func `keeps a bounded number of entries after a gap`() {
        var node = linked()
        let entries = log(2, 40)
        for entry in entries.dropFirst().reversed() { node.receive(range: [entry], from: 2) }
        let kept = node.machine.epoch!.logs.book[MemberIndex(2)].waiting.count
        #expect(kept == AuthorLog.waitingLimit)
        #expect(node.dropped(.gap) == 39 - kept)
    }

    @Test func `pulls what a neighbour has more of, in ranges, on and on`() {
        var node = linked()
        let entries = log(2, 150)
        let head = Frontier(author: MemberIndex(2), sequence: 150, head: entries[149].hashTreeRoot())
        node.receive(frontiers: [head], from: 3)
        var asked: [UInt64] = []
        while let next = node.takeSent().pulls.first {
            #expect(next.to == MemberIndex(3))
            asked.append(next.pull.first)
            let start = Int(next.pull.first) - 1
            let some = entries[start..<min(start + Int(next.pull.count), entries.count)].prefix(50)
            node.receive(range: Array(some), from: 3)
        }
        #expect(asked == [1, 51, 101])
        #expect(node.delivered(2) == entries)
    }

    @Test func `asks another when one does not answer, and the liar less and less`() {
        var node = linked()
        let entries = log(2, 3)
        let truth = Frontier(author: MemberIndex(2), sequence: 3, head: entries[2].hashTreeRoot())
        let lie = Frontier(author: MemberIndex(2), sequence: 1 << 60, head: SHA256.hash([1]))
        node.receive(frontiers: [lie], from: 4)
        #expect(node.takeSent().pulls.map(\.to) == [MemberIndex(4)])
        node.receive(frontiers: [truth], from: 3)
        #expect(node.takeSent().pulls.isEmpty)
        var now = Instant.start
        while node.takeSent().pulls.isEmpty {
            now = node.machine.nextDeadline!
            node.expire(at: now)
        }
        #expect(now <= Instant.start.advanced(by: PullPlanner.timeout + .milliseconds(251)))
        node.receive(range: entries, from: 3, at: now)
        #expect(node.delivered(2) == entries)
        var lies = 0
        for _ in 0..<1_200 {
            now = node.machine.nextDeadline!
            node.expire(at: now)
            node.receive(frontiers: [lie], from: 4, at: now)
            lies += node.takeSent().pulls.count
        }
        #expect((5...14).contains(lies))
        #expect(node.disconnected.isEmpty)
    }

    @Test func `takes the next entries from whoever brings them, and no others unasked`() {
        var node = linked()
        let entries = log(2, 4)
        node.receive(range: Array(entries[0..<2]), from: 4)
        #expect(node.delivered(2) == Array(entries[0..<2]))
        node.receive(range: [entries[3]], from: 4)
        #expect(node.dropped(.unasked) == 1)
    }

    @Test func `closes the link that brings a forged entry`() {
        var node = linked()
        var entries = log(2, 2)
        entries[1].signature[5] ^= 1
        node.receive(range: entries, from: 3)
        #expect(node.disconnected.map(\.1) == [.badSignature(.logEntry)])
        #expect(node.delivered(2) == [entries[0]])
    }

    @Test func `refuses ranges of several authors, with holes, or empty`() {
        let (mine, others) = (log(2, 3), log(3, 3))
        for range in [[mine[0], others[1]], [mine[0], mine[2]], []] {
            var node = linked()
            node.receive(range: range, from: 2)
            #expect(node.disconnected.map(\.1) == [.badRequest(.range)])
        }
    }

    @Test func `blames the author for an entry that it signed and nobody can read`() {
        let order = Order(incarnation: 0, sequence: 1)
        let unreadable = cast.signed(.logEntry, by: MemberIndex(2), order: order, payload: [1, 2])
        var detached = LogEntry(previous: SHA256.hash([1]), topic: 1, body: ByteList())
        let rootless = cast.signed(.logEntry, by: MemberIndex(2), order: order, payload: detached.sszBytes)
        detached.previous = Digest()
        let wrongOrder = Order(incarnation: 1, sequence: 1)
        let misnumbered = cast.signed(
            .logEntry,
            by: MemberIndex(2),
            order: wrongOrder,
            payload: detached.sszBytes
        )
        for entry in [unreadable, rootless, misnumbered] {
            var node = linked()
            node.receive(range: [entry], from: 2)
            #expect(node.penalties.map(\.0) == [MemberIndex(2)])
            #expect(node.penalties.map(\.1) == [.malformedPayload(.logEntry)])
            #expect(node.disconnected.isEmpty && node.delivered(2).isEmpty)
        }
    }

    @Test func `goes on after a restart where the store ends`() {
        var node = linked()
        let entries = log(2, 3)
        node.receive(range: Array(entries[0..<2]), from: 2)
        node.feed(.entryComposed(.deal, body: [1]))
        var again = linked(store: node.store)
        #expect(again.machine.frontierDigest == node.machine.frontierDigest)
        again.receive(range: [entries[2]], from: 2)
        #expect(again.delivered(2) == [entries[2]])
        again.feed(.entryComposed(.deal, body: [2]))
        #expect(again.delivered(1).map(\.object.order.sequence) == [2])
    }

    @Test func `fetches its own log from others before it appends to it`() {
        let store = linked().store
        var former = linked()
        for number in 0..<3 { former.feed(.entryComposed(.deal, body: [UInt8(number)])) }
        let own = former.delivered(1)
        var node = linked(store: store)
        let head = Frontier(author: MemberIndex(1), sequence: 3, head: own[2].hashTreeRoot())
        node.receive(frontiers: [head], from: 3)
        node.feed(.entryComposed(.confirm, body: [9]))
        #expect(node.delivered(1).isEmpty)
        node.receive(range: own, from: 3)
        #expect(node.delivered(1).map(\.object.order.sequence) == [1, 2, 3, 4])
        #expect(node.evidence.isEmpty)
    }

    @Test func `a lie about its own log delays an entry for the time of a pull`() {
        var node = linked()
        let lie = Frontier(author: MemberIndex(1), sequence: 9, head: SHA256.hash([1]))
        node.receive(frontiers: [lie], from: 3)
        node.feed(.entryComposed(.deal, body: [1]))
        #expect(node.delivered(1).isEmpty)
        while node.machine.nextDeadline! <= moment(2_300) { node.expire(at: node.machine.nextDeadline!) }
        #expect(node.delivered(1).count == 1)
    }

    @Test func `refuses entries that are too long or too many, and says so`() {
        var node = TestNode(cast, 1)
        node.feed(.entryComposed(.deal, body: Array(repeating: 0, count: 32_705)))
        #expect(node.facts.count == 1)
        #expect(node.metrics[.entryRefused(.tooLong)] == 1)
        node.linkUp(3)
        node.storesAtOnce = false
        for _ in 0..<17 { node.feed(.entryComposed(.deal, body: Array(repeating: 0, count: 32_000))) }
        for _ in 0..<1_100 { node.feed(.entryComposed(.deal, body: [1])) }
        let refused = node.facts.count { if case .entryRefused(_, _, .tooMany) = $0 { true } else { false } }
        #expect(refused == 1_100 - 1_024)
        #expect(node.metrics[.entryRefused(.tooMany)] == refused)
        for _ in 0..<1_100 { node.completeStoring() }
        #expect(node.delivered(1).count == 17 + 1_024)
    }
}
