import Gossip
import Peer
import Primitives

/// Connections: who dials whom, what comes of it, and how messages travel.
///
/// Redials and the choice between two connections are the product's own ``RedialMachine`` and ``LinkRegistry``;
/// sockets and handshakes are what is simulated.
extension World {
    /// How long a dial waits for an answer.
    private static let dialPatience = Span.seconds(4)
    /// After how long without a message a link counts as dead.
    private static let silenceLimit = Span.seconds(30)
    /// How long a link that is asked for a sign of life may take.
    private static let probePatience = Span.seconds(3)

    // MARK: Dialling

    func setPeers(of node: SimulatedNode, dialed: Set<Identity>) {
        for peer in nodes where peer.offset != node.offset {
            if node.redials[peer.offset] == nil {
                node.redials[peer.offset] = RedialMachine(
                    isFavoured: node.keys.identity < peer.keys.identity,
                    random: SplitMix64(seed: random.next())
                )
            }
            let isDialed = dialed.contains(peer.keys.identity)
            guard node.isDialed[peer.offset] != isDialed else { continue }
            node.isDialed[peer.offset] = isDialed
            tellRedial(node, peer.offset, isDialed ? .started : .stopped)
            guard !isDialed, let connection = node.links[peer.offset] else { continue }
            let side = connection.side(of: node.offset)
            if side == .own { later(.microseconds(20), .parcel(connection, side, .end)) }
        }
    }

    func signOfLife(of peer: Identity, at node: SimulatedNode) {
        guard let member = committee.index(of: peer), node.links[member.offset] == nil else { return }
        tellRedial(node, member.offset, .signOfLife)
    }

    private func tellRedial(_ node: SimulatedNode, _ peer: Int, _ event: RedialMachine.Event) {
        let actions = node.redials[peer]?.handle(event, at: node.clock.read(at: now)) ?? []
        perform(actions, of: node, peer)
        setRedialAlarm(node)
    }

    func redial(_ index: Int, _ life: Int) {
        let node = nodes[index]
        guard node.life == life, node.redialWake == now, node.isUp else { return }
        if node.pausedUntil > now {
            node.redialWake = node.pausedUntil
            return queue.add(.redial(node: index, life: life), at: node.pausedUntil)
        }
        node.redialWake = nil
        let local = node.clock.read(at: now)
        for peer in node.redials.indices {
            guard let due = node.redials[peer]?.nextDeadline, due <= local else { continue }
            let actions = node.redials[peer]?.expired(at: local) ?? []
            perform(actions, of: node, peer)
        }
        setRedialAlarm(node)
    }

    private func setRedialAlarm(_ node: SimulatedNode) {
        guard let deadline = node.redials.compactMap({ $0?.nextDeadline }).min() else { return }
        let due = max(node.clock.moment(of: deadline), now)
        guard node.redialWake != due else { return }
        node.redialWake = due
        queue.add(.redial(node: node.offset, life: node.life), at: due)
    }

    private func perform(_ actions: [RedialMachine.Action], of node: SimulatedNode, _ peer: Int) {
        for action in actions {
            switch action {
            case .dial:
                node.dials[peer] += 1
                dial(peer, by: node)
            case .abandonDial: node.dials[peer] += 1
            case .reportRefused(let closedAt):
                let event = PeerMachine.Event.redialRefused(nodes[peer].keys.identity, closedAt: closedAt)
                later(.microseconds(10), .feed(node: node.offset, life: node.life, event))
            case .withdrawRefused:
                let event = PeerMachine.Event.redialRefusedEnded(nodes[peer].keys.identity)
                later(.microseconds(10), .feed(node: node.offset, life: node.life, event))
            }
        }
    }

    private func dial(_ peer: Int, by node: SimulatedNode) {
        let number = node.dials[peer]
        guard isOpen(node.offset, peer) else { return failDial(peer, by: node, number) }
        let event = Happening.dialArrives(from: node.offset, life: node.life, peer: peer, number: number)
        later(network.latency(&random), event)
    }

    private func failDial(_ peer: Int, by node: SimulatedNode, _ number: Int) {
        let event = Happening.dialFailed(
            node: node.offset,
            life: node.life,
            peer: peer,
            number: number,
            .failed
        )
        later(Self.dialPatience, event)
    }

