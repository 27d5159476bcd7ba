import Primitives
import Testing

@testable import Gossip

/// When members tell each other how far their logs reach, and whom they ask for more.
@Suite struct FrontierTests {
    private let cast = TestCommittee(size: 4)
    private let author = MemberIndex(2)

    private func linked(storesAtOnce: Bool = true) -> TestNode {
        var node = TestNode(cast, 1)
        for member in 2...4 { node.linkUp(member) }
        node.storesAtOnce = storesAtOnce
        _ = node.takeSent()
        return node
    }

    private func frontier(_ log: [SignedObject]) -> Frontier {
        Frontier(author: author, sequence: UInt64(log.count), head: log.last?.hashTreeRoot() ?? Digest())
    }

    /// The frontiers sent to a member.
    private func told(_ node: inout TestNode, to member: Int) -> [[Frontier]] {
        node.takeSent().filter { $0.message.type == .frontiers && $0.to == MemberIndex(member) }
            .compactMap { try? Frontiers(ssz: $0.message.body).entries.elements }
    }

    @Test func `frontiers tell of what is durable only`() {
        var node = linked(storesAtOnce: false)
        let log = cast.log(by: author, count: 4)
        node.receive(range: Array(log[0..<2]), from: 2)
        node.linkUp(3, digest: SHA256.hash([1]))
        #expect(told(&node, to: 3) == [])
        node.completeStoring()
        node.receive(range: Array(log[2...]), from: 2)
        node.linkUp(3, digest: SHA256.hash([1]))
        #expect(told(&node, to: 3) == [[frontier(Array(log[0..<2]))]])
        node.completeStoring()
        node.linkUp(3, digest: SHA256.hash([1]))
        #expect(told(&node, to: 3) == [[frontier(log)]])
    }

    @Test func `a record made durable completes itself and those before it, and none after`() {
        var node = linked(storesAtOnce: false)
        let log = cast.log(by: author, count: 4)
        for entry in log { node.receive(range: [entry], from: 2) }
        let tickets = node.takeUnanswered()
        #expect(tickets.count == 4)
        node.feed(.persisted(ticket: tickets[1]))
        #expect(node.delivered(2) == Array(log[0..<2]))
        node.feed(.persisted(ticket: tickets[2]))
        #expect(node.delivered(2) == Array(log[0..<3]))
        node.feed(.persisted(ticket: tickets[3]))
        #expect(node.delivered(2) == log)
    }

    @Test func `frontiers are told over a new link to who names others, and to nobody else`() {
        var node = linked()
        let log = cast.log(by: author, count: 1)
        node.receive(range: log, from: 2)
        node.linkUp(3)
        #expect(told(&node, to: 3) == [])
        node.linkUp(4, digest: SHA256.hash([1]))
        #expect(told(&node, to: 4) == [[frontier(log)]])
    }

    @Test func `pulls go to all that have the entries, and no range to two`() {
        var node = linked()
        let log = cast.log(by: author, count: 400)
        for member in 2...4 { node.receive(frontiers: [frontier(log)], from: member) }
        var asked: [MemberIndex: Int] = [:]
        var ranges: [UInt64] = []
        var waiting = node.takeSent().pulls[...]
        while let next = waiting.popFirst() {
            asked[next.to, default: 0] += 1
            let start = Int(next.pull.first) - 1
            ranges += next.pull.first..<(next.pull.first + UInt64(next.pull.count))
            node.receive(
                range: Array(log[start..<(start + Int(next.pull.count))]),
                from: Int(next.to.rawValue)
            )
            waiting += node.takeSent().pulls
        }
        #expect(node.delivered(2) == log)
        #expect(ranges.sorted() == Array(1...400))
        #expect(asked.count == 3 && asked.values.allSatisfy { $0 > 2 })
    }

    @Test func `what an author appends meanwhile is not taken for the answer to a pull`() {
        var node = linked()
        let log = cast.log(by: author, count: 6)
        node.receive(frontiers: [frontier(Array(log[0..<5]))], from: 2)
        #expect(node.takeSent().pulls.map(\.pull.first) == [1])
        node.receive(range: [log[5]], from: 2)
        #expect(node.takeSent().pulls.isEmpty)
        #expect(node.metrics[.pullFailed] == nil)
        node.receive(range: Array(log[0..<5]), from: 2)
        #expect(node.delivered(2) == log)
        #expect(node.metrics[.pullFailed] == nil)
        #expect(node.takeSent().pulls.isEmpty)
    }

    // MARK: Pace

    /// The numbers, from 1, of those heartbeats of member 3 after which it is told the frontiers.
    private func tellings(_ node: inout TestNode, _ digests: [Digest], from first: Int = 1) -> [Int] {
        var tellings: [Int] = []
        for (offset, digest) in digests.enumerated() {
            let number = first + offset
            let order = Order(incarnation: 1, sequence: UInt64(number))
            let beat = cast.heartbeat(by: MemberIndex(3), order: order, frontiers: digest)
            let now = Instant.start.advanced(by: .milliseconds(250 * number))
            node.receive([beat], .registers, from: 3, at: now)
            if !told(&node, to: 3).isEmpty { tellings.append(number) }
        }
        return tellings
    }

    private func holding(_ count: Int) -> TestNode {
        var node = linked()
        node.receive(range: cast.log(by: author, count: count), from: 2)
        _ = node.takeSent()
        return node
    }

    @Test func `one heartbeat that names another digest is no reason to tell, two in a row are`() {
        var node = holding(1)
        let (own, other) = (node.machine.frontierDigest, SHA256.hash([1]))
        #expect(tellings(&node, [other, own, other, own, other, other]) == [6])
    }

    @Test func `while the other's digest changes it is told at every fourth heartbeat`() {
        var node = holding(1)
        let digests = (1...15).map { SHA256.hash([UInt8($0)]) }
        #expect(tellings(&node, digests) == [2, 6, 10, 14])
    }

    @Test func `while nothing changes it is told more and more rarely`() {
        var node = holding(1)
        let digests = Array(repeating: SHA256.hash([1]), count: 260)
        #expect(tellings(&node, digests) == [2, 10, 26, 58, 122, 186, 250])
    }

    @Test func `a change on either side is told of after four heartbeats again`() {
        var node = holding(1)
        let (one, other) = (SHA256.hash([1]), SHA256.hash([2]))
        #expect(tellings(&node, Array(repeating: one, count: 30)) == [2, 10, 26])
        #expect(tellings(&node, [other, other, other], from: 31) == [31])
        node.receive(range: [cast.log(by: author, count: 2)[1]], from: 2)
        #expect(tellings(&node, Array(repeating: other, count: 4), from: 34) == [35])
    }

    @Test func `a new link forgets how rarely the old one was told`() {
        var node = holding(1)
        let digest = SHA256.hash([1])
        #expect(tellings(&node, Array(repeating: digest, count: 30)) == [2, 10, 26])
        node.linkUp(3, digest: digest)
        _ = node.takeSent()
        #expect(tellings(&node, Array(repeating: digest, count: 4), from: 31) == [32])
    }
}
