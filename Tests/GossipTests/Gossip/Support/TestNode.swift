import Primitives

@testable import Gossip

/// A gossip machine with its store, fed by hand.
struct TestNode {
    let cast: TestCommittee
    let own: MemberIndex
    let incarnation: UInt64
    private var published: [ObjectKind: UInt64] = [:]
    var machine: GossipMachine
    var store = TestStore()
    /// All facts delivered so far.
    var facts: [GossipFact] = []
    /// All proofs found so far.
    var evidence: [Contradiction] = []
    var metrics: [GossipMetric: Int] = [:]
    var penalties: [(MemberIndex, Offence)] = []
    var disconnected: [(MemberIndex, Offence)] = []
    var sent: [(message: LinkMessage, to: MemberIndex)] = []
    /// Whether the store answers at once.
    var storesAtOnce = true
    var unanswered: [UInt64] = []
    /// What a crash leaves of the store: the records that were answered.
    private(set) var durable = TestStore()
    private var writing: [(ticket: UInt64, record: GossipRecord)] = []
    /// Whether heartbeats are kept among the facts.
    var keepsHeartbeats = true
    /// The newest order of each author's heartbeat that was delivered.
    var lastHeartbeat: [MemberIndex: Order] = [:]
    /// Whether a delivered heartbeat was ever not newer than the one before it.
    var wentBack = false

    init(
        _ cast: TestCommittee,
        _ own: Int,
        seed: UInt64 = 1,
        incarnation: UInt64 = 1,
        store: TestStore = TestStore(),
        past: [Committee] = [],
        configuration: GossipMachine.Configuration = .init(),
        at now: Instant = .start
    ) {
        self.cast = cast
        self.own = MemberIndex(own)
        self.incarnation = incarnation
        self.store = store
        durable = store
        machine = GossipMachine(
            configuration,
            status: Self.status(view: 0),
            signatures: TestSignatures(identity: cast.identity(of: MemberIndex(own))),
            domains: cast.domains,
            random: SplitMix64(seed: seed)
        )
        let start = EpochStart(
            committee: cast.committee,
            own: MemberIndex(own),
            incarnation: incarnation,
            past: past,
            logs: store.heads(of: cast.committee)
        )
        feed(.epochStarted(start), at: now)
    }

    static func status(view: UInt64, flags: HeartbeatFlags = .ready) -> NodeStatus {
        NodeStatus(
            view: View(view),
            flags: flags,
            software: SoftwareVersion(1, 0, 0),
            wallTimeAtStart: UnixMilliseconds(rawValue: 1_700_000_000_000)
        )
    }

    /// Feeds an event and performs what the machine orders, except sending.
    mutating func feed(_ event: GossipMachine.Event, at now: Instant = .start) {
        if case .persisted(let ticket) = event { complete(writing.count { $0.ticket <= ticket }) }
        perform(machine.handle(event, at: now), at: now)
    }

    mutating func expire(at now: Instant) {
        perform(machine.expired(at: now), at: now)
    }

    mutating func linkUp(_ member: Int, digest: Digest? = nil, at now: Instant = .start) {
        feed(.linkUp(MemberIndex(member), frontierDigest: digest ?? machine.frontierDigest), at: now)
    }

    /// Publishes a register as consensus does: signed, with the next order of its kind.
    mutating func publish(_ kind: ObjectKind, _ payload: [UInt8], at now: Instant = .start) {
        published[kind, default: 0] += 1
        let order = Order(incarnation: incarnation, sequence: published[kind, default: 0])
        feed(.registerSigned(cast.signed(kind, by: own, order: order, payload: payload)), at: now)
    }

    mutating func receive(_ type: MessageType, _ body: [UInt8], from member: Int, at now: Instant = .start) {
        feed(.received(LinkMessage(type, body: body), from: MemberIndex(member)), at: now)
    }

    mutating func receive(
        _ objects: [SignedObject],
        _ type: MessageType = .objects,
        from member: Int,
        at now: Instant = .start
    ) {
        receive(type, ObjectBatch(objects)!.sszBytes, from: member, at: now)
    }

    mutating func receive(range entries: [SignedObject], from member: Int, at now: Instant = .start) {
        receive(.range, LogRange(SSZList(entries)!).sszBytes, from: member, at: now)
    }

    mutating func receive(frontiers: [Frontier], from member: Int, at now: Instant = .start) {
        receive(.frontiers, Frontiers(SSZList(frontiers)!).sszBytes, from: member, at: now)
    }

    /// Makes the first so many of the records that are being written durable.
    mutating func complete(_ count: Int) {
        for (_, record) in writing.prefix(count) { durable.persist(record) }
        writing.removeFirst(min(count, writing.count))
    }

    /// Lets the store complete what it has been given.
    mutating func completeStoring(at now: Instant = .start) {
        let tickets = unanswered
        unanswered = []
        for ticket in tickets { feed(.persisted(ticket: ticket), at: now) }
    }