    func dialArrives(_ index: Int, _ life: Int, _ peer: Int, _ number: Int) {
        let node = nodes[index]
        let other = nodes[peer]
        guard node.life == life, node.dials[peer] == number else { return }
        // A host without power answers nothing, and a process that stands still does not finish the handshake.
        guard isOpen(peer, index), other.isPowered, other.pausedUntil <= now || !other.isUp else {
            return failDial(peer, by: node, number)
        }
        guard other.isUp, other.redials[index] != nil else {
            let failure: RedialMachine.DialFailure = other.isUp ? .failed : .refused
            let event = Happening.dialFailed(node: index, life: life, peer: peer, number: number, failure)
            return later(network.latency(&random), event)
        }
        lastLink += 1
        let connection = Connection(
            id: LinkID(lastLink),
            from: (index, node.life),
            to: (peer, other.life),
            at: now
        )
        // Two more messages, and the arithmetic of both ends.
        let ready = now + network.latency(&random) + .microseconds(500)
        queue.add(.established(connection, .own), at: ready)
        let heard = ready + network.latency(&random)
        connection[.own].lastArrival = heard
        queue.add(.established(connection, .peer), at: heard)
    }

    func dialFailed(_ node: SimulatedNode, _ peer: Int, _ number: Int, _ failure: RedialMachine.DialFailure) {
        guard node.dials[peer] == number else { return }
        tellRedial(node, peer, .dialFailed(failure))
    }

    // MARK: Links

    func establish(_ connection: Connection, _ side: LinkSide, _ event: Happening) {
        let end = connection[side]
        let node = nodes[end.node]
        let peer = connection[side.opposite].node
        guard node.life == end.life, node.isUp, !end.isOver, node.redials[peer] != nil,
            node.isDialed[peer] || side == .peer
        else {
            connection[side].isOver = true
            return send(.end, on: connection, from: side)
        }
        guard node.pausedUntil <= now else { return queue.add(event, at: node.pausedUntil) }
        node.connections[connection.id] = connection
        connection[side].heard = now
        let local = node.clock.read(at: now)
        var isUsed = false
        for action in node.registry.established(
            connection.id,
            with: nodes[peer].keys.identity,
            by: side,
            at: local
        ) {
            switch action {
            case .use: isUsed = true
            case .close(let id):
                if let closed = node.connections[id] { shut(closed, closed.side(of: node.offset)) }
            case .probe(let id):
                guard let probed = node.connections[id] else { continue }
                let side = probed.side(of: node.offset)
                later(Self.probePatience, .silence(probed, side, since: now, limit: Self.probePatience))
            }
        }
        guard isUsed else { return }
        connection[side].isUp = true
        node.links[peer] = connection
        tellRedial(node, peer, .linkUp(side))
        later(Self.silenceLimit, .silence(connection, side, since: now, limit: Self.silenceLimit))
        trace.mix(connection.id.rawValue)
        feed(node, .linkUp(nodes[peer].keys.identity))
    }

    /// Closes an end of a connection and tells the other; the own process hears nothing of it.
    private func shut(_ connection: Connection, _ side: LinkSide) {
        guard !connection[side].isOver else { return }
        connection[side].isOver = true
        nodes[connection[side].node].connections[connection.id] = nil
        send(.end, on: connection, from: side)
    }

    /// Ends a link for a cause; the process and its redials are told.
    func lose(_ connection: Connection, _ side: LinkSide, _ cause: RedialMachine.LossCause) {
        let node = nodes[connection[side].node]
        let peer = connection[side.opposite].node
        shut(connection, side)
        guard node.registry.closed(connection.id, with: nodes[peer].keys.identity) != nil else { return }
        node.links[peer] = nil
        tellRedial(node, peer, .linkLost(cause))
        feed(node, .linkDown(nodes[peer].keys.identity, cause))
    }

    func close(_ peer: Identity, _ words: String, by node: SimulatedNode) {
        guard let member = committee.index(of: peer), let connection = node.links[member.offset] else {
            return
        }
        trace.note(now, node.member, "closes the link to \(member): \(words)")
        // The process hears of it as of any end, a moment later.
        let side = connection.side(of: node.offset)
        later(.microseconds(20), .parcel(connection, side, .end))
    }

