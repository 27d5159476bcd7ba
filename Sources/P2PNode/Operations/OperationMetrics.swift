internal import Gossip
internal import Metrics

/// The counters of links between oracles and operators.
struct OperationMetrics: Sendable {
    private let factory = MetricsSystem.factory

    /// Counts what is nobody's offence.
    func count(_ metric: OperationMetric, _ amount: Int) {
        counter("oracle_operation_events_total", [("event", "\(metric)")]).increment(by: amount)
    }

    /// Counts a peer's breach of the protocol.
    func count(_: OperationOffence) {
        counter("oracle_offences_total", [("part", "operations")]).increment()
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> Counter {
        Counter(label: label, dimensions: dimensions, factory: factory)
    }
}
