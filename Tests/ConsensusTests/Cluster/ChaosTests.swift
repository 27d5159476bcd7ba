import Primitives
import Testing

/// Safety at every step of random runs, and liveness once the network is quiet.
@Suite struct ChaosTests {
    struct Case: CustomTestStringConvertible {
        let size: Int
        let seeds: UInt64
        var testDescription: String { "n = \(size)" }
    }

    @Test(arguments: [
        Case(size: 4, seeds: 60), Case(size: 7, seeds: 20), Case(size: 10, seeds: 6),
    ])
    func `recovers from any reachable state and keeps the leader then`(_ run: Case) {
        var spans: [Duration] = []
        var deposed: [String] = []
        for seed in Seeds.count(run.seeds) {
            let result = Chaos(size: run.size, seed: seed).run()
            #expect(result.violations == [])
            guard let recovery = result.recovery else {
                Issue.record("n = \(run.size), seed \(seed): never recovered")
                continue
            }
            spans.append(recovery)
            deposed += result.deposed
        }
        Figures.report("recovery \(run.testDescription)", spans)
        #expect(deposed == [])
    }
}
