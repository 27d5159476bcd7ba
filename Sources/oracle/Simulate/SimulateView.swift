import FoundationEssentials
import Simulation

/// What simulated runs came to, as people and programs read it.
struct SimulateView {
    let isTerminal: Bool

    /// What is about to be played.
    func heading(_ scenario: Scenario, seeds: Int) -> String {
        let bad =
            scenario.byzantine == 0
            ? "none of which breaks the rules" : "\(scenario.byzantine) of which break the rules"
        let minutes = scenario.badTimes / .seconds(60)
        return
            "\(seeds) seeds: \(scenario.size) oracles, \(bad), \(Self.number(minutes)) simulated min of bad times each"
    }

    // MARK: Many seeds

    /// The table of a campaign.
    func text(_ summary: Summary, seconds: Double) -> String {
        let isGood = summary.failures.isEmpty
        let verdict =
            isGood
            ? paint("every promise was kept", .green)
            : paint("\(summary.failures.count) of \(summary.seeds) seeds broke a promise", .red)
        var lines = [verdict, ""]
        lines += facts(summary, seconds).map { name, value in paint(name.padding(to: 14), .dim) + value }
        for failure in summary.failures.prefix(10) {
            let first = failure.violations.first.map { "\($0)" } ?? ""
            lines.append(paint("seed \(failure.seed)".padding(to: 14), .red) + first)
        }
        if summary.failures.count > 10 { lines.append("… and \(summary.failures.count - 10) more") }
        return lines.joined(separator: "\n")
    }

    private func facts(_ summary: Summary, _ seconds: Double) -> [(String, String)] {
        let messages = summary.elections == 0 ? 0 : summary.messages / summary.elections
        return [
            ("seeds", "\(summary.seeds), \(summary.realSeeds) with the product's cryptography"),
            (
                "simulated",
                "\(Int(summary.nodeMinutes)) node-minutes in \(Self.number(seconds)) s, "
                    + "\(Int(summary.nodeMinutes / max(seconds, 0.001))) a second; \(summary.events) events"
            ),
            ("views", "\(summary.viewChanges) changes, \(summary.elections) certified elections"),
        ] + deaths(summary) + [
            (
                "recovery",
                Self.spread(summary.recoveries) + (summary.slowestSeed.map { " (seed \($0))" } ?? "")
            ),
            ("messages", "\(messages) for each certified election, heartbeats included"),
        ]
    }

    /// What came of leaders that died at the end.
    private func deaths(_ summary: Summary) -> [(String, String)] {
        guard summary.seedsToSpare > 0 else {
            return [("leader dies", "not tried: without it those who keep to the rules are no quorum")]
        }
        return [
            ("leader dies", Self.spread(summary.failovers)),
            ("… in silence", Self.spread(summary.silentFailovers)),
        ]
    }

    private static func spread(_ spread: Spread) -> String {
        guard let median = spread.percentile(50), let most = spread.percentile(90),
            let nearly = spread.percentile(99),
            let worst = spread.greatest
        else { return "none seen" }
        return
            "median \(time(median)), 90 % \(time(most)), 99 % \(time(nearly)), worst \(time(worst)), of \(spread.count)"
    }

    // MARK: One seed

    /// What came of one seed.
    func text(_ report: Report) -> String {
        var lines = [
            report.isGood
                ? paint("seed \(report.seed): every promise was kept", .green)
                : paint("seed \(report.seed): broke a promise", .red)
        ]
        lines += report.violations.map { "  \($0)" }
        let breakers = report.strategies.sorted { $0.key < $1.key }
        lines += breakers.map {
            "  oracle \($0) breaks the rules: \($1.map(\.rawValue).joined(separator: ", "))"
        }
        lines.append(
            "  \(report.plan.faults.count) faults, \(report.viewChanges) view changes, \(report.elections) elections, "
                + "\(report.events) events in \(Self.number(report.span.seconds)) simulated s"
        )
        if let recovery = report.recovery {
            lines.append("  agreed on a certified leader \(Self.time(recovery)) after the bad times")
        }
        return lines.joined(separator: "\n")
    }

    /// A failure that was cut down: its chart, and how to play it again.
    func failure(_ report: Report, kept: [Int], of all: Int, command: String) -> String {
        """

        \(paint("seed \(report.seed), cut down to \(kept.count) of its \(all) faults", .bold))
        \(SequenceChart(report, limit: 60))

        Play it again:
          \(command)
        """
    }

    // MARK: JSON

    private struct Outcome: Encodable {
        struct Times: Encodable {
            let count: Int
            let median: Double?
            let p90: Double?
            let p99: Double?
            let worst: Double?

            init(_ spread: Spread) {
                count = spread.count
                median = spread.percentile(50)?.seconds
                p90 = spread.percentile(90)?.seconds
                p99 = spread.percentile(99)?.seconds
                worst = spread.greatest?.seconds
            }
        }

        struct Failure: Encodable {
            let seed: UInt64
            let violations: [String]
        }

        let seeds: Int
        let realSeeds: Int
        let seconds: Double
        let nodeMinutes: Double
        let events: Int
        let viewChanges: Int
        let elections: Int
        let messages: Int
        let failoverSeconds: Times
        let silentFailoverSeconds: Times
        let recoverySeconds: Times
        let failures: [Failure]
    }

    /// A campaign for programs.
    func json(_ summary: Summary, seconds: Double) throws -> String {
        try encode(
            Outcome(
                seeds: summary.seeds,
                realSeeds: summary.realSeeds,
                seconds: seconds,
                nodeMinutes: summary.nodeMinutes,
                events: summary.events,
                viewChanges: summary.viewChanges,
                elections: summary.elections,
                messages: summary.messages,
                failoverSeconds: Outcome.Times(summary.failovers),
                silentFailoverSeconds: Outcome.Times(summary.silentFailovers),
                recoverySeconds: Outcome.Times(summary.recoveries),
                failures: summary.failures.map {
                    Outcome.Failure(seed: $0.seed, violations: $0.violations.map { "\($0)" })
                }
            )
        )
    }

    /// One seed for programs: as a campaign of one.
    func json(_ report: Report) throws -> String {
        var summary = Summary()
        summary.add(report)
        return try json(summary, seconds: 0)
    }

    private func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    // MARK: Words

    private func paint(_ text: String, _ colour: Terminal.Colour) -> String {
        Terminal.paint(text, colour, isTerminal)
    }

    private static func time(_ span: Span) -> String {
        let milliseconds = span.seconds * 1_000
        return milliseconds < 1_000 ? "\(Int(milliseconds.rounded())) ms" : "\(number(span.seconds)) s"
    }

    /// With one decimal, or none.
    private static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }
}