    /// A host that has come back answers what its former self has left open.
    func endHalfOpenConnections(of node: SimulatedNode) {
        for peer in nodes where peer.offset != node.offset {
            for connection in peer.connections.values.sorted(by: { $0.id < $1.id }) {
                let side = connection.side(of: node.offset)
                guard connection[side].node == node.offset, connection[side].isOver else { continue }
                let patience = random.span(.milliseconds(1)...Span.seconds(2))
                later(patience, .parcel(connection, side.opposite, .end))
            }
        }
    }

    func listen(
        _ connection: Connection,
        _ side: LinkSide,
        _ since: WorldTime,
        _ limit: Span,
        _ event: Happening
    ) {
        let end = connection[side]
        guard !end.isOver else { return }
        whenAwake(end.node, end.life, event) { _ in
            if end.heard <= since {
                lose(connection, side, .other)
            } else if limit == Self.silenceLimit {
                let next = end.heard + Self.silenceLimit
                queue.add(.silence(connection, side, since: end.heard, limit: limit), at: max(next, now))
            }
        }
    }

    // MARK: Messages

    func isOpen(_ from: Int, _ to: Int) -> Bool { !network.isCut[from][to] }

    func send(_ messages: [LinkMessage], to peer: Identity, from node: SimulatedNode) {
        guard let member = committee.index(of: peer), let connection = node.links[member.offset] else {
            return
        }
        if node.isHonest {
            report.messages += messages.count
            var bytes = 0
            for message in messages { bytes += message.body.count }
            report.bytes += bytes
            invariants.sent(bytes, by: node.member, to: member, at: now)
        }
        send(.messages(messages), on: connection, from: connection.side(of: node.offset))
    }

    func send(_ parcel: Connection.Parcel, on connection: Connection, from side: LinkSide) {
        let from = connection[side].node
        guard isOpen(from, connection[side.opposite].node) else {
            if !connection.hold(parcel, at: side) {
                // No room is left for what must not be dropped: the product closes such a link.
                later(.microseconds(20), .silence(connection, side, since: now, limit: .seconds(0)))
            }
            return
        }
        let arrival = max(now + network.latency(&random), connection[side].lastArrival)
        connection[side].lastArrival = arrival
        queue.add(.parcel(connection, side.opposite, parcel), at: arrival)
    }

    func arrive(_ connection: Connection, _ side: LinkSide, _ parcel: Connection.Parcel, _ event: Happening) {
        let end = connection[side]
        guard !end.isOver else { return }
        let node = nodes[end.node]
        guard node.life == end.life, node.isUp else { return }
        guard node.pausedUntil <= now else { return queue.add(event, at: node.pausedUntil) }
        switch parcel {
        case .end:
            guard node.connections[connection.id] != nil else {
                connection[side].isOver = true
                return
            }
            lose(connection, side, connection[side.opposite].isOver ? .closedByPeer : .other)
        case .messages(let messages):
            connection[side].heard = now
            let peer = nodes[connection[side.opposite].node]
            guard node.links[peer.offset] === connection else { return }
            feed(node, .received(messages, from: peer.keys.identity))
        }
    }

    /// A path is open again: what was held travels on, when the transport next tries.
    func release(_ from: Int, _ to: Int, after cut: Span) {
        let patience = Span.milliseconds(min(10_000, max(1, cut.nanoseconds / 1_000_000)))
        // The receiver may not know yet of a connection on which the sender has spoken, nor the sender any more of
        // one that it has closed.
        let open = nodes[to].connections.merging(nodes[from].connections) { connection, _ in connection }
        for connection in open.values.sorted(by: { $0.id < $1.id }) {
            let side = connection.side(of: from)
            guard connection[side].node == from, connection[side.opposite].node == to,
                !connection[side].held.isEmpty
            else { continue }
            let start = now + random.span(.milliseconds(1)...patience)
            let held = connection[side].held
            connection[side].held = []
            connection[side].heldUrgent = 0
            connection[side].lastArrival = max(connection[side].lastArrival, start)
            for parcel in held { send(parcel, on: connection, from: side) }
        }
    }
}
