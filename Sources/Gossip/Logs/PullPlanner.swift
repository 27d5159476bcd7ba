import Primitives

/// Decides what to ask of whom, so that every log becomes as long as the longest copy that a neighbour has.
///
/// Of what f + 1 neighbours claim several ranges are under way at a time, at several neighbours; of what fewer claim,
/// one. What is late is asked of another too, and who is late, short or silent is asked about that log less and less:
/// a liar delays a log by ``SourceStanding/unknownLateness`` at the most, and ever more rarely.
struct PullPlanner: Sendable {
    /// How long an answer may take.
    static let timeout = Duration.seconds(2)
    /// The most pulls under way at one neighbour.
    static let perLink = Pull.openLimit
    /// The most pulls under way at a neighbour of which nothing is known yet.
    static let perStranger = 4
    /// The most ranges of one log that are under way, or kept because some before them are missing.
    static let perLog = 16
    /// The most pulls under way in all.
    static let inAll = 32
    /// The most entries asked for at once of what f + 1 neighbours claim: what is verified in one go, and makes
    /// everything else wait meanwhile.
    static let vouchedCount: UInt64 = 32
    /// The bytes that an answer to such a pull is to have, by what is known of the log's entries.
    static let vouchedBytes = 65_536
    /// An answer with fewer entries than asked for has at least so many bytes, or is short.
    static let fullAnswerBytes = MessageType.range.bodyLimit - 33_000

    /// How long an entry that was announced may take to come by the tree before it is asked for.
    private let patience: Duration
    /// How many entries may be missing before that patience ends.
    static let shortfall: UInt64 = 64

    /// What a pull is for.
    enum Purpose: Hashable, Sendable {
        /// Entries that are missing.
        case entries
        /// The proof that the log is forked.
        case proof
        /// A copy of an entry that is held, since the neighbour's seems to differ.
        case comparison
    }

    /// A pull under way.
    struct Active: Sendable {
        let source: MemberIndex
        let pull: Pull
        let purpose: Purpose
        let asked: Instant
        /// Whether f + 1 neighbours claim all of it.
        var isVouched = false
        /// Whether the entries should have come by the tree.
        var isRescue = false
        /// Whether others are asked for the same by now.
        var isLate = false

        /// The place of the last entry asked for.
        var last: UInt64 { pull.first + UInt64(pull.count) - 1 }

        /// Whether an entry is one of those that were asked for because f + 1 neighbours claim them.
        func vouches(for sequence: UInt64) -> Bool {
            purpose == .entries && isVouched && (pull.first...last).contains(sequence)
        }
    }

    var claims: MemberGrid<UInt64>
    var trust: MemberGrid<SourceTrust>
    var standing: MemberTable<SourceStanding>
    var active: MemberTable<[Active]>
    var activeCount = 0
    /// Whether the pace alone kept the last plan from asking for more.
    var hasWaited = false
    var suspects: MemberTable<(source: MemberIndex, sequence: UInt64)?>
    var lastSource: MemberTable<Int>
    var lastAuthor = 0
    /// What was announced of a log before it came: beyond which entry, and until when it is awaited.
    var expected: MemberTable<(beyond: UInt64, until: Instant)?>
    /// Limits the entries that are verified because f + 1 neighbours claim them, of all logs together.
    private(set) var pace: TokenBucket
    let size: Int
    private let faults: Int

    /// Nothing claimed, nothing asked.
    init(size: Int, faults: Int, quotas: GossipQuotas) {
        self.size = size
        self.faults = faults
        patience = quotas.schedule.relaySpacing * 2
        pace = quotas.vouched
        expected = MemberTable(repeating: nil, size: size)
        claims = MemberGrid(repeating: 0, size: size)
        trust = MemberGrid(repeating: SourceTrust(), size: size)
        standing = MemberTable(repeating: SourceStanding(), size: size)
        active = MemberTable(repeating: [], size: size)
        suspects = MemberTable(repeating: nil, size: size)
        lastSource = MemberTable(repeating: 0, size: size)
    }

    // MARK: What neighbours say

    /// Notes how far a neighbour's copy of a log reaches, by its own word.
    mutating func claimed(_ sequence: UInt64, of author: MemberIndex, by neighbour: MemberIndex) {
        claims[author, neighbour] = sequence
    }

    /// Notes that a neighbour has shown an entry.
    mutating func shown(_ sequence: UInt64, of author: MemberIndex, by neighbour: MemberIndex) {
        claims[author, neighbour] = max(claims[author, neighbour], sequence)
    }

    /// Notes that a neighbour's copy of an entry has another digest than the one held.
    mutating func differs(at sequence: UInt64, of author: MemberIndex, at neighbour: MemberIndex) {
        suspects[author] = (neighbour, sequence)
    }

    /// Takes a neighbour's announcement that a log has grown beyond what is held, and lets the entries come.
    mutating func announced(
        _ sequence: UInt64,
        of author: MemberIndex,
        by neighbour: MemberIndex,
        held: UInt64,
        at now: Instant
    ) {
        claims[author, neighbour] = max(claims[author, neighbour], sequence)
        guard sequence > held, sequence != Frontier.forked else { return }
        // An announcement that nothing came of spends the patience for those soon after it, not for all to come.
        if let before = expected[author], before.beyond == held, before.until.advanced(by: Self.timeout) > now
        {
            return
        }
        expected[author] = (held, now.advanced(by: patience))
    }

