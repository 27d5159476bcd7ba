import Foundation
import Simulation
import TestSupport
import Testing

/// Keeps the formal model (`docs/model`) and the machines together.
///
/// The files are what the machines did; `scripts/check-model` holds each of their lines to the model's rules. So a
/// machine that behaves differently fails here, and one that breaks a rule of the model fails there. After a change
/// of behaviour, `ORACLE_TRACE_DIR=Tests/Fixtures/view-change` in the environment writes the files anew.
@Suite struct ModelTraceTests {
    struct Run: CustomTestStringConvertible {
        let size: Int
        let byzantine: Int
        let seed: UInt64
        var name: String { "n\(size)-liars\(byzantine)-seed\(seed).trace" }
        var testDescription: String { name }
    }

    private static let runs = [
        Run(size: 4, byzantine: 0, seed: 1), Run(size: 4, byzantine: 0, seed: 2),
        Run(size: 4, byzantine: 1, seed: 3), Run(size: 4, byzantine: 1, seed: 4),
        Run(size: 4, byzantine: 1, seed: 5), Run(size: 7, byzantine: 2, seed: 6),
        Run(size: 7, byzantine: 1, seed: 7),
    ]

    @Test(arguments: runs)
    func `the machines do what the traces held to the model say`(run: Run) throws {
        var scenario = Scenario(size: run.size, byzantine: run.byzantine)
        scenario.badTimes = .seconds(25)
        scenario.watch = .seconds(3)
        // What the contract says is true in the model: a member's own endpoint does not lie.
        scenario.intensity.chain = 0
        // What rule-breakers do with their links and to the key is beneath the model; the traces do without it.
        let beneath: [StrategyKind] = [.replayer, .flapper, .lateForker]
        scenario.strategies = StrategyKind.allCases.filter { !beneath.contains($0) }
        let log = StepLog()
        let report = Simulation.run(scenario, seed: run.seed) { WatchedPlayer($0, log) }
        #expect(report.violations == [])
        let head = "# Made by ModelTraceTests: \(run.size) members, seed \(run.seed).\n"
        let liars = report.strategies.keys.sorted().map { "\($0)" }.joined(separator: " ")
        let text = head + (liars.isEmpty ? "" : "liars \(liars)\n") + log.text
        if let folder = ProcessInfo.processInfo.environment["ORACLE_TRACE_DIR"] {
            try Data(text.utf8).write(to: URL(filePath: folder).appending(path: run.name))
        }
        let file = Fixture.repository.appending(path: "Tests/Fixtures/view-change").appending(path: run.name)
        let kept = try String(contentsOf: file, encoding: .utf8)
        let same = zip(text.split(separator: "\n"), kept.split(separator: "\n")).prefix { $0 == $1 }.count
        #expect(text == kept, "differs after line \(same)")
    }
}
