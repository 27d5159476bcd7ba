import Primitives

/// Answers the pulls of neighbours from the store, at a bounded pace and with a bounded memory.
///
/// Of each link one read is under way, of all ``readsAtOnce``, and at most ``waitingLimit`` pulls wait. What is sent is limited by
/// ``GossipQuotas/serving`` for all links together, and shared: the link that has had least of late is served next. So
/// a peer that pulls without end gets as much as each other that wants something, and all of it while nobody does; and
/// what it takes in the long run is limited by ``GossipQuotas/servingLink``, since a member that was away wants much
/// once, and only one of ill will wants it for ever.
struct PullServer: Sendable {
    /// The most pulls of one link that wait.
    static let waitingLimit = PullPlanner.perLink
    /// The most reads under way: what is sent above the pace is no more than what they bring.
    static let readsAtOnce = 2

    private var waiting: MemberTable<[Pull]>
    private var reading: MemberTable<UInt64?>
    /// The bytes that a link has had, or would have had if it had always wanted some.
    private var shares: MemberTable<Int>
    /// The share of the link that was served last.
    private var level = 0
    private var budget: TokenBucket
    private var linkBudgets: MemberTable<TokenBucket>

    /// Nothing asked.
    init(size: Int, quotas: GossipQuotas) {
        waiting = MemberTable(repeating: [], size: size)
        reading = MemberTable(repeating: nil, size: size)
        shares = MemberTable(repeating: 0, size: size)
        budget = quotas.serving
        linkBudgets = MemberTable(repeating: quotas.servingLink, size: size)
    }

    /// Takes a pull; answers whether there was room.
    mutating func asked(_ pull: Pull, by neighbour: MemberIndex) -> Bool {
        guard waiting[neighbour].count < Self.waitingLimit else { return false }
        // What a link did not want while others did is not owed to it.
        if waiting[neighbour].isEmpty, reading[neighbour] == nil {
            shares[neighbour] = max(shares[neighbour], level)
        }
        waiting[neighbour].append(pull)
        return true
    }

    /// The pull to read for now, and for whom, if the node may send more.
    ///
    /// The caller says with ``reads(_:for:)`` that it reads.
    mutating func next(at now: Instant) -> (pull: Pull, neighbour: MemberIndex)? {
        guard budget.holds(at: now), isFree else { return nil }
        var next: MemberIndex?
        for neighbour in waiting.members where isWaiting(neighbour) && linkBudgets[neighbour].holds(at: now) {
            if next.map({ shares[neighbour] < shares[$0] }) ?? true { next = neighbour }
        }
        guard let next else { return nil }
        level = shares[next]
        return (waiting[next].removeFirst(), next)
    }

    /// Whether a link has asked for something that is not being read.
    private func isWaiting(_ neighbour: MemberIndex) -> Bool {
        reading[neighbour] == nil && !waiting[neighbour].isEmpty
    }

    /// Whether another read may begin.
    private var isFree: Bool { reading.members.count { reading[$0] != nil } < Self.readsAtOnce }

    /// When ``next(at:)`` has something, if only time is missing.
    func nextDeadline(at now: Instant) -> Instant? {
        guard isFree else { return nil }
        let first = waiting.members.filter(isWaiting).map { linkBudgets[$0].next(at: now) }.min()
        return first.map { max($0, budget.next(at: now)) }
    }

    /// Notes the read under way for a link.
    mutating func reads(_ id: UInt64, for neighbour: MemberIndex) {
        reading[neighbour] = id
    }

    /// Notes the end of a read; answers whether the link that it was for still waits for it.
    mutating func finished(_ id: UInt64, for neighbour: MemberIndex) -> Bool {
        guard reading[neighbour] == id else { return false }
        reading[neighbour] = nil
        return true
    }

    /// Charges a link for what it was sent.
    mutating func sent(_ bytes: Int, to neighbour: MemberIndex, at now: Instant) {
        shares[neighbour] += bytes
        linkBudgets[neighbour].overdraw(bytes, at: now)
        budget.overdraw(bytes, at: now)
    }

    /// Forgets what a link that has ended had asked.
    mutating func linkDown(_ neighbour: MemberIndex) {
        waiting[neighbour] = []
        reading[neighbour] = nil
    }
}
