package import Primitives

/// What came of one run.
package struct Report: Sendable {
    /// A promise that was broken.
    package struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// Which property, by its name in the protocol.
        package let property: Property
        /// When.
        package let at: WorldTime
        /// What was seen.
        package let what: String

        package var description: String { "\(at) \(property.rawValue): \(what)" }
    }

    /// What was played.
    package let scenario: Scenario
    /// With which seed.
    package let seed: UInt64
    /// What happened to the world.
    package let plan: FaultPlan
    /// What each rule-breaker did.
    package let strategies: [MemberIndex: [StrategyKind]]
    /// The promises broken; empty in a good run.
    package var violations: [Violation] = []
    /// How many events the world went through.
    package var events = 0
    /// How long the run was in simulated time.
    package var span = Span(nanoseconds: 0)
    /// How many views were entered by the first member to do so, the first view apart.
    package var viewChanges = 0
    /// From the death of the leader's process, in the kind world at the run's end, to the next certified election.
    ///
    /// Only where the honest members that are left make a quorum: else the rule-breakers decide how long it takes.
    package var failover: Span?
    /// The same where the leader's host falls silent with it.
    package var silentFailover: Span?
    /// How many messages honest members sent over links, and in how many bytes.
    package var messages = 0
    /// The bodies' bytes of those messages.
    package var bytes = 0
    /// How many elections were certified.
    package var elections = 0
    /// From the moment at which the world became kind to a certified leader in everybody's eyes; `nil`: never.
    package var recovery: Span?
    /// The hash of everything that happened.
    package var traceHash: UInt64 = 0
    /// What happened, if it was to be kept.
    package var trace: [TraceRecord] = []

    /// Whether every promise was kept.
    package var isGood: Bool { violations.isEmpty }

    /// The simulated time of all nodes together, in minutes.
    package var nodeMinutes: Double { Double(scenario.size) * span.seconds / 60 }
}
