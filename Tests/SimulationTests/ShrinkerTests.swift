import Primitives
import Simulation
import Testing

@Suite struct ShrinkerTests {
    private static func players(_ seat: Seat) -> any Player { BrokenPlayer(seat, .forgetsItsView) }

    /// A run that fails, found once for all tests.
    private static let failure: Report? = {
        var scenario = Scenario(size: 4)
        scenario.badTimes = .seconds(12)
        scenario.watch = .seconds(1)
        return (UInt64(0)..<40).lazy.map { Simulation.run(scenario, seed: $0, players: players) }.first {
            $0.violations.contains { $0.property == .viewsOnlyRise }
        }
    }()

    @Test func `cuts a failing run down to the faults that matter, which fail again from seed and places`()
        throws
    {
        let failure = try #require(Self.failure)
        var shrinker = Shrinker(failure, players: Self.players)
        shrinker.shrink(budget: 20)
        #expect(shrinker.kept.count < failure.plan.faults.count)
        #expect(shrinker.report.plan.faults.count == shrinker.kept.count)
        #expect(!shrinker.report.isGood)
        let plan = Simulation.plan(failure.scenario, seed: failure.seed).keeping(shrinker.kept)
        let again = Simulation.run(failure.scenario, seed: failure.seed, plan: plan, players: Self.players)
        #expect(again.traceHash == shrinker.report.traceHash)
        #expect(again.violations == shrinker.report.violations)
    }

    @Test func `spends no more runs than it may`() throws {
        var shrinker = Shrinker(try #require(Self.failure), players: Self.players)
        shrinker.shrink(budget: 3)
        #expect(shrinker.runs <= 3)
    }
}
