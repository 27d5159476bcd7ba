import Primitives

/// The members' append-only logs: appending to one's own, copying all others, serving copies to who lacks them.
///
/// Every entry takes one way, whoever brought it: ``take(_:into:from:at:_:)`` checks it, the store makes it
/// durable, and only then is it delivered, told of in the frontiers, and, if it is the node's own, pushed.
/// So what a node acknowledges it can serve, also after a crash, and what one honest node holds reaches all.
struct LogMachine: Sendable {
    /// The most own entries that wait while the node fetches its own log from others: more than a ceremony of 128
    /// members with f proven liars makes one member say.
    static let waitingEntriesLimit = 1_024

    /// Records given to the store.
    struct Pending: Sendable {
        let ticket: UInt64
        let record: GossipRecord
    }

    /// What a read is for.
    enum ReadPurpose: Sendable {
        /// To answer a pull.
        case serve(Pull, MemberIndex)
        /// To compare the entry with the stored ones at and before its place.
        case compare(SignedObject, MemberIndex)
    }

    /// An own entry that waits.
    struct WaitingEntry: Sendable {
        let topic: LogTopic
        let body: [UInt8]
    }

    let committee: Committee
    let own: MemberIndex
    let signatures: any Authenticator
    let domains: SigningDomains
    var book: LogBook
    var pulls: PullPlanner
    var server: PullServer
    var exchange: FrontierExchange
    var links: LinkTable
    var pending: [Pending]
    var lastTicket: UInt64
    var lastRead: UInt64
    var reads: [UInt64: ReadPurpose] = [:]
    var examined: MemberTable<Bool>
    /// How far the own log reached when a neighbour's heartbeat last named the same frontiers as one's own.
    private var agreed: MemberTable<UInt64>
    var comparisons: MemberTable<TokenBucket>
    var questions: MemberTable<TokenBucket>
    var waitingEntries: [WaitingEntry] = []
    /// Only in a sparse mesh.
    var spread: LogSpread?
    /// Checks the epoch's group key, once it is in force.
    var verifier: (any AttestationVerifier)?
    /// How many entries this node's own log has had at least, by an entry that bears its signature.
    var ownFloor: UInt64
    /// Whether a log is begun without its past only when no neighbour has it.
    let prefersWholeLogs: Bool
    var announcements: MemberTable<TokenBucket>
    /// The author whose entries were last fetched because they had not come by the tree, and from whom.
    var rescue: (author: MemberIndex, source: MemberIndex)?
    var frontierDigest: Digest

    /// The logs at the beginning of an epoch, going on from the epoch before it in the same run.
    init(
        _ start: EpochStart,
        quotas: GossipQuotas,
        signatures: any Authenticator,
        domains: SigningDomains,
        prefersWholeLogs: Bool,
        before: LogMachine?
    ) {
        let size = start.committee.size
        committee = start.committee
        own = start.own
        self.signatures = signatures
        self.domains = domains
        self.prefersWholeLogs = prefersWholeLogs
        book = LogBook(start, quotas: quotas, before: before?.book)
        pulls = PullPlanner(size: size, faults: start.committee.faultLimit, quotas: quotas)
        server = PullServer(size: size, quotas: quotas)
        exchange = FrontierExchange(size: size)
        links = LinkTable(size: size)
        pending = before?.pending ?? []
        lastTicket = before?.lastTicket ?? 0
        lastRead = before?.lastRead ?? 0
        ownFloor = before?.ownFloor ?? 0
        waitingEntries = before?.waitingEntries ?? []
        examined = MemberTable(repeating: false, size: size)
        agreed = MemberTable(repeating: 0, size: size)
        comparisons = MemberTable(repeating: quotas.comparisons, size: size)
        questions = MemberTable(repeating: quotas.questions, size: size)
        announcements = MemberTable(repeating: quotas.announcements, size: size)
        spread = NeighbourGraph.isSparse(size) ? LogSpread(size: size) : nil
        frontierDigest = book.frontiers.hashTreeRoot()
    }

    /// Takes up a link whose other end names this digest of its frontiers.
    mutating func linkUp(_ neighbour: MemberIndex, digest: Digest, _ out: inout Outbox) {
        forgetLink(neighbour)
        links[neighbour] = .up
        if digest != frontierDigest { tellFrontiers(to: [neighbour], &out) }
    }

    /// Ends what was under way with a neighbour.
    mutating func linkDown(_ neighbour: MemberIndex, at now: Instant, _ out: inout Outbox) {
        forgetLink(neighbour)
        goOn(at: now, &out)
    }

