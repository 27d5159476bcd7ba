import Primitives

/// Collects the actions of one event, and adds up what is counted.
struct Outbox: Sendable {
    private var actions: [GossipMachine.Action] = []
    private var metrics: [GossipMetric] = []
    private var counts: [Int] = []

    /// Puts an action after those before it.
    mutating func append(_ action: GossipMachine.Action) {
        actions.append(action)
    }

    /// Orders a message to be sent.
    mutating func send(_ message: LinkMessage, to member: MemberIndex) {
        actions.append(.send(message, to: member))
    }

    /// Orders a message to be sent to each of the members.
    mutating func send(_ message: LinkMessage, to members: [MemberIndex]) {
        for member in members { actions.append(.send(message, to: member)) }
    }

    /// Tells the rest of the node.
    mutating func deliver(_ fact: GossipFact) {
        actions.append(.deliver(fact))
    }

    /// Adds to a counter.
    mutating func count(_ metric: GossipMetric, _ amount: Int = 1) {
        guard amount > 0 else { return }
        if let index = metrics.firstIndex(of: metric) {
            counts[index] += amount
        } else {
            metrics.append(metric)
            counts.append(amount)
        }
    }

    /// Counts something dropped.
    mutating func drop(_ reason: DropReason, _ amount: Int = 1) {
        count(.dropped(reason), amount)
    }

    /// All actions in order, the counts last.
    consuming func finish() -> [GossipMachine.Action] {
        for (metric, count) in zip(metrics, counts) { actions.append(.count(metric, count)) }
        return actions
    }
}
