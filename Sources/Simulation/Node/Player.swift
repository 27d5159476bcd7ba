package import Peer
package import Primitives

/// One process of a member, as the world sees it: something that takes events and answers with actions.
package protocol Player: AnyObject {
    /// When it is next to be woken.
    var nextDeadline: Instant? { get }
    /// Takes an event.
    func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action]
    /// Does what the passing of time demands.
    func expired(at now: Instant) -> [PeerMachine.Action]
    /// Does something with the member's secrets.
    func perform(_ order: SecretOrder) -> KeeperOutcome
    /// Whom it follows.
    func standing() -> PeerStanding?
    /// Where it stands.
    func snapshot() -> PeerSnapshot?
}

extension Player {
    package func standing() -> PeerStanding? { snapshot().map { PeerStanding($0) } }
}

/// Runs the product's machine and secrets as they are.
package final class HonestPlayer: Player {
    private var machine: PeerMachine
    private var keeper: any SecretKeeper

    /// A process that has just started.
    package init(_ seat: Seat) {
        machine = seat.machine()
        keeper = seat.keeper()
    }

    package var nextDeadline: Instant? { machine.deadline() }

    package func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action] {
        machine.handle(event, at: now)
    }

    package func expired(at now: Instant) -> [PeerMachine.Action] { machine.expired(at: now) }

    package func perform(_ order: SecretOrder) -> KeeperOutcome { keeper.perform(order) }

    package func standing() -> PeerStanding? { machine.standing() }

    package func snapshot() -> PeerSnapshot? { machine.snapshot() }
}

extension PeerMachine {
    /// The next deadline, asked for in place: reading it off a class's property copies the machine.
    mutating func deadline() -> Instant? { nextDeadline }
}
