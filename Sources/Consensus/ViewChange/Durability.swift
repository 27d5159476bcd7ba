internal import Primitives

/// What waits for a record to become durable.
struct Durability: Sendable {
    /// What may happen only once a record is durable.
    enum Consequence: Sendable {
        /// To wish for a view, or with `to` equal to `from` to withdraw.
        case publishWish(from: View, to: View, reason: WishReason)
        /// To tell that a view was entered, and to act in it.
        case announce(View, by: ViewChangeMachine.Entrance)
    }

    private var waiting: [(ticket: UInt64, consequence: Consequence)] = []
    private var lastTicket: UInt64 = 0

    /// The ticket of the next record, with what waits for it.
    mutating func ticket(for consequence: Consequence?) -> UInt64 {
        lastTicket += 1
        if let consequence { waiting.append((lastTicket, consequence)) }
        return lastTicket
    }

    /// Takes out what need not wait any longer, in order.
    mutating func settle(upTo ticket: UInt64) -> [Consequence] {
        let ready = waiting.prefix { $0.ticket <= ticket }
        waiting.removeFirst(ready.count)
        return ready.map(\.consequence)
    }

    /// Whether a wish waits to be published.
    var holdsWish: Bool {
        waiting.contains { if case .publishWish = $0.consequence { true } else { false } }
    }
}
