import Consensus
import Primitives

/// A run of random faults, up to f liars and dead members among them, and then a quiet network.
struct Chaos {
    struct Result {
        var recovery: Duration?
        /// Live, honest leaders that were deposed after the recovery.
        var deposed: [String]
        var violations: [String]
    }

    var size = 4
    var seed: UInt64 = 0
    var duration: Duration = .seconds(20)
    var watch: Duration = .seconds(10)
    var patience: Duration = .seconds(60)
    var withLiars = true
    var loss: [Int] = [0, 0, 10, 100]
    var trace: ((String) -> Void)?

    func run() -> Result {
        var random = SplitMix64(seed: seed &* 7919 &+ 13)
        let roundTrip = [1, 50, 300].randomElement(using: &random)!
        let faults = (size - 1) / 3
        let members = (1...size).map { MemberIndex($0) }.shuffled(using: &random)
        let liarCount = withLiars ? Int.random(in: 0...faults, using: &random) : 0
        let deadCount = Int.random(in: 0...(faults - liarCount), using: &random)
        let hoard = Bool.random(using: &random) ? Hoard() : nil
        var liars: [MemberIndex: Liar] = [:]
        for member in members.prefix(liarCount) { liars[member] = Liar(random: &random, hoard: hoard) }
        let gone = Array(members[liarCount..<(liarCount + deadCount)])
        let honest = Array(members[liarCount...])
        let network = World.Network(roundTrip: .milliseconds(roundTrip), jitter: .milliseconds(1))
        let world = World(size: size, seed: seed, network: network, liars: liars)
        world.trace = trace
        trace?("liars \(liars.keys.sorted()), gone \(gone), round trip \(roundTrip) ms")
        world.run(for: .seconds(3))
        let end = world.now.advanced(by: duration)
        while world.now < end {
            disturb(world, honest, &random)
            world.run(for: .milliseconds(Int.random(in: 0...3_000, using: &random)))
        }
        calm(world, honest, gone, &random)
        let recovery = world.run(for: patience) { world.isContent }
        var deposed: [String] = []
        if recovery != nil {
            let view = world.commonView ?? View(0)
            world.note("settled in \(view)")
            let leader = world.committee.leader(of: view)
            world.run(for: watch)
            // Wishes that bind make a certificate for good: liars may have kept one from before the healing.
            let isStruck = (hoard?.struck ?? 0) > 0
            if world.live.contains(where: { $0.durableView > view }), liars[leader] == nil, !isStruck {
                deposed.append("seed \(seed): leader \(leader) of view \(view)")
            }
        }
        return Result(recovery: recovery, deposed: deposed, violations: world.checks.violations)
    }

    private func disturb(_ world: World, _ honest: [MemberIndex], _ random: inout SplitMix64) {
        let victim = honest.randomElement(using: &random)!
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20:
            var groups: [[MemberIndex]] = Array(repeating: [], count: Bool.random(using: &random) ? 2 : 3)
            for member in world.committee.indices {
                groups[Int.random(in: groups.indices, using: &random)].append(member)
            }
            world.partition(groups)
        case 20..<35:
            for _ in 0..<Int.random(in: 1...size, using: &random) {
                let from = Int.random(in: 0..<size, using: &random)
                let to = Int.random(in: 0..<size, using: &random)
                if from != to { world.isCut[from][to] = true }
            }
        case 35..<55: world.heal()
        case 55..<75:
            if world[victim].isAlive {
                world.kill(victim, closing: Int.random(in: 0..<10, using: &random) < 6)
            } else {
                world.restart(victim)
            }
        case 75..<80:
            for member in honest where Bool.random(using: &random) { world.kill(member) }
        case 80..<88: for member in honest { world.restart(member) }
        case 88..<95:
            world[victim].pause(for: .milliseconds(Int.random(in: 200...4_000, using: &random)))
        default: world.network.loss = loss.randomElement(using: &random)!
        }
    }

    private func calm(
        _ world: World,
        _ honest: [MemberIndex],
        _ gone: [MemberIndex],
        _ random: inout SplitMix64
    ) {
        world.network.loss = 0
        for member in gone { world.kill(member, closing: Bool.random(using: &random)) }
        for member in honest where !gone.contains(member) { world.restart(member) }
        world.heal()
        world.run(for: .milliseconds(1))
    }
}
