import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct SigningClusterTests {
    private static let sizes = [4, 7]

    private func faulty(_ cast: Cast, seed: UInt64) -> [MemberIndex] {
        var random = RepeatableRandom(seed &* 77)
        var members = cast.committee.indices
        return (0..<cast.committee.faultLimit).map { _ in members.remove(at: random.below(members.count)) }
    }

    @Test(arguments: [4, 7, 31])
    func `an undisturbed committee certifies its first view at once`(size: Int) {
        var world = SigningWorld(Cast.hashed(size), SigningWorld.Setting(), seed: UInt64(size))
        world.run()
        // The second is open before the last share of the first has come.
        #expect(world.certificates.map(\.sessions).allSatisfy { $0 <= 2 })
        #expect(world.certificates.first?.endorsement == world.cast.election(in: View(1)))
        #expect(world.audit.breaches.isEmpty)
    }

    @Test(arguments: sizes, Sabotage.allCases)
    func `f saboteurs of a kind do not stop a committee, and no honest member is blamed`(
        size: Int,
        sabotage: Sabotage
    ) {
        for seed in UInt64(1)...20 {
            let cast = Cast.hashed(size)
            let members = faulty(cast, seed: seed)
            let setting = SigningWorld.Setting(
                sabotage: Dictionary(uniqueKeysWithValues: members.map { ($0, sabotage) }),
                isRigged: seed.isMultiple(of: 2)
            )
            var world = SigningWorld(cast, setting, seed: seed)
            world.run()
            #expect(world.certificates.count == 1, "seed \(seed)")
            #expect(world.audit.breaches.isEmpty, "seed \(seed)")
            let limit = size - cast.committee.quorum + 1
            #expect(world.certificates.allSatisfy { $0.sessions <= limit }, "seed \(seed)")
        }
    }

    @Test(arguments: [4, 7, 31], [Sabotage.adaptiveSilence, .adaptiveLie])
    func `adaptive saboteurs cost one session each and no more`(size: Int, sabotage: Sabotage) {
        let cast = Cast.hashed(size)
        let leader = cast.committee.leader(of: View(1))
        let members = cast.committee.indices.filter { $0 != leader }.suffix(cast.committee.faultLimit)
        let setting = SigningWorld.Setting(
            sabotage: Dictionary(uniqueKeysWithValues: members.map { ($0, sabotage) }),
            isRigged: true
        )
        var world = SigningWorld(cast, setting, seed: 5)
        world.run()
        #expect(world.certificates.map(\.endorsement) == [cast.election(in: View(1))])
        #expect(world.certificates.map(\.sessions) == [size - cast.committee.quorum + 1])
        #expect(world.audit.breaches.isEmpty)
        if sabotage == .adaptiveLie { #expect(world.audit.convicted == Set(members)) }
    }

    @Test(arguments: sizes)
    func `crashes between any two actions cost neither a nonce twice nor a vote without a lock`(size: Int) {
        for seed in UInt64(1)...80 {
            let cast = Cast.hashed(size)
            let setting = SigningWorld.Setting(crashOneIn: 4 + Int(seed % 20), views: 20)
            var world = SigningWorld(cast, setting, seed: seed)
            world.run()
            #expect(world.certificates.count >= 1, "seed \(seed)")
            #expect(world.audit.breaches.isEmpty, "seed \(seed): \(world.audit.breaches)")
        }
    }

    @Test func `crashes and mixed saboteurs together frame nobody`() {
        for seed in UInt64(1)...60 {
            let cast = Cast.hashed(7)
            let members = faulty(cast, seed: seed)
            let kinds = Sabotage.allCases
            let sabotage = members.enumerated().map { offset, member in
                (member, kinds[(Int(seed) + 3 * offset) % kinds.count])
            }
            let setting = SigningWorld.Setting(
                sabotage: Dictionary(uniqueKeysWithValues: sabotage),
                crashOneIn: 15,
                views: 24
            )
            var world = SigningWorld(cast, setting, seed: seed)
            world.run()
            #expect(world.certificates.count >= 1, "seed \(seed)")
            #expect(world.audit.breaches.isEmpty, "seed \(seed): \(world.audit.breaches)")
        }
    }

    @Test func `one seed gives one run`() {
        let setting = SigningWorld.Setting(crashOneIn: 10)
        let runs = (0..<2).map { _ in
            var world = SigningWorld(Cast.hashed(7), setting, seed: 9)
            world.run()
            return world.certificates.map { "\($0.endorsement.statement) \($0.sessions)" }
        }
        #expect(runs[0] == runs[1])
    }
}
