import Primitives

/// All gossip of one epoch: what ``GossipMachine`` does between two `epochStarted`.
struct EpochGossip: Sendable {
    let committee: Committee
    let own: MemberIndex
    let incarnation: UInt64
    let quotas: GossipQuotas
    let signatures: any Authenticator
    let domains: SigningDomains
    var status: NodeStatus
    var orders: OwnOrders
    var links: LinkTable
    /// The members that this one has chosen for mesh links; all, unless the mesh is sparse.
    var ownChoice: [MemberIndex] = []
    /// When what has come is passed on, in a sparse mesh; `nil` while there is nothing.
    var relayDue: Instant?
    /// When logs have something to ask or to answer that waits for its time; `nil` while there is nothing.
    var logsDue: Instant?
    var registers: NewestObjects
    var directs: NewestObjects
    var gate: ObjectGate
    var knowledge: NeighbourKnowledge
    var relays: RelayDesk
    var roundTrips: RoundTrips
    var logs: LogMachine
    var clock: HeartbeatClock
    /// When each link last brought a heartbeat of its peer; `nil` before the first.
    var lastBeats: MemberTable<Instant?>
    var linkBudgets: MemberTable<TokenBucket>
    var certificates: MemberTable<TokenBucket>
    var questions: MemberTable<TokenBucket>
    /// What the hello of each link said of the peer's logs.
    var helloDigests: MemberTable<Digest>

    /// The beginning of an epoch, going on from the one before it in the same run.
    init(
        _ start: EpochStart,
        quotas: GossipQuotas,
        status: NodeStatus,
        signatures: any Authenticator,
        domains: SigningDomains,
        prefersWholeLogs: Bool,
        random: SplitMix64,
        before: EpochGossip?,
        at now: Instant
    ) {
        precondition(start.committee.contains(start.own) && start.incarnation > 0, "no place in the epoch")
        let size = start.committee.size
        committee = start.committee
        own = start.own
        incarnation = start.incarnation
        self.quotas = quotas
        self.status = status
        self.signatures = signatures
        self.domains = domains
        var random = random
        orders = start.orders
        if let before, before.incarnation == start.incarnation { orders.merge(before.orders) }
        links = LinkTable(size: size)
        registers = NewestObjects(ObjectKind.registers, size: size)
        directs = NewestObjects(ObjectKind.directs, size: size)
        gate = ObjectGate(
            committee: start.committee,
            own: start.own,
            quotas: quotas,
            signatures: signatures,
            domains: domains
        )
        knowledge = NeighbourKnowledge(size: size)
        relays = RelayDesk(own: start.own, size: size, at: now)
        logs = LogMachine(
            start,
            quotas: quotas,
            signatures: signatures,
            domains: domains,
            prefersWholeLogs: prefersWholeLogs,
            before: before?.logs
        )
        linkBudgets = MemberTable(repeating: quotas.link, size: size)
        certificates = MemberTable(repeating: quotas.certificates, size: size)
        questions = MemberTable(repeating: quotas.questions, size: size)
        helloDigests = MemberTable(repeating: Digest(), size: size)
        lastBeats = MemberTable(repeating: nil, size: size)
        let isLeader = start.committee.leader(of: status.view) == start.own
        let interval = quotas.schedule.interval(isLeader: isLeader)
        let phase = interval * Int(random.next() % 1_000) / 1_000
        clock = HeartbeatClock(
            interval: interval,
            phase: phase,
            spacing: quotas.schedule.extraSpacing,
            at: now
        )
        roundTrips = RoundTrips(size: size, random: random)
    }

    /// Whether there are links between some of the members only.
    var isSparse: Bool { NeighbourGraph.isSparse(committee.size) }

    /// Who leads the view that the node is in.
    var leader: MemberIndex { committee.leader(of: status.view) }

    /// Takes one event.
    mutating func handle(_ event: GossipMachine.Event, at now: Instant, _ out: inout Outbox) {
        switch event {
        case .epochStarted, .statusChanged: break
        case .linkUp(let member, let digest): linkUp(member, digest, at: now, &out)
        case .linkDown(let member, let cause): linkDown(member, cause, at: now, &out)
        case .neighboursChosen(let members): choose(members, at: now, &out)
        case .redialRefused(let member, let closedAt):
            out.deliver(.redialRefused(member, closedAt: closedAt))
        case .received(let message, let member): receive(message, from: member, at: now, &out)
        case .registerSigned(let object): publish(object, &out)
        case .heartbeatWanted(let author, let member): hand(member, heartbeatOf: author, &out)
        case .entryComposed(let topic, let body): logs.append(topic, body, at: now, &out)
        case .directComposed(let kind, let payload, let member): sendDirect(kind, payload, to: member, &out)
        case .certificateComposed(let message, let members): send(message, to: members, &out)
        case .persisted(let ticket):
            logs.persisted(ticket, at: now, &out)
            if isSparse, logs.isSpreading(at: now) { relayLater(at: now) }
        case .groupKeyActivated(let verifier): logs.activate(verifier, at: now, &out)
        case .logsCut(let starts): logs.cut(starts, &out)
        case .logRead(let id, let entries): logs.logRead(id, entries, at: now, &out)
        }
    }

    private mutating func linkUp(
        _ member: MemberIndex,
        _ digest: Digest,
        at now: Instant,
        _ out: inout Outbox
    ) {
        guard committee.contains(member), member != own else { return out.drop(.unexpected) }
        links[member] = .up
        knowledge.forget(member, authors: committee.indices)
        relays.forget(member, at: now)
        roundTrips.linkUp(member)
        helloDigests[member] = digest
        lastBeats[member] = nil
        out.deliver(.linkUp(member))
        if links.isChosen(member) { tellAll(member, &out) } else { tellOwn(member, &out) }
        if let ping = roundTrips.ping(member, at: now) { out.send(ping, to: member) }
        if links.isChosen(member) { takeUpLogs(member, at: now, &out) }
    }

    private mutating func linkDown(
        _ member: MemberIndex,
        _ cause: RedialMachine.LossCause,
        at now: Instant,
        _ out: inout Outbox
    ) {
        guard committee.contains(member), links[member] != .down else { return out.drop(.unexpected) }
        if links.isUp(member) { end(member, cause, at: now, &out) }
        links[member] = .down
    }

    /// Stops heeding a link, and asks others for what came by it.
    private mutating func end(
        _ member: MemberIndex,
        _ cause: RedialMachine.LossCause,
        at now: Instant,
        _ out: inout Outbox
    ) {
        links[member] = .closing
        if isSparse, !ownChoice.contains(member) { links.dismiss(member) }
        relays.forget(member, at: now)
        out.deliver(.linkDown(member, cause))
        logs.linkDown(member, at: now, &out)
        askForRelays(at: now, &out)
    }

    /// Ends a link for an offence; nothing more of it is heeded, and for the rest of the node it is down.
    mutating func refuse(_ member: MemberIndex, _ offence: Offence, at now: Instant, _ out: inout Outbox) {
        out.append(.penalize(member, offence))
        out.append(.disconnect(member, offence))
        end(member, .other, at: now, &out)
    }
}

extension EpochGossip {
    /// When it is next due.
    ///
    /// Mutating, so that it is asked in place: reading a part of an optional epoch copies the epoch.
    mutating func deadline(at now: Instant) -> Instant? {
        logsDue = logs.nextDeadline(at: now)
        var deadline = clock.nextDeadline
        if let relayDue { deadline = min(deadline, relayDue) }
        if let logsDue { deadline = min(deadline, logsDue) }
        return deadline
    }
}
