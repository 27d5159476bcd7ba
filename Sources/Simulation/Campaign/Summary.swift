/// What many runs came to.
package struct Summary: Sendable {
    /// How many seeds were played.
    package private(set) var seeds = 0
    /// How many of them with the product's cryptography.
    package private(set) var realSeeds = 0
    /// The simulated time of all nodes of all runs, in minutes.
    package private(set) var nodeMinutes = 0.0
    /// How many of them had an honest member to spare, so that a leader could die in the end.
    package private(set) var seedsToSpare = 0
    /// How many events all runs went through.
    package private(set) var events = 0
    /// How many views were entered, each run's first apart.
    package private(set) var viewChanges = 0
    /// How many elections were certified.
    package private(set) var elections = 0
    /// How many messages honest members sent.
    package private(set) var messages = 0
    /// From the death of a leader's process to the next certified election; see ``Report/failover``.
    package private(set) var failovers = Spread()
    /// The same where its host falls silent with it.
    package private(set) var silentFailovers = Spread()
    /// From the moment at which the world became kind to a certified leader in everybody's eyes.
    package private(set) var recoveries = Spread()
    /// The seed with the longest recovery.
    package private(set) var slowestSeed: UInt64?
    /// The runs in which a promise was broken, without their traces, in the order of their seeds.
    package private(set) var failures: [Report] = []

    /// Nothing yet.
    package init() {}

    /// Counts a run.
    package mutating func add(_ report: Report) {
        seeds += 1
        if report.scenario.signatures == .real { realSeeds += 1 }
        if report.scenario.byzantine + report.plan.gone.count < report.scenario.faultLimit {
            seedsToSpare += 1
        }
        nodeMinutes += report.nodeMinutes
        events += report.events
        viewChanges += report.viewChanges
        elections += report.elections
        messages += report.messages
        if let span = report.failover { failovers.add(span) }
        if let span = report.silentFailover { silentFailovers.add(span) }
        if let recovery = report.recovery {
            if recoveries.greatest.map({ recovery > $0 }) ?? true { slowestSeed = report.seed }
            recoveries.add(recovery)
        }
        guard !report.isGood else { return }
        var failure = report
        failure.trace = []
        let place = failures.firstIndex { $0.seed > report.seed } ?? failures.endIndex
        failures.insert(failure, at: place)
    }
}

/// A set of times, of which the percentiles are asked for.
package struct Spread: Sendable {
    private var spans: [Span] = []

    /// How many there are.
    package var count: Int { spans.count }
    /// The greatest; `nil` when there is none.
    package private(set) var greatest: Span?

    mutating func add(_ span: Span) {
        spans.append(span)
        greatest = greatest.map { max($0, span) } ?? span
    }

    /// The smallest time that is not exceeded by this share of all.
    ///
    /// - Parameter percent: From above 0 to 100.
    /// - Returns: That time; `nil` when there is none at all.
    /// - Complexity: that of sorting; ask once.
    package func percentile(_ percent: Double) -> Span? {
        guard !spans.isEmpty else { return nil }
        let place = Int((percent / 100 * Double(spans.count)).rounded(.up)) - 1
        return spans.sorted()[min(max(place, 0), spans.count - 1)]
    }
}
