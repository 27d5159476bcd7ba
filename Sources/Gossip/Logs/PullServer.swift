import Primitives

/// Answers the pulls of neighbours from the store, at a bounded pace and with a bounded memory.
///
/// For each link one read is under way, at most ``waitingLimit`` pulls wait, and the bytes sent are limited by
/// ``GossipQuotas/serving``. A peer that pulls without end gets that much and costs no more.
struct PullServer: Sendable {
    /// The most pulls of one link that wait.
    static let waitingLimit = PullPlanner.perLink

    private var waiting: MemberTable<[Pull]>
    private var reading: MemberTable<UInt64?>
    private var budgets: MemberTable<TokenBucket>

    /// Nothing asked.
    init(size: Int, quotas: GossipQuotas) {
        waiting = MemberTable(repeating: [], size: size)
        reading = MemberTable(repeating: nil, size: size)
        budgets = MemberTable(repeating: quotas.serving, size: size)
    }

    /// Takes a pull; answers whether there was room.
    mutating func asked(_ pull: Pull, by neighbour: MemberIndex) -> Bool {
        guard waiting[neighbour].count < Self.waitingLimit else { return false }
        waiting[neighbour].append(pull)
        return true
    }

    /// The pull to read for now, if the link may have more and nothing is being read for it.
    ///
    /// The caller says with ``reads(_:for:)`` that it reads.
    mutating func next(for neighbour: MemberIndex, at now: Instant) -> Pull? {
        guard reading[neighbour] == nil, !waiting[neighbour].isEmpty, budgets[neighbour].holds(at: now) else {
            return nil
        }
        return waiting[neighbour].removeFirst()
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
        budgets[neighbour].overdraw(bytes, at: now)
    }

    /// Forgets what a link that has ended had asked.
    mutating func linkDown(_ neighbour: MemberIndex) {
        waiting[neighbour] = []
        reading[neighbour] = nil
    }
}
