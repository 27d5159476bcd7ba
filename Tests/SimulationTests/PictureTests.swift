import Primitives
import Simulation
import Testing

/// What people are shown of a run.
@Suite struct PictureTests {
    /// One run for all tests.
    private static let report: Report = {
        var scenario = Scenario(size: 4, byzantine: 1)
        scenario.badTimes = .seconds(10)
        scenario.watch = .seconds(1)
        scenario.strategies = [.silent]
        return Simulation.run(scenario, seed: 3, keepsTrace: true)
    }()

    @Test func `a chart has a column for each member, a star for rule-breakers and a line for each event`() {
        let report = Self.report
        let lines = SequenceChart(report).lines
        let columns = lines[0].split(separator: " ").dropFirst()
        #expect(columns.count == 4)
        #expect(columns.filter { $0.hasSuffix("*") }.count == 1)
        #expect(lines.count == 1 + report.trace.count + report.violations.count)
    }

    @Test func `a chart shows who leads`() {
        let lines = SequenceChart(Self.report).lines
        #expect(lines.contains { $0.hasSuffix(" leads") && $0.contains("#") })
    }

    @Test func `a long chart shows its end and says how much is left out`() {
        let report = Self.report
        let lines = SequenceChart(report, limit: 5).lines
        #expect(lines[1].hasSuffix("\(report.trace.count - 5) earlier lines"))
        #expect(lines.last == SequenceChart(report).lines.last)
    }

    @Test func `a timeline has lanes, certificates and the moment at which all agree`() {
        let svg = Timeline(Self.report).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        for number in 1...4 { #expect(svg.contains(">oracle \(number)")) }
        #expect(svg.contains("<circle "))
        #expect(svg.contains("all agree on view"))
        // What is opened is closed: no text of the trace breaks the markup.
        for tag in ["text", "rect", "circle", "line", "path", "title"] {
            let opened = svg.split(separator: "<\(tag)", omittingEmptySubsequences: false).count - 1
            let closed = svg.split(separator: "</\(tag)>", omittingEmptySubsequences: false).count - 1
            let selfClosed = tag == "rect" ? 1 : 0
            #expect(opened == closed + selfClosed, "\(tag)")
        }
    }

    @Test func `a summary counts runs and tells the worst`() {
        let report = Self.report
        var summary = Summary()
        summary.add(report)
        summary.add(report)
        #expect(summary.seeds == 2)
        #expect(summary.elections == 2 * report.elections)
        #expect(summary.recoveries.percentile(50) == report.recovery)
        #expect(summary.recoveries.greatest == report.recovery)
        #expect(summary.slowestSeed == report.seed)
        #expect(summary.failures.isEmpty)
    }
}
