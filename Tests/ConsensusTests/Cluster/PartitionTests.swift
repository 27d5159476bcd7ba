import Consensus
import Primitives
import Testing

/// What partitions, pauses and restarts of all do.
@Suite struct PartitionTests {
    private func settled(size: Int, seed: UInt64) throws -> World {
        let world = World(size: size, seed: seed)
        _ = try #require(world.run(for: .seconds(30)) { world.isSettled }, "seed \(seed): never settled")
        world.run(for: .seconds(4))
        return world
    }

    @Test func `the part with a quorum goes on and the other follows after the healing`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            let others = world.committee.indices.filter { $0 != leader }
            world.partition([[leader], others])
            world.run(for: .seconds(8))
            #expect(world[leader].isLeading == false, "seed \(seed)")
            #expect(world[leader].durableView == before, "seed \(seed)")
            #expect(others.allSatisfy { world[$0].durableView > before }, "seed \(seed)")
            world.heal()
            let span = world.run(for: .seconds(10)) { world.isContent }
            #expect(try #require(span, "seed \(seed)") < .milliseconds(600), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `without a quorum nobody moves, and the old leader leads on after the healing`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            let others = world.committee.indices.filter { $0 != leader }
            world.partition([[leader, others[0]], [others[1], others[2]]])
            world.run(for: .seconds(20))
            #expect(world.nodes.allSatisfy { $0.durableView == before && !$0.isLeading }, "seed \(seed)")
            world.heal()
            let span = world.run(for: .seconds(10)) { world.isContent }
            #expect(try #require(span, "seed \(seed)") < .seconds(1), "seed \(seed)")
            world.run(for: .seconds(5))
            #expect(world.commonView == before, "seed \(seed): the healing deposed the leader")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `one paused member deposes nobody when it wakes`() throws {
        for seed in Seeds.count(20) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            let sleeper = try #require(world.committee.indices.first { $0 != leader })
            let wishes = world.checks.wishCount[sleeper] ?? 0
            for _ in 0..<5 {
                world[sleeper].pause(for: world.draw(.milliseconds(500) ... .seconds(5)))
                world.run(for: .seconds(8))
            }
            #expect(world.commonView == before, "seed \(seed)")
            #expect(world.checks.wishCount[sleeper] ?? 0 == wishes, "seed \(seed): it blamed the leader")
            #expect(world.checks.violations == [])
        }
    }

    @Test(arguments: [4, 7])
    func `after a restart of all, the dead leader and f - 1 more are passed over`(size: Int) throws {
        for seed in Seeds.count(5) {
            let world = try settled(size: size, seed: seed)
            let before = try #require(world.commonView)
            for member in world.committee.indices { world.kill(member) }
            world.run(for: .seconds(4))
            let gone = (0..<UInt64(world.committee.faultLimit)).map {
                world.committee.leader(of: before.advanced(by: $0))
            }
            for member in world.committee.indices where !gone.contains(member) { world.restart(member) }
            let span = world.run(for: .seconds(30)) { world.isSettled }
            #expect(try #require(span, "seed \(seed)") < .seconds(4), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a leader that restarts quickly keeps its view`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            world.kill(leader, closing: false)
            world.run(for: .milliseconds(300))
            world.restart(leader)
            world.run(for: .seconds(10))
            #expect(world.commonView == before, "seed \(seed)")
            #expect(world.isContent, "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a crowd of thirty-one replaces its leader in a fraction of a second`() throws {
        let world = World(size: 31, seed: 1)
        _ = try #require(world.run(for: .seconds(30)) { world.isSettled })
        world.run(for: .seconds(2))
        let before = try #require(world.commonView)
        world.kill(world.committee.leader(of: before))
        let span = world.run(for: .seconds(10)) { world.isSettled && world.commonView != before }
        #expect(try #require(span) < .milliseconds(600))
        #expect(world.checks.violations == [])
    }
}
