import Consensus
import Ethereum
import Gossip
import Peer
import Primitives

/// Processes: how they start, what they are told and what they order, and how they end.
extension World {
    // MARK: Beginning and end

    /// Starts a member's process, unless one runs.
    func boot(_ node: SimulatedNode) {
        guard !node.isUp else { return }
        if node.disk.health == .failing { node.disk.health = .sound }
        node.isPowered = true
        node.pausedUntil = now
        node.clock = LocalClock(startedAt: now, drift: node.drift)
        let incarnation = node.disk.beginIncarnation()
        let seat = Seat(
            member: node.member,
            committee: committee,
            deployment: deployment,
            incarnation: incarnation,
            seed: random.next(),
            keys: node.keys,
            wallTimeAtStart: UnixMilliseconds(
                rawValue: 1_700_000_000_000 + UInt64(now.nanoseconds / 1_000_000)
            ),
            ceremony: pace,
            storedShares: node.disk.contents.shares,
            hasEncryptionKey: node.disk.contents.hasEncryptionKey,
            signsObjects: scenario.signatures == .real
        )
        node.player = makePlayer(seat)
        trace.note(now, node.member, "starts, incarnation \(incarnation)", .up)
        endHalfOpenConnections(of: node)
        guard !startClient(of: node) else { return }
        later(
            random.span(.milliseconds(2)...Span.milliseconds(200)),
            .openEye(node: node.offset, life: node.life)
        )
    }

    /// Ends a process, with its host's power or without.
    func kill(_ node: SimulatedNode, takesPower: Bool) {
        guard node.isUp else { return }
        trace.note(now, node.member, takesPower ? "loses power" : "dies", .down)
        trace.mix(UInt64(node.member.rawValue) &+ (takesPower ? 1 << 40 : 1 << 41))
        for connection in node.connections.values.sorted(by: { $0.id < $1.id }) {
            let side = connection.side(of: node.offset)
            connection[side].isOver = true
            if !takesPower { send(.end, on: connection, from: side) }
        }
        let kept = node.disk.crash(keepingRunning: random.permille(500), in: committee)
        if node.isHonest { invariants.stored(kept, by: node.member, node.disk.contents, at: now) }
        node.forget()
        node.isPowered = !takesPower
    }

    // MARK: Events and actions

    /// Brings a process one event and does what follows.
    func feed(_ node: SimulatedNode, _ event: PeerMachine.Event) {
        guard let player = node.player else { return }
        let actions = player.handle(event, at: node.clock.read(at: now))
        carryOut(actions, of: node, player)
    }

    func wake(_ index: Int, _ life: Int) {
        let node = nodes[index]
        guard node.life == life, node.wake == now, let player = node.player else { return }
        if node.pausedUntil > now {
            node.wake = node.pausedUntil
            return queue.add(.wake(node: index, life: life), at: node.pausedUntil)
        }
        node.wake = nil
        let actions = player.expired(at: node.clock.read(at: now))
        carryOut(actions, of: node, player)
    }

    /// Does what a process orders, one action after the other; it may die before any of them.
    private func carryOut(_ actions: [PeerMachine.Action], of node: SimulatedNode, _ player: any Player) {
        let life = node.life
        var count = actions.count
        trace.mix(
            UInt64(bitPattern: now.nanoseconds) ^ UInt64(node.offset) << 56 ^ UInt64(actions.count) << 48
        )
        var waiting = actions
        var next = 0
        while next < waiting.count {
            let action = waiting[next]
            next += 1
            if node.doom != nil, isDoomed(node) { return }
            if case .order(let order) = action {
                observe(order, by: node)
                let outcome = player.perform(order)
                for chore in outcome.safekeeping { submit(.chore(chore), to: node) }
                guard let answer = outcome.answer else { continue }
                observe(answer, by: node)
                // What follows from the answer comes after what the machine has ordered before it.
                let more = player.handle(.secretsAnswered(answer), at: node.clock.read(at: now))
                count += more.count
                waiting += more
            } else {
                perform(action, of: node)
                guard node.life == life else { return }
            }
        }
        if node.isHonest { invariants.stepped(node.member, actions: count, at: now) }
        setAlarm(node, player)
    }

    private func isDoomed(_ node: SimulatedNode) -> Bool {
        guard var doom = node.doom else { return false }
        if doom.actions == 0 {
            kill(node, takesPower: doom.takesPower)
            return true
        }
        doom.actions -= 1
        node.doom = doom
        return false
    }

    /// Of the wakes that are scheduled for a process only the newest counts.
    private func setAlarm(_ node: SimulatedNode, _ player: any Player) {
        guard let deadline = player.nextDeadline else { return }
        let due = max(node.clock.moment(of: deadline), now)
        guard node.wake != due else { return }
        node.wake = due
        queue.add(.wake(node: node.offset, life: node.life), at: due)
    }

    private func perform(_ action: PeerMachine.Action, of node: SimulatedNode) {
        if node.isHonest { observe(action, by: node) }
        switch action {
        case .setPeers(_, let dialed): setPeers(of: node, dialed: dialed)
        case .send(let messages, let peer): send(messages, to: peer, from: node)
        case .close(let peer, _, let words): close(peer, words, by: node)
        case .signOfLife(let peer): signOfLife(of: peer, at: node)
        case .persist(let record, let ticket): submit(.write(record, ticket), to: node)
        case .readLog(let read): submit(.read(read), to: node)
        case .submit(let submission): submit(submission, by: node)
        case .notice(let notice): if case .halted = notice { node.isHalted = true }
        case .cancelSubmission(let key): withdraw(key, by: node)
        case .order, .penalize, .count, .logsAttested, .operations: break
        }
    }

    // MARK: The disk

    func submit(_ errand: SimulatedDisk.Errand, to node: SimulatedNode) {
        if node.disk.submit(errand) { sync(node) }
    }

    private func sync(_ node: SimulatedNode) {
        let least = node.diskLatency.nanoseconds / 2_000
        let most = node.diskLatency.nanoseconds / 1_000 * 3 / 2
        later(
            random.span(.microseconds(least)...Span.microseconds(most)),
            .synced(node: node.offset, life: node.life)
        )
    }

    /// A transaction is durable, or has failed, which ends the node as in the product: the machine is told, and the
    /// process exits.
    func synced(_ node: SimulatedNode) {
        guard let done = node.disk.commit(in: committee) else {
            trace.note(now, node.member, "its disk fails")
            feed(node, .storeFailed)
            later(.milliseconds(20), .exit(node: node.offset, life: node.life))
            return
        }
        let life = node.life
        if node.isHonest { invariants.stored(done, by: node.member, node.disk.contents, at: now) }
        for errand in done {
            guard node.life == life else { return }
            switch errand {
            case .write(_, let ticket): feed(node, .persisted(ticket))
            case .read(let read):
                feed(node, .logRead(id: read.id, entries: node.disk.contents.read(read, in: committee)))
            case .chain(_, let ticket): if let ticket { feedClient(of: node, .persisted(ticket)) }
            case .chore, .epoch: break
            }
        }
        guard node.life == life else { return }
        if node.disk.beginNext() { sync(node) }
    }
}
