import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

extension PublicationRequest {
    static func of(_ ticket: UInt64, _ title: String, _ content: [UInt8]) -> Self {
        PublicationRequest(
            ticket: ticket,
            title: ByteList(Array(title.utf8))!,
            content: ByteList(content)!
        )
    }
}

/// What operators have their members say.
@Suite struct PeerPublicationTests {
    private let member = MemberIndex(2)

    /// What members publish, as it stands in the log of one at another.
    private func published(by author: MemberIndex, at member: MemberIndex, _ world: World) -> [Publication] {
        world.nodes[member.offset].disk.log(of: author).compactMap { object in
            guard let entry = try? LogEntry(ssz: object.object.payload.bytes),
                entry.topic == LogTopic.publication.rawValue
            else { return nil }
            return try? Publication(ssz: entry.body.bytes)
        }
    }

    @Test func `what an operator says comes to all members, to their people, and to the chain`() throws {
        var world = try World(size: 4, seed: 21, attestationInterval: .seconds(5))
        world.startAll()
        let first = world.run(for: .seconds(30)) { !$0.chain.anchors.isEmpty }
        try #require(first != nil)
        world.run(until: world.now.advanced(by: .seconds(20)))
        let count = world.chain.anchors.count
        world.publish(.of(7, "to all", Array("a word".utf8)), by: member)
        world.run(until: world.now.advanced(by: .seconds(2)))
        guard case .said(let sequence, let digest) = world.nodes[1].machine.publication(7) else {
            Issue.record("not said: \(String(describing: world.nodes[1].machine.publication(7)))")
            return
        }
        #expect(world.nodes[1].disk.log(of: member)[Int(sequence) - 1].hashTreeRoot() == digest)
        #expect(world.nodes[1].machine.holders(of: sequence) == 4)
        #expect(world.nodes[1].machine.holders(of: sequence + 1) == 0)
        for other in world.committee.indices {
            let said = published(by: member, at: other, world)
            #expect(said.map(\.content.bytes) == [Array("a word".utf8)])
            #expect((1_700_000_000_000...1_700_000_100_000).contains(said[0].time.rawValue))
            let told = world.notices.filter { notice in
                guard notice.member == other, case .published(member, sequence, let title, 6) = notice.notice
                else { return false }
                return title.bytes == Array("to all".utf8)
            }
            #expect(told.count == 1, "once to the people of each")
        }
        let next = world.run(for: .seconds(30)) { $0.chain.anchors.count > count }
        #expect(next != nil, "a publication is worth a list")
    }

    @Test func `who was away when something was said has it when it comes back`() throws {
        var world = try World(size: 4, seed: 22)
        world.startAll()
        world.run(until: world.now.advanced(by: .seconds(5)))
        world.crash(MemberIndex(4))
        world.publish(.of(1, "while one is away", [1, 2, 3]), by: member)
        world.run(until: world.now.advanced(by: .seconds(2)))
        guard case .said(let sequence, _) = world.nodes[1].machine.publication(1) else {
            Issue.record("not said")
            return
        }
        #expect(world.nodes[1].machine.holders(of: sequence) == 3)
        world.start(MemberIndex(4))
        world.run(until: world.now.advanced(by: .seconds(20)))
        #expect(published(by: member, at: MemberIndex(4), world).count == 1)
        #expect(world.nodes[1].machine.holders(of: sequence) == 4)
    }

    @Test func `an operator that says too much is refused, and may go on later`() {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        for ticket in 1...32 as ClosedRange<UInt64> {
            guard case .said = bench.publish(ticket) else {
                Issue.record("\(ticket): not said")
                return
            }
        }
        #expect(bench.publish(33) == .refused(.tooFast))
        bench.advance(by: .seconds(31))
        #expect(bench.publish(34) == .refused(.tooFast))
        bench.advance(by: .seconds(1))
        guard case .said = bench.publish(35) else {
            Issue.record("not said when it may be")
            return
        }
    }

    @Test func `the same said twice is two entries, each with its own place`() {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        guard case .said(let one, _) = bench.publish(1), case .said(let other, _) = bench.publish(2) else {
            Issue.record("not said")
            return
        }
        #expect(other == one + 1)
        #expect(bench.publish(3) != bench.publish(4))
    }

    @Test func `of old requests nothing is kept, of those that wait all is`() {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        for ticket in 1...100 as ClosedRange<UInt64> { _ = bench.publish(ticket) }
        #expect(bench.machine.publication(36) == nil)
        #expect(bench.machine.publication(37) == .refused(.tooFast))
    }

    @Test func `a member whose log lags behind lets so many wait, and refuses more`() {
        var bench = PeerBench()
        let committee = bench.committee(1)
        bench.begin(committee)
        bench.link(1, in: committee)
        // A neighbour has more of this member's own log than the member: it must not append before it has that.
        let frontier = Frontier(author: MemberIndex(1), sequence: 9, head: SHA256.hash([1]))
        bench.hear(1, .frontiers, Frontiers(SSZList([frontier])!).sszBytes)
        for ticket in 1...16 as ClosedRange<UInt64> { #expect(bench.publish(ticket) == .waiting) }
        #expect(bench.publish(17) == .refused(.tooMany))
        #expect(bench.kept.isEmpty)
    }

    @Test func `before its first epoch a member says nothing`() {
        var bench = PeerBench()
        #expect(bench.publish(1) == .refused(.entry(.noEpoch)))
    }

    @Test func `a member that publishes without end is kept, but people are told of some only`() throws {
        var bench = PeerBench()
        let committee = bench.committee(1)
        bench.begin(committee)
        bench.link(1, in: committee)
        let body = Publication(time: UnixMilliseconds(rawValue: .max), title: ByteList(), content: ByteList())
        let entries = bench.log(
            of: 1,
            as: 2,
            Array(repeating: body.sszBytes, count: 60),
            topic: .publication
        )
        bench.hear(1, .range, LogRange(try #require(SSZList(entries))).sszBytes)
        #expect(bench.kept.count == 60)
        let told = bench.notices.count { if case .published = $0 { true } else { false } }
        #expect(told == 16)
        #expect(bench.penalties.isEmpty)
    }

    @Test func `a publication that nobody can read is kept as its author's offence`() throws {
        var bench = PeerBench()
        let committee = bench.committee(1)
        bench.begin(committee)
        bench.link(1, in: committee)
        let entries = bench.log(of: 1, as: 2, [[1, 2, 3]], topic: .publication)
        bench.hear(1, .range, LogRange(try #require(SSZList(entries))).sszBytes)
        #expect(bench.kept.count == 1)
        #expect(bench.penalties.map(\.0) == [MemberIndex(2)])
        #expect(!bench.notices.contains { if case .published = $0 { true } else { false } })
    }
}