    /// Whether something that was announced has not come yet, and there is somebody to ask for it.
    func isExpecting(_ logs: LogBook, at now: Instant) -> Bool {
        logs.members.contains { author in
            let log = logs[author]
            guard
                log.fork == nil, active[author].isEmpty, expected[author]?.beyond == log.accepted.sequence
            else { return false }
            return active.members.contains {
                let claim = claims[author, $0]
                return claim > log.accepted.sequence && claim != Frontier.forked
                    && trust[author, $0].pausedUntil <= now
            }
        }
    }

    /// How far a neighbour's copy of a log reaches, by what it has said and shown.
    func claim(_ author: MemberIndex, by neighbour: MemberIndex) -> UInt64 { claims[author, neighbour] }

    /// How far at least one honest member's copy of a log reaches: what f + 1 neighbours claim.
    ///
    /// The author may be one of them: it is honest itself, or one of the f that are not.
    func vouched(_ author: MemberIndex) -> UInt64 {
        let words = active.members.map { claims[author, $0] }.filter { $0 != Frontier.forked }
        return words.sorted(by: >).dropFirst(faults).first ?? 0
    }

    /// Whether a neighbour that is not in disgrace claims more of a log than is held.
    func isBehind(_ author: MemberIndex, held: UInt64, links: LinkTable, at now: Instant) -> Bool {
        !active[author].isEmpty
            || links.linked.contains { claims[author, $0] > held && trust[author, $0].pausedUntil <= now }
    }

    /// Forgets a neighbour's claims and pulls with its link; its disgrace stays.
    mutating func linkDown(_ neighbour: MemberIndex) {
        standing[neighbour] = SourceStanding()
        for author in active.members {
            claims[author, neighbour] = 0
            remove(of: author) { $0.source == neighbour }
            if suspects[author]?.source == neighbour { suspects[author] = nil }
        }
    }

    // MARK: Answers

    /// Whether a range is owed by a neighbour, so that its bytes are not charged to the link; it is not owed any more.
    mutating func takeOwed(by neighbour: MemberIndex) -> Bool { standing[neighbour].takeOwed() }

    /// The pull under way that a range of this neighbour answers, if it does; it is not under way any more.
    mutating func answered(
        by neighbour: MemberIndex,
        author: MemberIndex,
        first: UInt64,
        isProof: Bool,
        at now: Instant
    ) -> Active? {
        let index = active[author].firstIndex {
            $0.source == neighbour && (isProof || ($0.purpose != .proof && $0.pull.first == first))
        }
        guard let index else { return nil }
        let pull = active[author].remove(at: index)
        activeCount -= 1
        standing[neighbour].answered(after: pull.asked.duration(to: now), inTime: !pull.isLate)
        return pull
    }

    /// The pull under way that the beginning of a log answers, if it does; it is not under way any more.
    mutating func answered(
        by neighbour: MemberIndex,
        _ start: LogStart,
        at now: Instant
    ) -> Active? {
        let pull = active[start.author].first {
            $0.source == neighbour && $0.purpose != .proof && $0.pull.first < start.first
        }
        guard let pull else { return nil }
        remove(of: start.author) { $0.source == neighbour && $0.pull.first < start.first }
        standing[neighbour].answered(after: pull.asked.duration(to: now), inTime: !pull.isLate)
        return pull
    }

    /// Restores all neighbours' good names, since what they brought can be used from now on.
    mutating func pardon() {
        trust = MemberGrid(repeating: SourceTrust(), size: size)
    }

    /// The logs of which a neighbour was asked for entries from this place on.
    func awaited(from first: UInt64, by neighbour: MemberIndex) -> [MemberIndex] {
        active.members.filter { author in
            active[author].contains { $0.source == neighbour && $0.pull.first == first }
        }
    }

    /// Charges the verification of an entry that f + 1 neighbours claim.
    mutating func verified(at now: Instant) { pace.overdraw(1, at: now) }

    /// Forgets the pulls under way for a log that is forked: there is something better to ask.
    mutating func abandon(_ author: MemberIndex) { remove(of: author) { _ in true } }

    private mutating func remove(of author: MemberIndex, where isRemoved: (Active) -> Bool) {
        let count = active[author].count
        guard count > 0 else { return }
        active[author].removeAll(where: isRemoved)
        activeCount -= count - active[author].count
    }

    /// Restores a neighbour's good name for a log.
    mutating func succeeded(_ author: MemberIndex, at neighbour: MemberIndex) {
        trust[author, neighbour] = SourceTrust()
    }

    /// Notes that a neighbour did not bring what it claimed.
    mutating func failed(_ author: MemberIndex, at neighbour: MemberIndex, at now: Instant) {
        claims[author, neighbour] = 0
        disappointed(author, at: neighbour, at: now)
    }

    /// Notes that a neighbour brought something, but too late or too little to be asked next.
    mutating func disappointed(_ author: MemberIndex, at neighbour: MemberIndex, at now: Instant) {
        standing[neighbour].disappointed()
        trust[author, neighbour].pause(at: now)
    }

    /// Notes that what a neighbour claims is not to be had from it now, through no fault of its own.
    mutating func postponed(_ author: MemberIndex, at neighbour: MemberIndex, at now: Instant) {
        trust[author, neighbour].pause(at: now)
    }

    /// Gives up the pulls that are not answered in time; answers how many.
    mutating func expire(at now: Instant) -> Int {
        guard activeCount > 0 else { return 0 }
        var count = 0
        for author in active.members {
            let over = active[author].filter { $0.asked.advanced(by: Self.timeout) <= now }
            guard !over.isEmpty else { continue }
            remove(of: author) { $0.asked.advanced(by: Self.timeout) <= now }
            for source in Set(over.map(\.source)).sorted() { failed(author, at: source, at: now) }
            count += over.count
        }
        return count
    }
}
