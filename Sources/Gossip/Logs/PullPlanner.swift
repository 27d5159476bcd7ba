import Primitives

/// Decides what to ask of whom, so that every log becomes as long as the longest copy that a neighbour has.
///
/// One pull is under way for a log at a time, and at most ``perLink`` at one neighbour. A neighbour that
/// claims entries and does not bring them is asked about that log less and less, and others are asked instead,
/// so that a liar delays nothing for longer than ``timeout``.
struct PullPlanner: Sendable {
    /// How long an answer may take.
    static let timeout = Duration.seconds(2)
    /// The most pulls under way at one neighbour.
    static let perLink = 4
    /// The longest time for which a neighbour is not asked again about a log.
    static let longestPause = Duration.seconds(64)

    /// How long an entry that was announced may take to come by the tree before it is asked for.
    private let patience: Duration
    /// How many entries may be missing before that patience ends.
    private static let shortfall: UInt64 = 64

    /// What a pull is for.
    enum Purpose: Hashable, Sendable {
        /// The entries after the last one held.
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
        let until: Instant
        /// Whether the entries should have come by the tree.
        var isRescue = false
    }

    private struct Trust: Sendable {
        var failures = 0
        var pausedUntil = Instant.start
    }

    private var claims: MemberGrid<UInt64>
    private var trust: MemberGrid<Trust>
    private var active: MemberTable<Active?>
    private var suspects: MemberTable<(source: MemberIndex, sequence: UInt64)?>
    private var lastSource: MemberTable<Int>
    private var budgets: MemberTable<TokenBucket>
    /// What was announced of a log before it came: beyond which entry, and until when it is awaited.
    private var expected: MemberTable<(beyond: UInt64, until: Instant)?>
    private let size: Int
    private let faults: Int

    /// Nothing claimed, nothing asked.
    init(size: Int, faults: Int, quotas: GossipQuotas) {
        self.size = size
        self.faults = faults
        patience = quotas.schedule.relaySpacing * 2
        expected = MemberTable(repeating: nil, size: size)
        claims = MemberGrid(repeating: 0, size: size)
        trust = MemberGrid(repeating: Trust(), size: size)
        active = MemberTable(repeating: nil, size: size)
        suspects = MemberTable(repeating: nil, size: size)
        lastSource = MemberTable(repeating: 0, size: size)
        budgets = MemberTable(repeating: quotas.asking, size: size)
    }

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
                log.fork == nil, active[author] == nil, expected[author]?.beyond == log.accepted.sequence
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
    func vouched(_ author: MemberIndex) -> UInt64 {
        let words = active.members.filter { $0 != author }.map { claims[author, $0] }
            .filter { $0 != Frontier.forked }
        return words.sorted(by: >).dropFirst(faults).first ?? 0
    }

    /// Whether a neighbour that is not in disgrace claims more of a log than is held.
    func isBehind(_ author: MemberIndex, held: UInt64, links: LinkTable, at now: Instant) -> Bool {
        active[author] != nil
            || links.linked.contains { claims[author, $0] > held && trust[author, $0].pausedUntil <= now }
    }

    /// Forgets a neighbour's claims and pulls with its link; its disgrace stays.
    mutating func linkDown(_ neighbour: MemberIndex) {
        for author in active.members {
            claims[author, neighbour] = 0
            if active[author]?.source == neighbour { active[author] = nil }
            if suspects[author]?.source == neighbour { suspects[author] = nil }
        }
    }

    /// The pull under way that a range of this neighbour answers, if it does; it is not under way any more.
    mutating func answered(
        by neighbour: MemberIndex,
        author: MemberIndex,
        first: UInt64,
        isProof: Bool,
        bytes: Int,
        at now: Instant
    ) -> Active? {
        guard let pull = active[author], pull.source == neighbour else { return nil }
        guard isProof || (pull.purpose != .proof && pull.pull.first == first) else { return nil }
        active[author] = nil
        budgets[neighbour].overdraw(bytes, at: now)
        return pull
    }

