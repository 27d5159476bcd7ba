import Consensus
import Gossip
import Peer
import Primitives
import Testing

/// Whole members, from the first link to the anchored election.
@Suite struct PeerClusterTests {
    private func isElected(_ world: World) -> Bool { !world.chain.elections.isEmpty }

    @Test(arguments: [4, 7])
    func `a committee makes its key, registers it, and elects and anchors a leader`(size: Int) throws {
        var world = try World(size: size, seed: 1)
        world.startAll()
        let moment = world.run(for: .seconds(10), until: isElected)
        let elected = try #require(moment)
        #expect(elected < Instant(sinceStart: .seconds(5)))
        let record = try #require(world.chain.elections.last)
        let leader = world.committee.leader(of: record.view)
        #expect(record.leader == world.committee[leader]?.account)
    }

    @Test func `the death of the leader brings the next one, certified and anchored`() throws {
        var world = try World(size: 4, seed: 2)
        world.startAll()
        let elected = world.run(for: .seconds(10), until: isElected)
        try #require(elected != nil)
        world.run(until: world.now.advanced(by: .seconds(3)))
        for round in 1...3 {
            let before = try #require(world.chain.elections.last)
            let leader = world.committee.leader(of: before.view)
            let killed = world.now
            world.crash(leader)
            let anchored = world.run(for: .seconds(10)) {
                $0.chain.elections.last?.view ?? View(0) > before.view
            }
            try #require(anchored != nil, "round \(round)")
            let certified = world.notices.first { notice in
                guard notice.at > killed, case .certified(let certificate) = notice.notice else {
                    return false
                }
                return certificate.view > before.view
            }
            let moment = try #require(certified?.at)
            #expect(killed.duration(to: moment) < .milliseconds(50))
            world.start(leader)
            world.run(until: world.now.advanced(by: .seconds(3)))
        }
    }

    @Test func `a leader that does not let the new key sign is replaced before there is a key`() throws {
        var world = try World(size: 4, seed: 4)
        let idle = world.committee.leader(of: View(1))
        world.withholds = { member, message in
            guard member == idle, message.type == .direct else { return false }
            return (try? SignedObject(ssz: message.body))?.object.kind == .signRequest
        }
        world.startAll()
        let moment = world.run(for: .seconds(30), until: isElected)
        try #require(moment != nil)
        #expect(world.chain.elections.first?.view == View(2))
    }

    @Test func `a leader that does not propose another attempt is replaced before there is a key`() throws {
        var world = try World(size: 7, seed: 5)
        let idle = world.committee.leader(of: View(1))
        world.withholds = { member, message in
            guard member == idle, message.type == .range, let range = try? LogRange(ssz: message.body) else {
                return false
            }
            return range.entries.contains {
                $0.object.author == idle
                    && (try? LogEntry(ssz: $0.object.payload.bytes))?.topic == LogTopic.proposal.rawValue
            }
        }
        let absent = world.committee.leader(of: View(4))
        for member in world.committee.indices where member != absent { world.start(member) }
        let moment = world.run(for: .seconds(60), until: isElected)
        try #require(moment != nil)
        #expect(world.chain.elections.first?.view == View(2))
    }

    @Test func `all members restarted go on in the view they had left`() throws {
        var world = try World(size: 4, seed: 3)
        world.startAll()
        let elected = world.run(for: .seconds(10), until: isElected)
        try #require(elected != nil)
        world.run(until: world.now.advanced(by: .seconds(1)))
        let view = try #require(world.chain.elections.last?.view)
        for member in world.committee.indices { world.crash(member) }
        world.run(until: world.now.advanced(by: .seconds(1)))
        let restarted = world.now
        world.startAll()
        world.run(until: world.now.advanced(by: .seconds(5)))
        #expect(world.chain.elections.last?.view == view)
        let entered = world.notices.filter { $0.at >= restarted }.compactMap { notice -> View? in
            if case .viewEntered(let view, _, _) = notice.notice { view } else { nil }
        }
        #expect(Set(entered) == [view])
    }
}