    private mutating func perform(_ actions: [GossipMachine.Action], at now: Instant) {
        var answers: [GossipMachine.Event] = []
        for action in actions {
            switch action {
            case .send(let message, let member): sent.append((message, member))
            case .persist(let record, let ticket):
                store.persist(record)
                writing.append((ticket, record))
                if storesAtOnce {
                    answers.append(.persisted(ticket: ticket))
                } else {
                    unanswered.append(ticket)
                }
            case .readLog(let read): answers.append(.logRead(id: read.id, entries: store.read(read)))
            case .deliver(let fact): take(fact)
            case .evidence(let proof): evidence.append(proof)
            case .penalize(let member, let offence): penalties.append((member, offence))
            case .disconnect(let member, let offence): disconnected.append((member, offence))
            case .count(let metric, let amount): metrics[metric, default: 0] += amount
            }
        }
        for answer in answers { feed(answer, at: now) }
    }

    private mutating func take(_ fact: GossipFact) {
        if case .published(let object) = fact, object.object.kind == .heartbeat { return }
        guard case .heartbeat(let heard) = fact else { return facts.append(fact) }
        if lastHeartbeat[heard.author, default: .zero] >= heard.order { wentBack = true }
        lastHeartbeat[heard.author] = heard.order
        if keepsHeartbeats { facts.append(fact) }
    }

    mutating func takeUnanswered() -> [UInt64] {
        defer { unanswered = [] }
        return unanswered
    }

    mutating func takeDisconnected() -> [(MemberIndex, Offence)] {
        defer { disconnected = [] }
        return disconnected
    }

    /// Takes what was sent since the last call.
    mutating func takeSent() -> [(message: LinkMessage, to: MemberIndex)] {
        defer { sent = [] }
        return sent
    }

    func dropped(_ reason: DropReason) -> Int { metrics[.dropped(reason)] ?? 0 }

    /// The entries of a member's log that were delivered.
    func delivered(_ author: Int) -> [SignedObject] {
        facts.compactMap {
            if case .logEntry(let entry) = $0, entry.author == MemberIndex(author) {
                entry.object
            } else {
                nil
            }
        }
    }
}

extension [(message: LinkMessage, to: MemberIndex)] {
    /// The objects in the messages of the type, by recipient.
    func objects(_ type: MessageType, to member: Int) -> [SignedObject] {
        filter { $0.message.type == type && $0.to == MemberIndex(member) }
            .flatMap { (try? ObjectBatch(ssz: $0.message.body))?.elements ?? [] }
    }

    func count(_ type: MessageType, to member: Int? = nil) -> Int {
        count { $0.message.type == type && (member == nil || $0.to == MemberIndex(member ?? 0)) }
    }

    /// The pulls sent, with their recipients.
    var pulls: [(pull: Pull, to: MemberIndex)] {
        compactMap { sent in
            guard sent.message.type == .pull, let pull = try? Pull(ssz: sent.message.body) else { return nil }
            return (pull, sent.to)
        }
    }

    /// The bytes of the ranges sent to a member.
    func rangeBytes(to member: Int) -> Int {
        filter { $0.message.type == .range && $0.to == MemberIndex(member) }
            .reduce(0) { $0 + $1.message.body.count }
    }

    var ranges: [(range: LogRange, to: MemberIndex)] {
        compactMap { sent in
            guard sent.message.type == .range, let range = try? LogRange(ssz: sent.message.body) else {
                return nil
            }
            return (range, sent.to)
        }
    }
}

/// The durable side of a node.
struct TestStore {
    var logs: [Identity: [SignedObject]] = [:]
    var forks: [Identity: Contradiction] = [:]
    var starts: [Identity: LogStart] = [:]

    mutating func persist(_ record: GossipRecord) {
        switch record {
        case .entries(let author, let entries): logs[author, default: []] += entries
        case .fork(let author, let proof): forks[author] = proof
        case .start(let author, let start):
            starts[author] = start
            if logs[author]?.last.map({ $0.object.order.sequence < start.first }) ?? true {
                logs[author] = [start.entry]
            } else {
                logs[author]?.removeAll { $0.object.order.sequence < start.first }
            }
        }
    }

    func read(_ read: LogRead) -> [SignedObject] {
        let log = logs[read.author] ?? []
        guard read.first >= log.first?.object.order.sequence ?? 1 else { return [] }
        var entries: [SignedObject] = []
        var bytes = 0
        let found = log.drop { $0.object.order.sequence < read.first }
        for entry in found.prefix(read.count) where bytes < read.enoughBytes {
            entries.append(entry)
            bytes += entry.sszSize
        }
        return entries
    }

    func heads(of committee: Committee) -> [StoredLog] {
        committee.roster.members.compactMap { member in
            let entries = logs[member.identity] ?? []
            let fork = forks[member.identity]
            guard !entries.isEmpty || fork != nil else { return nil }
            guard let start = starts[member.identity], var tree = start.treeBefore else {
                return StoredLog(author: member.identity, entries: entries, fork: fork)
            }
            for entry in entries { tree.append(LogTree.leaf(entry.hashTreeRoot())) }
            return StoredLog(
                author: member.identity,
                head: entries.last.map { LogHead($0) } ?? .empty,
                tree: tree,
                epoch: entries.last?.object.epoch ?? Epoch(0),
                start: start,
                fork: fork
            )
        }
    }
}