    /// Forgets the pull under way for a log that is forked: there is something better to ask.
    mutating func abandon(_ author: MemberIndex) {
        active[author] = nil
    }

    /// Restores a neighbour's good name for a log.
    mutating func succeeded(_ author: MemberIndex, at neighbour: MemberIndex) {
        trust[author, neighbour] = Trust()
    }

    /// Notes that a neighbour did not bring what it claimed.
    mutating func failed(_ author: MemberIndex, at neighbour: MemberIndex, at now: Instant) {
        claims[author, neighbour] = 0
        let pause = Duration.seconds(1) * (1 << min(trust[author, neighbour].failures, 6))
        trust[author, neighbour].failures += 1
        trust[author, neighbour].pausedUntil = now.advanced(by: min(pause, Self.longestPause))
    }

    /// Gives up the pulls that are not answered in time; answers how many.
    mutating func expire(at now: Instant) -> Int {
        var count = 0
        for author in active.members {
            guard let pull = active[author], pull.until <= now else { continue }
            active[author] = nil
            failed(author, at: pull.source, at: now)
            count += 1
        }
        return count
    }

    /// The pulls to send now.
    mutating func plan(_ logs: LogBook, links: LinkTable, at now: Instant) -> [(to: MemberIndex, pull: Pull)]
    {
        let linked = links.linked
        guard !linked.isEmpty else { return [] }
        var load = MemberTable(repeating: 0, size: size)
        for author in active.members {
            if let source = active[author]?.source { load[source] += 1 }
        }
        var pulls: [(to: MemberIndex, pull: Pull)] = []
        for author in logs.members where active[author] == nil && isWanting(author, logs, linked) {
            let ready = linked.filter {
                load[$0] < Self.perLink && trust[author, $0].pausedUntil <= now && budgets[$0].holds(at: now)
            }
            guard let next = choose(author, logs[author], among: ready, at: now) else { continue }
            active[author] = next
            load[next.source] += 1
            pulls.append((next.source, next.pull))
        }
        return pulls
    }

    /// Whether there may be something to ask about a log.
    private func isWanting(_ author: MemberIndex, _ logs: LogBook, _ linked: [MemberIndex]) -> Bool {
        if suspects[author] != nil { return true }
        let held = logs[author].accepted.sequence
        return linked.contains { claims[author, $0] > held }
    }

    private mutating func choose(
        _ author: MemberIndex,
        _ log: AuthorLog,
        among ready: [MemberIndex],
        at now: Instant
    ) -> Active? {
        let until = now.advanced(by: Self.timeout)
        if let suspect = suspects[author], ready.contains(suspect.source) {
            suspects[author] = nil
            let pull = Pull(author: author, first: suspect.sequence, count: 1)
            return Active(source: suspect.source, pull: pull, purpose: .comparison, until: until)
        }
        guard log.fork == nil else { return nil }
        let sources = ready.filter { claims[author, $0] > log.accepted.sequence }
        guard !sources.isEmpty else { return nil }
        lastSource[author] += 1
        let source = sources[lastSource[author] % sources.count]
        if claims[author, source] == Frontier.forked {
            let pull = Pull(author: author, first: 0, count: 2)
            return Active(source: source, pull: pull, purpose: .proof, until: until)
        }
        guard
            log.hasRoomToStore, log.pace.holds(at: now),
            log.quota.holds(at: now) || vouched(author) >= log.next
        else { return nil }
        let expected = expected[author].flatMap { $0.beyond == log.accepted.sequence ? $0.until : nil }
        if let expected, expected > now, claims[author, source] - log.accepted.sequence <= Self.shortfall {
            return nil
        }
        let end = min(claims[author, source], log.gapEnd.map { $0 - 1 } ?? .max)
        let count = min(UInt64(Pull.countLimit), end - log.accepted.sequence)
        let pull = Pull(author: author, first: log.next, count: UInt16(count))
        return Active(
            source: source,
            pull: pull,
            purpose: .entries,
            until: until,
            isRescue: expected.map { $0 <= now } ?? false
        )
    }
}
