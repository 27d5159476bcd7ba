import Primitives

/// What a node keeps in memory of one member's log; the entries themselves are in the store.
struct AuthorLog: Sendable {
    /// The most entries kept that nobody asked for and that cannot be appended yet, because some before them are missing.
    static let waitingLimit = 8
    /// The most bytes of such entries.
    static let waitingBytesLimit = 131_072
    /// The most bytes of entries kept that were asked for because f + 1 neighbours claim them.
    static let askedWaitingBytesLimit = PullPlanner.perLog * MessageType.range.bodyLimit
    /// The most bytes of entries that the store has been given and has not made durable, when nobody asked for them.
    static let storingBytesLimit = 524_288
    /// The bytes of such entries above which no more are asked for.
    static let askingBytesLimit = 4 * 1_048_576
    /// The most bytes of such entries at all: what is under way when the asking ends has room.
    static let askedStoringBytesLimit = askingBytesLimit + PullPlanner.inAll * MessageType.range.bodyLimit
    /// How many of the last digests are remembered, to tell a copy from a contradiction without reading.
    static let recentLimit = 16

    /// Whose log it is.
    let author: Identity
    /// The last entry that was verified and given to the store.
    private(set) var accepted: LogHead
    /// The last entry that is durable.
    private(set) var durable: LogHead
    /// Where the log begins here, if the entries before are not kept.
    private(set) var start: LogStart?
    /// The epoch of the last entry that was verified; those of later entries are no earlier.
    private(set) var epoch: Epoch
    /// The tree of the durable entries, over all epochs.
    private(set) var tree: LogTree
    /// The proof that the author signed two histories; nothing is appended any more.
    private(set) var fork: Contradiction?
    /// Whether that proof is durable.
    private(set) var isForkDurable = false
    /// Limits the bytes that the author may make everybody store.
    var quota: TokenBucket
    /// Limits the entries that are verified.
    var pace: TokenBucket
    /// Entries of good signature that come after a gap, by their places.
    private(set) var waiting: [UInt64: SignedObject] = [:]
    /// The places of those entries, in order.
    private(set) var kept: [ClosedRange<UInt64>] = []
    private(set) var storingBytes = 0
    private(set) var waitingBytes = 0
    /// What an entry of the log takes, roughly.
    private(set) var entryBytes = 1_024
    private var recent: [LogHead] = []
    /// The entries on their way to the store, in order.
    private var storing: [LogHead] = []

    /// The log as it is stored.
    init(_ stored: StoredLog, quotas: GossipQuotas) {
        author = stored.author
        accepted = stored.head
        durable = stored.head
        tree = stored.tree
        start = stored.start
        epoch = stored.epoch
        fork = stored.fork
        isForkDurable = stored.fork != nil
        quota = quotas.log
        pace = quotas.entries
    }

    /// The place of the next entry.
    var next: UInt64 { accepted.sequence + 1 }

    /// Whether there is room for more entries on their way to the store.
    var hasRoomToStore: Bool { storingBytes < Self.storingBytesLimit }

    /// Whether there is room for an entry that was asked for.
    var hasRoomToStoreAsked: Bool { storingBytes < Self.askedStoringBytesLimit }

    /// Whether more may be asked for, by what the store has still to do.
    var hasRoomToAsk: Bool { storingBytes < Self.askingBytesLimit }

    /// The answers that what is kept comes to, of the longest.
    var keptRanges: Int { (waitingBytes + MessageType.range.bodyLimit - 1) / MessageType.range.bodyLimit }

    /// What is told of the log, or `nil` of an empty one: what is durable only.
    func frontier(_ member: MemberIndex) -> Frontier? {
        if isForkDurable { return Frontier(author: member, sequence: Frontier.forked, head: Digest()) }
        guard durable.sequence > 0 else { return nil }
        return Frontier(author: member, sequence: durable.sequence, head: durable.digest)
    }

    /// The digest of a recent entry, if it is remembered.
    func recentDigest(_ sequence: UInt64) -> Digest? {
        if sequence == accepted.sequence { return accepted.digest }
        if sequence == durable.sequence { return durable.digest }
        return recent.last { $0.sequence == sequence }?.digest
    }

    /// How many entries the log has by the committee's word, be they here or not.
    var attestedSize: UInt64 { start?.checkpoint?.size ?? 0 }

    /// Whether this is the last entry, as the one after it names it.
    func continues(_ previous: Digest) -> Bool { previous == accepted.digest }

    /// Whether an entry is of an earlier epoch than the last one, which none may be.
    func goesBack(_ object: Object) -> Bool { object.epoch < epoch }

