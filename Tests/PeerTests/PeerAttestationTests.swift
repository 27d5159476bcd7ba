import Consensus
import Gossip
import Peer
import Primitives
import Testing

/// What the members' logs come to, from their entries to the chain.
@Suite struct PeerAttestationTests {
    private let interval = Duration.seconds(5)

    /// The list that the newest anchor is of, as members have it in their leader's log.
    private func anchoredList(_ world: World) -> AttestedLogs? {
        guard let root = world.chain.anchors.last?.anchor.root else { return nil }
        return lists(world).first { $0.hashTreeRoot() == root }
    }

    private func lists(_ world: World) -> [AttestedLogs] {
        world.committee.indices.flatMap { author in
            world.nodes[0].disk.log(of: author).compactMap { signed -> AttestedLogs? in
                guard let entry = try? LogEntry(ssz: signed.object.payload.bytes),
                    entry.topic == LogTopic.attestedLogs.rawValue
                else { return nil }
                return try? AttestedLogs(ssz: entry.body.bytes)
            }
        }
    }

    private func holds(_ list: AttestedLogs, _ node: TestNode) -> Bool {
        list.logs.allSatisfy { log in
            let entries = node.disk.log(of: log.author).prefix(Int(log.size)).map { $0.hashTreeRoot() }
            return UInt64(entries.count) == log.size && entries.last == log.head
                && LogTree(entries.map { LogTree.leaf($0) }).root == log.root
        }
    }

    @Test(arguments: [4, 7])
    func `what the logs hold comes to the chain, once, and what is new then`(size: Int) throws {
        var world = try World(size: size, seed: 11, attestationInterval: interval)
        world.startAll()
        let moment = world.run(for: .seconds(30)) { !$0.chain.anchors.isEmpty }
        try #require(moment != nil)
        let list = try #require(anchoredList(world))
        #expect(list.isSound(for: world.committee) && list.logs.count == size)
        for node in world.nodes { #expect(holds(list, node)) }
        // Lists and anchors are entries too, and no reason for another one.
        world.run(until: world.now.advanced(by: .seconds(120)))
        let count = world.chain.anchors.count
        #expect(count <= 2)
        world.run(until: world.now.advanced(by: .seconds(120)))
        #expect(world.chain.anchors.count == count && lists(world).count == count)
    }

    @Test func `the next leader has anchored what the one before had not`() throws {
        var world = try World(size: 4, seed: 12, attestationInterval: interval)
        world.startAll()
        let first = world.run(for: .seconds(30)) { !$0.chain.anchors.isEmpty }
        try #require(first != nil)
        let view = try #require(world.chain.elections.last?.view)
        world.crash(world.committee.leader(of: view))
        // What the others write down of the dead leader is new.
        let next = world.run(for: .seconds(60)) { $0.chain.anchors.count > 1 }
        try #require(next != nil)
        let anchors = world.chain.anchors.map(\.anchor)
        #expect(anchors.map(\.number) == Array(1...UInt64(anchors.count)))
        let list = try #require(anchoredList(world))
        #expect(list.previous == anchors[anchors.count - 2].root)
    }

    @Test func `members that start again go on after the newest anchor`() throws {
        var world = try World(size: 4, seed: 13, attestationInterval: interval)
        world.startAll()
        let first = world.run(for: .seconds(30)) { !$0.chain.anchors.isEmpty }
        try #require(first != nil)
        world.run(until: world.now.advanced(by: .seconds(30)))
        let count = world.chain.anchors.count
        for member in world.committee.indices { world.crash(member) }
        world.startAll()
        let view = try #require(world.chain.elections.last?.view)
        world.run(until: world.now.advanced(by: .seconds(10)))
        world.crash(world.committee.leader(of: view))
        let next = world.run(for: .seconds(60)) { $0.chain.anchors.count > count }
        try #require(next != nil)
        #expect(world.chain.anchors.last?.anchor.number == UInt64(count + 1))
    }
}
