import Primitives

/// What this node's copy of one log came to at each of its last sizes.
struct LogCopy: Hashable, Sendable {
    /// How many sizes are remembered at least, once there were as many.
    static let memory = 256

    /// How what another says of a log fits this copy.
    enum Comparison: Hashable, Sendable {
        /// It is what this copy came to.
        case same
        /// This copy has not as many entries.
        case ahead
        /// This copy came to something else.
        case other
        /// It is too long ago to tell.
        case forgotten
    }

    /// Of consecutive sizes.
    private var states: [Checkpoint] = []

    /// What the copy comes to now; `nil` while it is empty.
    var newest: Checkpoint? { states.last }

    /// Notes what the copy has come to.
    mutating func note(_ checkpoint: Checkpoint) {
        if let newest {
            guard checkpoint.size > newest.size else { return }
            // What lies between is not known, so what lies before cannot be counted from here.
            if checkpoint.size - newest.size > 1 { states = [] }
        }
        states.append(checkpoint)
        if states.count >= 2 * Self.memory { states.removeFirst(Self.memory) }
    }

    func compare(_ checkpoint: Checkpoint) -> Comparison {
        guard let first = states.first, let newest, checkpoint.size <= newest.size else { return .ahead }
        guard checkpoint.size >= first.size else { return .forgotten }
        return states[Int(checkpoint.size - first.size)] == checkpoint ? .same : .other
    }
}
