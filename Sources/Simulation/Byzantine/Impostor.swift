import Gossip
import Peer
import Primitives

/// A process of a member that breaks the rules: an honest machine with strategies between it and the world.
final class Impostor: Player {
    private static let pace = Duration.milliseconds(250)

    private var machine: PeerMachine
    private var keeper: any SecretKeeper
    private var strategies: [any Strategy]
    private var tools: ImpostorTools
    private var nextTick: Instant?

    init(_ seat: Seat, _ kinds: [StrategyKind], _ conspiracy: Conspiracy) {
        machine = seat.machine()
        keeper = seat.keeper()
        var tools = ImpostorTools(seat, conspiracy)
        strategies = kinds.compactMap { $0.strategy(&tools) }
        self.tools = tools
        conspiracy.signers[seat.member] = (tools, 0)
    }

    var nextDeadline: Instant? {
        guard let nextTick else { return machine.deadline() }
        return min(machine.deadline() ?? nextTick, nextTick)
    }

    func handle(_ event: PeerMachine.Event, at now: Instant) -> [PeerMachine.Action] {
        switch event {
        case .epochBegan: nextTick = now.advanced(by: Self.pace)
        case .linkUp(let peer), .linkDown(let peer, _): greeted(peer, false)
        case .received(let messages, let peer):
            greeted(peer, true)
            if let member = tools.committee.index(of: peer) {
                for index in strategies.indices { strategies[index].incoming(messages, from: member, &tools) }
            }
        default: break
        }
        return altered(machine.handle(event, at: now))
    }

    private func greeted(_ peer: Identity, _ isGreeted: Bool) {
        guard let member = tools.committee.index(of: peer) else { return }
        if isGreeted { tools.peers.insert(member) } else { tools.peers.remove(member) }
    }

    func expired(at now: Instant) -> [PeerMachine.Action] {
        var actions = altered(machine.expired(at: now))
        guard let due = nextTick, due <= now else { return actions }
        nextTick = now.advanced(by: Self.pace)
        let view = machine.standing()?.view
        for index in strategies.indices { strategies[index].tick(in: view, &tools) }
        for (peer, messages) in tools.said where !messages.isEmpty {
            guard let identity = tools.committee[peer]?.identity else { continue }
            actions.append(.send(messages, to: identity))
        }
        for peer in tools.dropped {
            guard let identity = tools.committee[peer]?.identity else { continue }
            actions.append(.close(identity, .shuttingDown, "flaps"))
        }
        tools.said = []
        tools.dropped = []
        return actions
    }

    private func altered(_ actions: [PeerMachine.Action]) -> [PeerMachine.Action] {
        actions.compactMap { action in
            guard case .send(var messages, let identity) = action,
                let peer = tools.committee.index(of: identity)
            else { return action }
            for index in strategies.indices {
                messages = strategies[index].outgoing(messages, to: peer, &tools)
            }
            return messages.isEmpty ? nil : .send(messages, to: identity)
        }
    }

    func perform(_ order: SecretOrder) -> KeeperOutcome {
        var outcome = keeper.perform(order)
        for index in strategies.indices {
            outcome = strategies[index].outcome(outcome, of: order, &tools)
        }
        return outcome
    }

    func standing() -> PeerStanding? { machine.standing() }

    func snapshot() -> PeerSnapshot? { machine.snapshot() }
}

extension StrategyKind {
    /// The strategy, its details drawn by chance; none for what is not a matter of words.
    fileprivate func strategy(_ tools: inout ImpostorTools) -> (any Strategy)? {
        switch self {
        case .silent: Silent()
        case .equivocator: Equivocator()
        case .hoarder: Hoarder()
        case .selective: Selective(&tools)
        case .uncertifying: Uncertifying()
        case .saboteur: Saboteur(&tools)
        case .badDealer: BadDealer(&tools)
        case .falseAccuser: FalseAccuser(&tools)
        case .absentDealer: AbsentDealer()
        case .flooder: Flooder(&tools)
        case .lyingFrontiers: LyingFrontiers()
        case .wisher: Wisher(&tools)
        case .twin: nil
        case .doubleDealer: DoubleDealer()
        case .adaptiveSaboteur: AdaptiveSaboteur(&tools)
        case .doubleSigner: DoubleSigner(&tools)
        case .replayer: Replayer()
        case .flapper: Flapper(&tools)
        case .lateForker: LateForker()
        }
    }
}
