internal import Gossip
package import KeyOperations
package import Peer
package import Primitives

/// An oracle's side of ceremonies: the overseer, as a desk of operations drives it.
package struct OverseerParticipant: OperationParticipant {
    private var machine: OverseerMachine

    /// Has an overseer take part.
    package init(_ machine: OverseerMachine) {
        self.machine = machine
    }

    package var nextDeadline: Instant? { machine.nextDeadline }

    package mutating func handle(_ news: OperationNews, at now: Instant) -> [OperationOrder] {
        switch news {
        case .came(let item, let peer): take(.item(item, from: peer), at: now)
        // An oracle believes no order because somebody offers it, and what it offers itself is within the limits.
        case .vouched, .refused, .tooManyOperations, .present: []
        }
    }

    package mutating func expired(at now: Instant) -> [OperationOrder] {
        machine.expired(at: now).map(Self.order)
    }

    /// Brings the overseer what does not come over the links of operators.
    package mutating func take(_ event: OverseerMachine.Event, at now: Instant) -> [OperationOrder] {
        machine.handle(event, at: now).map(Self.order)
    }

    /// What a hash that was to be endorsed is about; `nil` when it is settled.
    package func report(_ structHash: Digest) -> OperationReport? { machine.report(structHash) }

    /// What was said in an attempt; `nil` when it is forgotten.
    package func attempt(_ id: Digest) -> OperationAttempt? { machine.attempt(id) }

    private static func order(_ action: OverseerMachine.Action) -> OperationOrder {
        switch action {
        case .admit(let guests): .admit(guests)
        case .open(let operation, let peers): .open(operation, with: peers)
        case .close(let operation): .close(operation)
        case .offer(let items): .offer(items)
        case .convict(let name): .convict(name)
        case .append, .endorse, .retract, .settled, .askBeacon, .keep, .notice: .overseer(action)
        }
    }
}
