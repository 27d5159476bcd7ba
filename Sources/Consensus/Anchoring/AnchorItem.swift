package import Primitives

/// How far a statement has come on its way to the chain.
package enum AnchorPhase: Hashable, Sendable {
    /// Somebody before this node in rank is to submit it; this node does at the given moment.
    case waiting(until: Instant)
    /// Somebody's transaction waits in the pool; this node adds its own at the given moment.
    case pending(until: Instant)
    /// This node's transaction is on its way; it is submitted again at the given moment.
    case submitted(again: Instant)
    /// It is in a block.
    case included
    /// Its block is as deep as the node asks for.
    case confirmed

    /// When this node is to submit.
    var due: Instant? {
        switch self {
        case .waiting(let moment), .pending(let moment), .submitted(let moment): moment
        case .included, .confirmed: nil
        }
    }

    /// Whether it is in a block.
    var isOnChain: Bool { self == .included || self == .confirmed }
}

/// A statement and what has become of it.
struct AnchorItem: Hashable, Sendable {
    /// The statement.
    let statement: ChainStatement
    /// How far it has come.
    private(set) var phase: AnchorPhase
    /// Whether this node has a transaction of its own under way.
    private(set) var isOwnSubmitted = false

    /// A statement that this node submits at `turn` unless the chain shows it before.
    init(statement: ChainStatement, turn: Instant) {
        self.statement = statement
        phase = .waiting(until: turn)
    }

    mutating func submit(again: Instant) {
        isOwnSubmitted = true
        phase = .submitted(again: again)
    }

    /// Waits for another's transaction, once and not for ever; an own one goes on.
    mutating func seePending(at now: Instant, patience: Duration) {
        if case .waiting = phase { phase = .pending(until: now.advanced(by: patience)) }
    }

    mutating func seeIncluded() {
        if phase != .confirmed { phase = .included }
    }

    mutating func seeConfirmed() {
        phase = .confirmed
        isOwnSubmitted = false
    }

    /// Begins anew, unless an own transaction is under way still.
    mutating func vanish(turn: Instant) {
        if case .submitted = phase { return }
        isOwnSubmitted = false
        phase = .waiting(until: turn)
    }

    mutating func turnChanged(to turn: Instant) {
        if case .waiting = phase { phase = .waiting(until: turn) }
    }
}
