package import Gossip
package import KeyOperations
package import Logging
package import Peer
package import Primitives

/// Owns one end of the links between oracles and operators, and the machine of the ceremonies that speaks over them.
///
/// An actor of its own: however long a ceremony's machine checks something, the heartbeats of the mesh, which another
/// actor sends, do not wait for it. What comes meanwhile waits in the sockets of those who sent it.
package actor OperationDesk {
    private var machine: OperationLinks
    private var participant: any OperationParticipant
    private var links: [Identity: Link] = [:]
    private let clock: NodeClock
    private let logger: Logger
    private let metrics = OperationMetrics()
    private let alarm = DeadlineAlarm()
    /// What the transport is to know of guests.
    private enum Word: Sendable {
        case admit(Set<Identity>)
        case offended(Identity)
    }

    /// How many wishes of the overseer may wait; each is part of an operation of which few are open.
    private static let wishLimit = 65_536
    /// What the overseer wants of its node, for one consumer.
    package nonisolated let wishes: AsyncStream<OverseerMachine.Action>
    private let wisher: AsyncStream<OverseerMachine.Action>.Continuation
    /// Why the node must end, for one consumer.
    package nonisolated let halts: AsyncStream<String>
    private let halter: AsyncStream<String>.Continuation
    private let words: AsyncStream<Word>
    private let transport: AsyncStream<Word>.Continuation

    /// A desk without links and committee.
    package init(
        software: SoftwareVersion,
        participant: any OperationParticipant,
        clock: NodeClock,
        logger: Logger
    ) {
        machine = OperationLinks(software: ByteList(Array("oracle \(software)".utf8)) ?? ByteList())
        self.participant = participant
        self.clock = clock
        self.logger = logger
        (halts, halter) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        (wishes, wisher) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.wishLimit))
        // Each ends a link, or is a block of the chain: a transport that is so far behind has stopped.
        (words, transport) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4_096))
    }

    /// The peers that can be spoken with.
    package var present: [Identity] { machine.greeted }

    /// Whether a peer has a link, greeted or not.
    package func holdsLink(of peer: Identity) -> Bool { links[peer] != nil }

    /// There is a committee, or a new one.
    package func enter(_ committee: Committee) {
        carryOut(
            machine.handle(
                .committeeBegan(committee.epoch, configDigest: committee.configDigest),
                at: clock.now
            )
        )
    }

    /// Tells the ceremony's machine something, and does what it wants.
    package func tell(_ news: OperationNews) {
        obey(participant.handle(news, at: clock.now))
    }

    /// Tells an operator's machine something, and does what it wants.
    package func tell(operator event: OperatorMachine.Event) {
        guard var own = participant as? OperatorParticipant else { return }
        let orders = own.take(event, at: clock.now)
        participant = own
        obey(orders)
    }

    /// Tells an oracle's overseer something, and does what it wants.
    package func tell(overseer event: OverseerMachine.Event) {
        guard var overseer = participant as? OverseerParticipant else { return }
        let orders = overseer.take(event, at: clock.now)
        participant = overseer
        obey(orders)
    }

    /// What a hash that the overseer had endorsed is about; `nil` when it is settled.
    package func report(_ structHash: Digest) -> OperationReport? {
        (participant as? OverseerParticipant)?.report(structHash)
    }

    /// What was said in an attempt that the overseer knows.
    package func attempt(_ id: Digest) -> OperationAttempt? {
        (participant as? OverseerParticipant)?.attempt(id)
    }

    /// Wakes the machines at their deadlines, and tells the transport whom to take, until cancelled.
    package func run(beside links: LinkTransport) async {
        setAlarm()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.alarm.run(on: self.clock) { await self.wake() } }
            for await word in words {
                switch word {
                case .admit(let guests): await links.setGuests(guests)
                case .offended(let guest): await links.guestOffended(guest)
                }
            }
            group.cancelAll()
        }
    }

    private func wake() {
        let now = clock.now
        carryOut(machine.expired(at: now))
        obey(participant.expired(at: now))
    }

    private func setAlarm() {
        alarm.set([machine.nextDeadline, participant.nextDeadline].compactMap(\.self).min())
    }

    // MARK: What the machines want

    private func obey(_ orders: [OperationOrder]) {
        for order in orders {
            switch order {
            case .open(let operation, let peers): exchange(.opened(operation, peers: peers))
            case .close(let operation): exchange(.closed(operation))
            case .offer(let items): exchange(.offered(items))
            case .convict(let name): exchange(.foundFalse(name))
            case .admit(let guests): transport.yield(.admit(guests))
            case .operatorNotice(let notice): log(notice)
            case .halt(let reason):
                logger.critical("\(reason)")
                halter.yield(reason)
            case .overseer(let wish): hand(on: wish)
            }
        }
        setAlarm()
    }

    private func log(_ notice: OperatorNotice) {
        let text = OperatorText(notice)
        logger.log(level: text.level, "\(text.message)", metadata: text.metadata)
    }

    private func hand(on wish: OverseerMachine.Action) {
        guard case .dropped = wisher.yield(wish) else { return }
        logger.critical("the node does not keep up with operations on validators' keys; restart it")
    }

    private func exchange(_ event: OperationExchange.Event) {
        carryOut(machine.handle(.exchange(event), at: clock.now))
    }

    private func carryOut(_ actions: [OperationLinks.Action]) {
        var news: [OperationNews] = []
        for action in actions {
            switch action {
            case .send(let messages, let peer): links[peer]?.send(messages)
            case .close(let peer, let code, let words): links.removeValue(forKey: peer)?.close(code, words)
            case .greeted(let peer): news.append(.present(peer))
            case .offended(let peer, let offence):
                metrics.count(offence)
                logger.notice(
                    "link of operations ended: the peer broke the protocol",
                    metadata: ["identity": "\(peer)", "reason": "\(offence)"]
                )
                transport.yield(.offended(peer))
            case .otherCommittee(let peer, let epoch):
                logger.info(
                    "a peer knows another committee",
                    metadata: ["identity": "\(peer)", "epoch": "\(epoch)"]
                )
            case .exchange(let action): news += self.news(of: action)
            }
        }
        for news in news { tell(news) }
        setAlarm()
    }

    private func news(of action: OperationExchange.Action) -> [OperationNews] {
        switch action {
        case .deliver(let item, let peer): return [.came(item, from: peer)]
        case .vouched(let name, let peer): return [.vouched(name, by: peer)]
        case .refused(let name, let refusal): return [.refused(name, refusal)]
        case .tooManyOperations(let operation): return [.tooManyOperations(operation)]
        case .count(let metric, let amount):
            metrics.count(metric, amount)
            return []
        case .send, .close: return []
        }
    }
}

extension OperationDesk: LinkObserver {
    package func linkUp(_ link: Link) {
        links[link.peer] = link
        carryOut(machine.handle(.linkUp(link.peer), at: clock.now))
    }

    package func linkDown(_ peer: Identity, _: RedialMachine.LossCause, because _: LinkEnd) {
        links[peer] = nil
        carryOut(machine.handle(.linkDown(peer), at: clock.now))
    }

    package func redialRefused(_: Identity, closedAt _: Instant) {}

    package func redialRefusedEnded(_: Identity) {}

    package func received(_ messages: [LinkMessage], over link: Link) {
        // A link that another has replaced, or that is being closed, may still bring something.
        guard links[link.peer]?.id == link.id else { return }
        carryOut(machine.handle(.received(messages, from: link.peer), at: clock.now))
    }
}