    mutating func forgetLink(_ neighbour: MemberIndex) {
        links[neighbour] = .down
        pulls.linkDown(neighbour)
        spread?.linkDown(neighbour)
        server.linkDown(neighbour)
        exchange.linkUp(neighbour)
    }

    /// Compares a neighbour's heartbeat with what is held here.
    mutating func heard(_ digest: Digest, from neighbour: MemberIndex, _ out: inout Outbox) {
        if digest == frontierDigest { agreed[neighbour] = book[own].durable.sequence }
        if exchange.heard(digest, from: neighbour, own: frontierDigest) {
            tellFrontiers(to: [neighbour], &out)
        }
    }

    /// How many members have an entry of the own log on disk by their own word, this one among them.
    func holders(ofOwn sequence: UInt64) -> Int {
        guard sequence > 0, sequence <= book[own].durable.sequence else { return 0 }
        return 1
            + committee.indices.count { member in
                guard member != own else { return false }
                let claim = pulls.claim(own, by: member)
                return agreed[member] >= sequence || (claim >= sequence && claim != Frontier.forked)
            }
    }

    /// Gives up what has waited for too long, and asks others.
    mutating func tick(at now: Instant, _ out: inout Outbox) {
        out.count(.pullFailed, pulls.expire(at: now))
        goOn(at: now, &out)
    }

    /// Sends the pulls, and serves those of others, that may be by now.
    mutating func goOn(at now: Instant, _ out: inout Outbox) {
        for next in pulls.plan(book, links: links, at: now) {
            out.count(.pull)
            out.send(LinkMessage(.pull, body: next.pull.sszBytes), to: next.to)
        }
        serve(at: now, &out)
        appendWaiting(at: now, &out)
    }

    /// When something may be sent that only waits for its time: an answer, or a question.
    func nextDeadline(at now: Instant) -> Instant? {
        let serving = server.nextDeadline(at: now)
        guard let asking = pulls.nextDeadline(at: now) else { return serving }
        return serving.map { min($0, asking) } ?? asking
    }

    /// Tells how far the logs reach; there is nothing to tell of empty ones.
    func tellFrontiers(to neighbours: [MemberIndex], _ out: inout Outbox) {
        let frontiers = book.frontiers
        guard !frontiers.entries.isEmpty else { return }
        out.send(LinkMessage(.frontiers, body: frontiers.sszBytes), to: neighbours)
    }

    /// Makes the entries durable that were appended last.
    mutating func persist(_ entries: [SignedObject], of author: MemberIndex, _ out: inout Outbox) {
        persist(.entries(of: book[author].author, entries), &out)
    }

    /// Makes the proof of a fork durable.
    mutating func persist(_ proof: Contradiction, of author: MemberIndex, _ out: inout Outbox) {
        persist(.fork(of: book[author].author, proof), &out)
    }

    /// Makes a record durable.
    mutating func persist(_ record: GossipRecord, _ out: inout Outbox) {
        lastTicket += 1
        pending.append(Pending(ticket: lastTicket, record: record))
        out.append(.persist(record, ticket: lastTicket))
    }

    /// Goes on with what waited for these records.
    mutating func persisted(_ ticket: UInt64, at now: Instant, _ out: inout Outbox) {
        while let first = pending.first, first.ticket <= ticket {
            pending.removeFirst()
            switch first.record {
            case .entries(let author, let entries):
                let states = book.update(author) { $0.stored(entries) } ?? []
                entriesStored(entries, states, of: author, &out)
            case .fork(let author, _):
                book.update(author) { $0.forkStored() }
                frontierDigest = book.frontiers.hashTreeRoot()
                tellFrontiers(to: links.linked, &out)
            case .start(let author, let start): startStored(start, of: author, &out)
            }
        }
        goOn(at: now, &out)
    }

    private mutating func entriesStored(
        _ entries: [SignedObject],
        _ states: [LogState],
        of identity: Identity,
        _ out: inout Outbox
    ) {
        guard let author = book.position(of: identity) else { return }
        frontierDigest = book.frontiers.hashTreeRoot()
        for (object, state) in zip(entries, states) { deliver(object, state, of: author, &out) }
        push(entries, of: author, &out)
    }

    /// Tells the rest of the node of an entry that has become durable.
    func deliver(_ object: SignedObject, _ state: LogState, of author: MemberIndex, _ out: inout Outbox) {
        guard let entry = try? LogEntry(ssz: object.object.payload.bytes) else { return }
        out.deliver(
            .logEntry(
                DeliveredEntry(
                    author: author,
                    identity: book[author].author,
                    sequence: object.object.order.sequence,
                    entry: entry,
                    object: object,
                    checkpoint: state.checkpoint(of: author, in: committee.epoch)
                )
            )
        )
    }
}
