import Consensus
import Primitives
import Testing

/// Changes of the leader for one cause each.
@Suite struct HandOverTests {
    private func settled(size: Int, seed: UInt64, liars: [MemberIndex: Liar] = [:]) throws -> World {
        let world = World(size: size, seed: seed, liars: liars)
        _ = try #require(world.run(for: .seconds(30)) { world.isSettled }, "seed \(seed): never settled")
        world.run(for: .seconds(4))
        return world
    }

    @Test(arguments: [4, 7])
    func `a leader that steps down is replaced without waiting for any limit`(size: Int) throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: size, seed: seed)
            let before = try #require(world.commonView)
            world[world.committee.leader(of: before)].isDraining = true
            let span = world.run(for: .seconds(5)) { world.hasSettled(after: before) }
            #expect(try #require(span, "seed \(seed)") < .milliseconds(300), "seed \(seed)")
            #expect(world.commonView == before.advanced(by: 1), "seed \(seed)")
            world.run(for: .seconds(5))
            #expect(world.commonView == before.advanced(by: 1), "seed \(seed): went on")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a dead leader and its dead successors cost one change`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 7, seed: seed)
            let before = try #require(world.commonView)
            world.kill(world.committee.leader(of: before.advanced(by: 1)), closing: false)
            world.run(for: .seconds(4))
            world.kill(world.committee.leader(of: before))
            let span = world.run(for: .seconds(5)) { world.isSettled }
            #expect(try #require(span, "seed \(seed)") < .milliseconds(500), "seed \(seed)")
            #expect(world.commonView == before.advanced(by: 2), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test(arguments: [4, 7])
    func `leaders that never certify are passed within their terms`(size: Int) throws {
        for seed in Seeds.count(5) {
            let committee = SimCommittee.make(size: size, salt: UInt8(truncatingIfNeeded: seed))
            var liars: [MemberIndex: Liar] = [:]
            for number in 0..<UInt64(committee.faultLimit) {
                let liar = Liar()
                liar.certifies = false
                liar.signs = false
                liars[committee.leader(of: View(1 + number))] = liar
            }
            let world = World(size: size, seed: seed, liars: liars)
            let span = world.run(for: .seconds(30)) { world.isSettled }
            #expect(try #require(span, "seed \(seed)") < .seconds(4), "seed \(seed)")
            #expect(world.commonView == View(UInt64(committee.faultLimit) + 1), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test(arguments: [4, 7])
    func `a leader that neglects a duty is deposed though it is heard`(size: Int) throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: size, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            // The leader itself does not know of the duty.
            let others = world.nodes.filter { $0.member != leader }
            for node in others { node.feed(.dutyOwed(true)) }
            world.run(for: .milliseconds(10_900))
            #expect(world.commonView == before, "seed \(seed)")
            _ = try #require(world.run(for: .milliseconds(600)) { world.commonView ?? before > before })
            for node in others { node.feed(.dutyOwed(false)) }
            _ = try #require(world.run(for: .seconds(5)) { world.hasSettled(after: before) }, "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a convicted leader is deposed and never followed again`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let culprit = world.committee.leader(of: before)
            let honest = world.nodes.filter { $0.member != culprit }
            for node in honest { node.feed(.misbehaviourProven(culprit)) }
            _ = try #require(world.run(for: .seconds(5)) { world.hasSettled(after: before) })
            // Every other leader falls in turn; the view of the culprit is passed over.
            for _ in 0..<2 {
                let view = try #require(world.commonView)
                let leader = world.committee.leader(of: view)
                world.kill(leader)
                _ = try #require(world.run(for: .seconds(10)) { world.commonView ?? view > view })
                world.restart(leader)
                for node in honest { node.feed(.misbehaviourProven(culprit)) }
                _ = try #require(world.run(for: .seconds(20)) { world.isSettled }, "seed \(seed)")
                world.run(for: .seconds(4))
                let now = try #require(world.commonView)
                #expect(world.committee.leader(of: now) != culprit, "seed \(seed)")
            }
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a leader that hears nobody is replaced`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            for other in world.committee.indices where other != leader {
                world.isCut[other.offset][leader.offset] = true
            }
            let span = world.run(for: .seconds(10)) {
                world.live.allSatisfy { $0.member == leader || $0.durableView > before }
            }
            // A lease, then a silence limit of standing by.
            #expect(try #require(span, "seed \(seed)") < .seconds(3), "seed \(seed)")
            #expect(world[leader].isLeading == false)
            #expect(world.checks.violations == [])
        }
    }

    @Test func `two members without a link between them replace a leader through the third`() throws {
        for seed in Seeds.count(10) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            let others = world.committee.indices.filter { $0 != leader }
            world.isCut[others[0].offset][others[1].offset] = true
            world.isCut[others[1].offset][others[0].offset] = true
            world.drop(others[0], others[1])
            world.run(for: .seconds(5))
            #expect(world.commonView == before, "seed \(seed): the lost link deposed the leader")
            world.kill(leader, closing: Bool.random(using: &world.random))
            let span = world.run(for: .seconds(10)) { world.hasSettled(after: before) }
            #expect(try #require(span, "seed \(seed): stuck") < .seconds(4), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }

    @Test func `a member that restarts while the leader is dead helps to replace it`() throws {
        for seed in Seeds.count(20) {
            let world = try settled(size: 4, seed: seed)
            let before = try #require(world.commonView)
            let leader = world.committee.leader(of: before)
            let other = try #require(world.committee.indices.first { $0 != leader })
            world.kill(other)
            world.run(for: .seconds(1))
            world.kill(leader, closing: Bool.random(using: &world.random))
            world.run(for: .seconds(10))
            #expect(world.commonView == before, "seed \(seed): moved without a quorum")
            // All the restarted one ever hears of the leader is its last heartbeat, from the others.
            world.restart(other)
            let span = world.run(for: .seconds(10)) { world.hasSettled(after: before) }
            #expect(try #require(span, "seed \(seed): stuck") < .seconds(4), "seed \(seed)")
            #expect(world.checks.violations == [])
        }
    }
}
