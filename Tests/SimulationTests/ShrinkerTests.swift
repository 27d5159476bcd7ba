import Primitives
import Simulation
import Testing

@Suite struct ShrinkerTests {
    private static func players(_ seat: Seat) -> any Player { BrokenPlayer(seat, .forgetsItsView) }

    private static func failure() throws -> Report {
        var scenario = Scenario(size: 4)
        scenario.badTimes = .seconds(20)
        scenario.watch = .seconds(2)
        for seed in UInt64(0)..<40 {
            let report = Simulation.run(scenario, seed: seed, players: players)
            if report.violations.contains(where: { $0.property == .viewsOnlyRise }) { return report }
        }
        throw NoFailure()
    }

    struct NoFailure: Error {}

    @Test func `cuts a failing run down to the faults that matter, and it still fails`() throws {
        let failure = try Self.failure()
        var shrinker = Shrinker(failure, players: Self.players)
        shrinker.shrink(budget: 40)
        #expect(shrinker.kept.count < failure.plan.faults.count)
        #expect(shrinker.report.plan.faults.count == shrinker.kept.count)
        #expect(!shrinker.report.isGood)
    }

    @Test func `a shrunk run is played again from its seed and the places of its faults`() throws {
        let failure = try Self.failure()
        var shrinker = Shrinker(failure, players: Self.players)
        shrinker.shrink(budget: 20)
        let plan = Simulation.plan(failure.scenario, seed: failure.seed).keeping(shrinker.kept)
        let again = Simulation.run(failure.scenario, seed: failure.seed, plan: plan, players: Self.players)
        #expect(again.traceHash == shrinker.report.traceHash)
        #expect(again.violations == shrinker.report.violations)
    }

    @Test func `spends no more runs than it may`() throws {
        var shrinker = Shrinker(try Self.failure(), players: Self.players)
        shrinker.shrink(budget: 3)
        #expect(shrinker.runs <= 3)
    }
}
