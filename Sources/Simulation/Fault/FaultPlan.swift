package import Primitives

/// All the bad things that happen in one run, drawn before it begins, so that a plan can be cut down and played again.
package struct FaultPlan: Hashable, Sendable {
    /// The faults in the order of time.
    package var faults: [PlannedFault]
    /// When the world becomes kind.
    package var end: WorldTime
    /// Honest members that stay dead after that; with the rule-breakers at most f.
    package var gone: [MemberIndex]

    /// Joins the parts.
    package init(faults: [PlannedFault], end: WorldTime, gone: [MemberIndex] = []) {
        self.faults = faults
        self.end = end
        self.gone = gone
    }

    /// What a seed has in store for the honest members.
    package static func drawn(for scenario: Scenario, honest: [MemberIndex], seed: UInt64) -> FaultPlan {
        var drawing = Drawing(scenario: scenario, honest: honest, seed: seed)
        return drawing.plan()
    }
}

/// Draws a plan.
private struct Drawing {
    let scenario: Scenario
    let honest: [MemberIndex]
    var random: SplitMix64

    init(scenario: Scenario, honest: [MemberIndex], seed: UInt64) {
        self.scenario = scenario
        self.honest = honest
        random = SplitMix64(seed: seed &* 0x2545_F491_4F6C_DD1D &+ 11)
    }

    mutating func plan() -> FaultPlan {
        let end = WorldTime.start + Span(nanoseconds: scenario.badTimes.nanosecondsRoundedUp)
        var faults: [PlannedFault] = []
        let delays = random.pick([(300, 1_000), (300, 1_000), (10_000, 30_000), (80_000, 150_000)])
        let isCalm = scenario.intensity == .calm
        if !isCalm { faults.append(PlannedFault(at: .start, .delay(delays.0, delays.1))) }
        // Of the runs, some are bad from the first moment on, so that the making of the key is hit too.
        var moment = WorldTime.start + .milliseconds(random.permille(500) ? 50 : 5_000)
        while moment < end, !isCalm {
            if let fault = draw() { faults.append(PlannedFault(at: moment, fault)) }
            moment = moment + .milliseconds(random.number(in: 0...2_500))
        }
        let spare = scenario.faultLimit - scenario.byzantine
        let gone = isCalm ? [] : Array(random.mixed(honest).prefix(random.below(spare + 1)))
        return FaultPlan(faults: faults, end: end, gone: gone)
    }

    private mutating func draw() -> Fault? {
        let intensity = scenario.intensity
        let kinds: [(weight: Int, draw: (inout Drawing) -> Fault)] = [
            (intensity.network * 40, { $0.network() }),
            (intensity.crashes * 30, { $0.crash() }),
            (intensity.clocks * 12, { $0.clock() }),
            (intensity.disks * 6, { $0.disk() }),
            (intensity.chain * 12, { $0.scenario.chain == .told ? $0.chain() : $0.ledger() }),
        ]
        let total = kinds.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        // The less intense a world, the rarer its faults.
        guard random.below(100_000) < total else { return nil }
        var place = random.below(total)
        for kind in kinds {
            if place < kind.weight { return kind.draw(&self) }
            place -= kind.weight
        }
        return nil
    }

    private mutating func member() -> MemberIndex { MemberIndex(random.below(scenario.size) + 1) }

    private mutating func network() -> Fault {
        switch random.below(100) {
        case 0..<18:
            let groups = random.permille(500) ? 2 : 3
            return .partition((0..<scenario.size).map { _ in random.below(groups) })
        case 18..<45: return .cut(member(), member())
        case 45..<70: return .heal
        case 70..<82: return .reset(member(), member())
        case 82..<92: return .loss(permille: random.pick([0, 0, 1, 10, 50, 200]))
        default:
            let delays = random.pick([(300, 1_000), (300, 1_000), (2_000, 60_000), (80_000, 150_000)])
            return .delay(delays.0, delays.1)
        }
    }

    private mutating func crash() -> Fault {
        let victim = random.pick(honest)
        switch random.below(100) {
        case 0..<35: return .kill(victim, afterActions: random.below(12))
        case 35..<47: return .powerLoss(victim, afterActions: random.below(12))
        case 47..<80: return .restart(victim)
        case 80..<84: return .killAll
        case 84..<96: return .restartAll
        default: return .drain(victim, random.permille(400))
        }
    }

    private mutating func clock() -> Fault {
        let victim = random.pick(honest)
        switch random.below(10) {
        case 0..<6: return .pause(victim, milliseconds: 50 + random.below(4_000))
        case 6..<8: return .drift(victim, billionths: Int(random.number(in: -500_000...500_000)))
        default: return .leap(victim, milliseconds: 10 + random.below(5_000))
        }
    }

    private mutating func disk() -> Fault {
        let victim = random.pick(honest)
        if random.permille(300) { return .failingDisk(victim) }
        return .slowDisk(victim, microseconds: random.pick([100, 1_000, 20_000, 300_000, 2_000_000]))
    }

    /// What a world with chain clients does with the chain.
    private mutating func ledger() -> Fault {
        guard case .client(let access) = scenario.chain else { return chain() }
        switch random.below(100) {
        case 0..<16: return .reorganise(depth: 1 + random.below(8), keeping: random.pick([0, 500, 1_000]))
        case 16..<22: return .stuck(seconds: 5 + random.below(60))
        case 22..<30: return .crowd(blocks: 5 + random.below(30))
        case 30..<36: return .poolLoss(permille: random.pick([300, 1_000]))
        case 36..<39: return .stranger(random.pick(honest))
        default: return .endpoint(member(), random.below(access.endpoints), mood())
        }
    }

    private mutating func mood() -> EndpointMood {
        switch random.below(24) {
        case 0, 1: .silent
        case 2: .unreachable
        case 3: .status(random.pick([429, 500, 503]), retryAfter: random.pick([nil, 1, 20, 100_000]))
        case 4: .page
        case 5: .garbled(random.next())
        case 6: .singles
        case 7, 8: .behind(1 + random.below(10))
        case 9: .stuck
        case 10: .narrow(1 + random.below(4))
        case 11: .swallowing
        case 12: .hiding
        case 13: .forging
        case 14: .falsifying
        case 15: .branching
        default: .sound
        }
    }

    /// What a world without chain clients does with the chain.
    private mutating func chain() -> Fault {
        let victim = random.pick(honest)
        switch random.below(100) {
        case 0..<35: return .reorganise(depth: 1 + random.below(6), keeping: random.pick([0, 500, 1_000]))
        case 35..<45: return .stuck(seconds: 5 + random.below(60))
        case 45..<65: return .chainLag(victim, blocks: random.below(4))
        case 65..<75: return .chainBlind(victim, true)
        case 75..<90: return .chainBlind(victim, false)
        case 90..<95: return .chainLie(victim, View(UInt64(random.below(40))))
        default: return .chainForge(victim, View(UInt64(random.below(40))))
        }
    }
}
