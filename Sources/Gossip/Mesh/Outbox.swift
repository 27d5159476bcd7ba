import Primitives

/// Collects the actions of one event, and adds up what is counted.
struct Outbox: Sendable {
    private var actions: [GossipMachine.Action] = []
    private var counts: [(metric: GossipMetric, count: Int)] = []

    /// Puts an action after those before it.
    mutating func append(_ action: GossipMachine.Action) {
        if actions.isEmpty { actions.reserveCapacity(4) }
        actions.append(action)
    }

    /// Orders a message to be sent.
    mutating func send(_ message: LinkMessage, to member: MemberIndex) {
        append(.send(message, to: member))
    }

    /// Orders a message to be sent to each of the members.
    mutating func send(_ message: LinkMessage, to members: [MemberIndex]) {
        for member in members { append(.send(message, to: member)) }
    }

    /// Tells the rest of the node.
    mutating func deliver(_ fact: GossipFact) {
        append(.deliver(fact))
    }

    /// Adds to a counter.
    mutating func count(_ metric: GossipMetric, _ amount: Int = 1) {
        guard amount > 0 else { return }
        if let index = counts.firstIndex(where: { $0.metric == metric }) {
            counts[index].count += amount
        } else {
            counts.append((metric, amount))
        }
    }

    /// Counts something dropped.
    mutating func drop(_ reason: DropReason, _ amount: Int = 1) {
        count(.dropped(reason), amount)
    }

    /// All actions in order, the counts last.
    mutating func finish() -> [GossipMachine.Action] {
        for (metric, count) in counts { append(.count(metric, count)) }
        return actions
    }
}