    /// Appends an entry, to be stored now.
    ///
    /// - Precondition: It is the next, it continues the log, and there is no fork.
    mutating func append(_ entry: SignedObject) {
        precondition(fork == nil && entry.object.order.sequence == next, "an entry out of its place")
        accepted = LogHead(entry)
        epoch = entry.object.epoch
        recent.append(accepted)
        if recent.count > Self.recentLimit { recent.removeFirst() }
        storing.append(accepted)
        storingBytes += entry.sszSize
        entryBytes = (entryBytes * 7 + entry.sszSize) / 8
        forgetWaiting(accepted.sequence)
    }

    /// Notes that the oldest entries given to the store are durable.
    ///
    /// - Returns: What the log comes to with each of them.
    mutating func stored(_ entries: [SignedObject]) -> [LogState] {
        precondition(entries.count <= storing.count, "more is durable than was given to the store")
        defer { storing.removeFirst(entries.count) }
        return zip(entries, storing).map { entry, head in
            storingBytes -= entry.sszSize
            durable = head
            tree.append(LogTree.leaf(head.digest))
            return state
        }
    }

    /// Notes that entries before a place are kept no more.
    mutating func cut(_ start: LogStart) {
        self.start = start
    }

    /// Goes on from a place beyond all that is here; what is here is kept no more.
    ///
    /// - Precondition: The place is beyond the last entry, and there is no fork.
    mutating func begin(_ start: LogStart) {
        precondition(fork == nil && start.first > accepted.sequence, "a start within the log")
        self.start = start
        accepted = LogHead(start.entry)
        epoch = start.entry.object.epoch
        recent = [accepted]
        storing.append(accepted)
        storingBytes += start.entry.sszSize
        forgetWaiting(accepted.sequence)
    }

    /// Notes that the oldest entry given to the store, with which the log begins, is durable.
    mutating func begun(_ start: LogStart) {
        precondition(!storing.isEmpty, "more is durable than was given to the store")
        durable = storing.removeFirst()
        storingBytes -= start.entry.sszSize
        if let begun = start.tree { tree = begun }
    }

    /// What the durable entries come to.
    var state: LogState { LogState(head: durable, root: tree.root) }

    /// Keeps an entry of good signature until those before it are there; answers whether there was room.
    mutating func keep(_ entry: SignedObject, isAsked: Bool) -> Bool {
        let sequence = entry.object.order.sequence
        guard sequence > next, !keeps(sequence) else { return false }
        let bytes = waitingBytes + entry.sszSize
        guard
            isAsked
                ? bytes <= Self.askedWaitingBytesLimit
                : waiting.count < Self.waitingLimit && bytes <= Self.waitingBytesLimit
        else { return false }
        waiting[sequence] = entry
        waitingBytes = bytes
        noteKept(sequence)
        return true
    }

    private mutating func noteKept(_ sequence: UInt64) {
        let place = kept.firstIndex { $0.lowerBound > sequence } ?? kept.endIndex
        var stretch = sequence...sequence
        if place < kept.endIndex, kept[place].lowerBound == sequence + 1 {
            stretch = sequence...kept[place].upperBound
            kept.remove(at: place)
        }
        if place > 0, kept[place - 1].upperBound == sequence - 1 {
            kept[place - 1] = kept[place - 1].lowerBound...stretch.upperBound
        } else {
            kept.insert(stretch, at: place)
        }
    }

    /// Whether the entry of this place is kept.
    func keeps(_ sequence: UInt64) -> Bool { waiting[sequence] != nil }

    /// Takes the kept entry that is next now.
    mutating func takeWaiting() -> SignedObject? {
        guard let first = kept.first, first.lowerBound == next, let entry = waiting[next] else { return nil }
        forgetWaiting(next)
        return entry
    }

    /// Forgets a kept entry, which is the first of all, if it is there.
    private mutating func forgetWaiting(_ sequence: UInt64) {
        guard let entry = waiting.removeValue(forKey: sequence), let first = kept.first else { return }
        waitingBytes -= entry.sszSize
        if first.upperBound > sequence {
            kept[0] = (sequence + 1)...first.upperBound
        } else {
            kept.removeFirst()
        }
    }

    /// Whether a proof says more than what is known.
    func lacks(_ proof: Contradiction) -> Bool {
        fork.map { !$0.isSamePlace && proof.isSamePlace } ?? true
    }

    /// Ends the log with the proof of its fork, or puts a better proof in the place of the one known.
    mutating func freeze(_ proof: Contradiction) {
        fork = proof
        waiting = [:]
        kept = []
        waitingBytes = 0
    }

    /// Notes that the proof is durable.
    mutating func forkStored() {
        isForkDurable = true
    }
}

/// What a log comes to at one size, whoever's it is.
struct LogState: Hashable, Sendable {
    let head: LogHead
    let root: Digest

    /// The same in the words of an epoch in which the log's author has this position.
    func checkpoint(of author: MemberIndex, in epoch: Epoch) -> Checkpoint {
        Checkpoint(epoch: epoch, author: author, size: head.sequence, root: root, head: head.digest)
    }
}
