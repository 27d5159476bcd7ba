import Primitives
import Testing

@testable import Gossip

@Suite struct ForkTests {
    private let cast = TestCommittee(size: 4)
    private let author = MemberIndex(2)

    private func linked(holding entries: [SignedObject] = []) -> TestNode {
        var node = TestNode(cast, 1)
        for member in 2...4 { node.linkUp(member) }
        if !entries.isEmpty { node.receive(range: entries, from: 2) }
        _ = node.takeSent()
        return node
    }

    /// Two histories with `common` entries in common.
    private func histories(common: Int, _ first: Int, _ second: Int) -> ([SignedObject], [SignedObject]) {
        let root = cast.log(by: author, count: common)
        var (one, other) = (root, root)
        for number in 0..<first { one.append(cast.entry(after: one, by: author, body: [1, UInt8(number)])) }
        for number in 0..<second {
            other.append(cast.entry(after: other, by: author, body: [2, UInt8(number)]))
        }
        return (one, other)
    }

    @Test func `two entries for one place are proof, and both are kept`() throws {
        let (one, other) = histories(common: 2, 1, 1)
        var node = linked(holding: one)
        node.receive(range: [other[2]], from: 2)
        let proof = try #require(Contradiction(one[2], other[2]))
        #expect(node.evidence == [proof])
        #expect(node.store.forks[cast.identity(of: author)] == proof)
        #expect(node.store.logs[cast.identity(of: author)] == one)
        #expect(node.delivered(2) == one)
    }

    @Test func `an entry that names another predecessor is proof`() throws {
        let (one, other) = histories(common: 2, 1, 2)
        var node = linked(holding: one)
        node.receive(range: [other[3]], from: 2)
        #expect(node.evidence == [try #require(Contradiction(one[2], other[3]))])
        let pull = try #require(node.takeSent().pulls.last)
        #expect(pull == (Pull(author: author, first: 3, count: 1), MemberIndex(2)))
        node.receive(range: [other[2]], from: 2)
        let better = try #require(Contradiction(one[2], other[2]))
        #expect(node.evidence.last == better && better.isSamePlace)
        #expect(node.store.forks[cast.identity(of: author)] == better)
    }

    @Test func `an entry kept for after a gap may turn out to be proof`() throws {
        let (one, other) = histories(common: 2, 1, 2)
        var node = linked(holding: Array(one[0..<2]))
        node.receive(range: [other[3]], from: 2)
        #expect(node.evidence.isEmpty)
        node.receive(range: [one[2]], from: 3)
        #expect(node.evidence == [try #require(Contradiction(one[2], other[3]))])
    }

    @Test func `nothing is added to a forked log`() {
        let (one, other) = histories(common: 1, 3, 1)
        var node = linked(holding: Array(one[0..<2]))
        node.receive(range: [other[1]], from: 2)
        node.receive(range: Array(one[2...]), from: 2)
        #expect(node.delivered(2).count == 2)
        #expect(node.dropped(.forkedLog) == 2)
        #expect(node.evidence.count == 1)
    }

    @Test func `a neighbour with another head is asked for its copy`() {
        let (one, other) = histories(common: 1, 1, 1)
        var node = linked(holding: one)
        let head = Frontier(author: author, sequence: 2, head: other[1].hashTreeRoot())
        node.receive(frontiers: [head], from: 4)
        let pulls = node.takeSent().pulls
        #expect(pulls.map(\.to) == [MemberIndex(4)])
        #expect(pulls.map(\.pull) == [Pull(author: author, first: 2, count: 1)])
        node.receive(range: [other[1]], from: 4)
        #expect(node.evidence.count == 1)
        #expect(node.disconnected.isEmpty)
    }

    @Test func `the proof is told to all and given to who asks`() throws {
        let (one, other) = histories(common: 1, 1, 1)
        var node = linked(holding: one)
        node.receive(range: [other[1]], from: 2)
        let sent = node.takeSent()
        #expect(sent.count(.frontiers) == 3)
        let frontiers = try Frontiers(
            ssz: try #require(sent.first { $0.message.type == .frontiers }).message.body
        )
        #expect(frontiers.entries.elements == [Frontier(author: author, sequence: .max, head: Digest())])
        var second = linked(holding: Array(one[0..<1]))
        second.receive(.frontiers, frontiers.sszBytes, from: 3)
        let pull = try #require(second.takeSent().pulls.first)
        #expect(pull.pull == Pull(author: author, first: 0, count: 2))
        node.receive(.pull, pull.pull.sszBytes, from: 3)
        let answer = try #require(node.takeSent().ranges.first)
        #expect(answer.to == MemberIndex(3))
        second.receive(range: answer.range.entries.elements, from: 3)
        #expect(second.evidence == node.evidence)
        #expect(second.machine.frontierDigest == node.machine.frontierDigest)
    }

    @Test func `a restart remembers the proof`() {
        let (one, other) = histories(common: 1, 1, 1)
        var node = linked(holding: one)
        node.receive(range: [other[1]], from: 2)
        var again = TestNode(cast, 1, store: node.store)
        #expect(again.machine.frontierDigest == node.machine.frontierDigest)
        again.linkUp(2)
        again.receive(range: [other[1]], from: 2)
        #expect(again.evidence.isEmpty && again.dropped(.forkedLog) == 1)
    }

    @Test func `a copy of an old entry is not taken for a fork`() {
        let entries = cast.log(by: author, count: 40)
        var node = linked(holding: entries)
        node.receive(range: [entries[3]], from: 2)
        node.receive(range: [entries[38]], from: 2)
        #expect(node.evidence.isEmpty && node.disconnected.isEmpty)
        node.receive(range: [cast.entry(after: entries, by: author, body: [1])], from: 2)
        #expect(node.delivered(2).count == 41)
    }

    @Test func `nobody can be framed by forged halves of a proof`() {
        let (one, other) = histories(common: 1, 1, 1)
        var forged = other[1]
        forged.signature[0] ^= 1
        var node = linked(holding: one)
        node.receive(range: [one[1], forged], from: 3)
        #expect(node.evidence.isEmpty)
        #expect(node.disconnected.map(\.1) == [.badSignature(.logEntry)])
    }

    @Test(arguments: 1...3)
    func `a mesh split between two histories ends with a proof everywhere`(seed: UInt64) {
        var mesh = VirtualMesh(size: 7, seed: seed)
        mesh.linkAll()
        mesh.run(for: .seconds(1))
        let common = Int(seed % 3)
        let root = mesh.cast.log(by: author, count: common)
        for (member, salt) in [(1, 1), (3, 2), (4, 1), (5, 2)] as [(Int, UInt8)] {
            var history = root
            for number in 0..<Int(1 + (seed + UInt64(member)) % 3) {
                history.append(mesh.cast.entry(after: history, by: author, body: [salt, UInt8(number)]))
            }
            let message = LinkMessage(.range, body: LogRange(SSZList(history)!).sszBytes)
            mesh.feed(member, .received(message, from: author))
        }
        mesh.run(for: .seconds(8))
        for member in 1...7 where member != 2 {
            let node = mesh.nodes[member - 1]
            #expect((1...2).contains(node.evidence.count))
            #expect(node.store.forks.count == 1)
            #expect(node.penalties.isEmpty)
            #expect(node.machine.frontierDigest == mesh.nodes[0].machine.frontierDigest)
        }
        #expect(mesh.nodes.contains { $0.evidence.last?.isSamePlace ?? false })
    }
}
