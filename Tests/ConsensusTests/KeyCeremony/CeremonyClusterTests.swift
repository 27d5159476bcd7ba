import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct CeremonyClusterTests {
    private func faulty(_ cast: Cast, seed: UInt64) -> [MemberIndex] {
        var random = RepeatableRandom(seed &* 31)
        var members = cast.committee.indices
        return (0..<cast.committee.faultLimit).map { _ in members.remove(at: random.below(members.count)) }
    }

    private func expectKey(
        _ world: CeremonyWorld,
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let (isDone, breaches) = (world.isDone, world.audit.breaches)
        #expect(isDone, comment, sourceLocation: sourceLocation)
        #expect(breaches.isEmpty, comment, sourceLocation: sourceLocation)
        let registered = world.registered?.transcript
        let adopted = world.honest.map { world.nodes[$0]?.adopted }
        #expect(adopted.allSatisfy { $0?.statement.transcript == registered }, comment)
        #expect(adopted.allSatisfy { $0?.hasShare == true }, comment, sourceLocation: sourceLocation)
    }

    @Test(arguments: [4, 7, 31])
    func `an undisturbed committee has its key within a second`(size: Int) {
        var world = CeremonyWorld(Cast.hashed(size), CeremonyWorld.Setting(), seed: 3)
        world.run()
        expectKey(world, "size \(size)")
        #expect(world.registeredAt.map { $0.sinceStart < .seconds(1) } == true)
        #expect(world.registered?.approvals.count == size)
    }

    @Test(arguments: [4, 7], Mischief.allCases)
    func `f members of any mischief end without a key of their making, and no honest member is framed`(
        size: Int,
        mischief: Mischief
    ) {
        for seed in UInt64(1)...6 {
            let cast = Cast.hashed(size)
            let members = faulty(cast, seed: seed)
            let setting = CeremonyWorld.Setting(
                mischief: Dictionary(uniqueKeysWithValues: members.map { ($0, mischief) })
            )
            var world = CeremonyWorld(cast, setting, seed: seed)
            world.run()
            expectKey(world, "seed \(seed)")
            if mischief.isProvable {
                #expect(Set(world.audit.convicted.keys) == Set(members), "seed \(seed)")
            } else {
                #expect(world.audit.convicted.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [4, 7])
    func `crashes between any two actions make nobody deal or confirm twice`(size: Int) {
        for seed in UInt64(1)...30 {
            let setting = CeremonyWorld.Setting(crashOneIn: 3 + Int(seed % 10))
            var world = CeremonyWorld(Cast.hashed(size), setting, seed: seed)
            world.run()
            expectKey(world, "seed \(seed)")
        }
    }

    @Test func `crashes and mixed mischief together frame nobody`() {
        for seed in UInt64(1)...30 {
            let cast = Cast.hashed(7)
            let kinds = Mischief.allCases
            let mischief = faulty(cast, seed: seed).enumerated().map { offset, member in
                (member, kinds[(Int(seed) + 5 * offset) % kinds.count])
            }
            let setting = CeremonyWorld.Setting(
                mischief: Dictionary(uniqueKeysWithValues: mischief),
                crashOneIn: 12
            )
            var world = CeremonyWorld(cast, setting, seed: seed)
            world.run()
            expectKey(world, "seed \(seed) \(mischief)")
        }
    }

    @Test func `the death of a leader after its proposal does not stop the attempt`() {
        for seed in UInt64(1)...20 {
            let cast = Cast.hashed(7)
            let leader = cast.committee.leader(of: View(1))
            let others = cast.committee.indices.filter { $0 != leader }
            let setting = CeremonyWorld.Setting(
                mischief: [others[0]: .badShare],
                leaderDiesAfterProposal: .seconds(400)
            )
            var world = CeremonyWorld(cast, setting, seed: seed)
            world.run()
            expectKey(world, "seed \(seed)")
        }
    }

    @Test func `a member that comes late learns the key and its share from the logs and the chain`() {
        for seed in UInt64(1)...20 {
            let cast = Cast.hashed(7)
            let late = faulty(cast, seed: seed)
            let setting = CeremonyWorld.Setting(
                away: Dictionary(uniqueKeysWithValues: late.map { ($0, .seconds(900)) })
            )
            var world = CeremonyWorld(cast, setting, seed: seed)
            world.run()
            expectKey(world, "seed \(seed)")
            #expect(world.registeredAt.map { $0.sinceStart < .seconds(120) } == true, "seed \(seed)")
        }
    }

    @Test func `one seed gives one run`() {
        let runs = (0..<2).map { _ in
            let setting = CeremonyWorld.Setting(mischief: [MemberIndex(2): .badShare], crashOneIn: 8)
            var world = CeremonyWorld(Cast.hashed(7), setting, seed: 4)
            world.run()
            return "\(String(describing: world.registered?.transcript)) \(world.actions) \(world.now)"
        }
        #expect(runs[0] == runs[1])
    }
}
