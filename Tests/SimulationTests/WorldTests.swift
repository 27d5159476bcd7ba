import Primitives
import Simulation
import Testing

/// Whole committees through bad times: every promise kept at every step, and a leader again once the world is kind.
@Suite struct WorldTests {
    struct Setting: CustomTestStringConvertible {
        let size: Int
        let byzantine: Int
        let seeds: Range<UInt64>
        var testDescription: String { "n = \(size), \(byzantine) byzantine" }
    }

    private static func scenario(size: Int, byzantine: Int = 0) -> Scenario {
        var scenario = Scenario(size: size, byzantine: byzantine)
        scenario.badTimes = .seconds(20)
        scenario.watch = .seconds(5)
        return scenario
    }

    @Test(arguments: [
        Setting(size: 4, byzantine: 0, seeds: 0..<4), Setting(size: 4, byzantine: 1, seeds: 0..<4),
        Setting(size: 7, byzantine: 2, seeds: 0..<2), Setting(size: 10, byzantine: 3, seeds: 0..<1),
    ])
    func `every promise is kept through bad times`(setting: Setting) {
        for seed in setting.seeds {
            let scenario = Self.scenario(size: setting.size, byzantine: setting.byzantine)
            let report = Simulation.run(scenario, seed: seed)
            #expect(report.violations == [], "seed \(seed), \(report.strategies)")
            #expect(report.recovery != nil)
        }
    }

    @Test(arguments: [StrategyKind.replayer, .flapper])
    func `what a rule-breaker does with its links breaks no promise`(kind: StrategyKind) {
        var scenario = Self.scenario(size: 4, byzantine: 1)
        scenario.badTimes = .seconds(8)
        scenario.assigned = [[kind]]
        for seed in UInt64(1)...4 {
            let report = Simulation.run(scenario, seed: seed)
            #expect(report.violations == [], "seed \(seed)")
        }
    }

    @Test func `one seed decides everything`() {
        var scenario = Self.scenario(size: 4, byzantine: 1)
        scenario.badTimes = .seconds(6)
        scenario.watch = .seconds(1)
        let first = Simulation.run(scenario, seed: 5)
        let again = Simulation.run(scenario, seed: 5)
        let other = Simulation.run(scenario, seed: 6)
        #expect(first.traceHash == again.traceHash)
        #expect(first.events == again.events)
        #expect(first.traceHash != other.traceHash)
    }

    @Test func `a calm world elects once and changes no view`() {
        var scenario = Self.scenario(size: 4)
        scenario.intensity = .calm
        let report = Simulation.run(scenario, seed: 1)
        #expect(report.violations == [])
        #expect(report.viewChanges == 0)
        #expect(report.elections == 1)
    }

    @Test func `the product's cryptography keeps the promises too`() {
        var scenario = Self.scenario(size: 4, byzantine: 1)
        scenario.signatures = .real
        scenario.badTimes = .seconds(8)
        scenario.strategies = [.saboteur]
        let report = Simulation.run(scenario, seed: 2)
        #expect(report.violations == [])
    }
}
