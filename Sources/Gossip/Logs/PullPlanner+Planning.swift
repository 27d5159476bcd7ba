import Primitives

/// What to ask now, and of whom.
extension PullPlanner {
    /// When something more may be asked, if only time is missing.
    func nextDeadline(at now: Instant) -> Instant? {
        hasWaited ? pace.next(at: now) : nil
    }

    /// The pulls to send now: one for each log in turn, and on as long as there is something to ask.
    mutating func plan(_ logs: LogBook, links: LinkTable, at now: Instant) -> [(to: MemberIndex, pull: Pull)]
    {
        let linked = links.linked
        hasWaited = false
        guard !linked.isEmpty else { return [] }
        noteLate(linked, at: now)
        var wanting = logs.members.filter { isWanting($0, logs, linked) }
        guard !wanting.isEmpty else { return [] }
        lastAuthor += 1
        let turn = lastAuthor % wanting.count
        wanting = Array(wanting[turn...] + wanting[..<turn])
        let room = logs.room
        var load = load
        var pulls: [(to: MemberIndex, pull: Pull)] = []
        while !wanting.isEmpty, activeCount < Self.inAll {
            wanting = wanting.filter { author in
                guard activeCount < Self.inAll else { return false }
                let ready = linked.filter {
                    load[$0].hasRoom(standing[$0]) && trust[author, $0].pausedUntil <= now
                }
                guard
                    let next = choose(author, logs[author], among: ready, load, room, at: now)
                else { return false }
                active[author].append(next)
                activeCount += 1
                load[next.source].current += 1
                standing[next.source].asked()
                pulls.append((next.source, next.pull))
                return true
            }
        }
        return pulls
    }

    /// How many pulls are under way at a neighbour.
    private struct Load: Sendable {
        /// Those that are not late.
        var current = 0
        /// The others, which do not keep the neighbour from being asked for something else.
        var late = 0

        func hasRoom(_ standing: SourceStanding) -> Bool {
            current < standing.window && current + late < PullPlanner.perLink
        }
    }

    private var load: MemberTable<Load> {
        var load = MemberTable(repeating: Load(), size: size)
        for author in active.members {
            for pull in active[author] {
                if pull.isLate { load[pull.source].late += 1 } else { load[pull.source].current += 1 }
            }
        }
        return load
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
        _ load: MemberTable<Load>,
        _ room: LogBook.Room,
        at now: Instant
    ) -> Active? {
        if !active[author].contains(where: { $0.purpose != .entries }) {
            if let suspect = suspects[author], ready.contains(suspect.source) {
                suspects[author] = nil
                let pull = Pull(author: author, first: suspect.sequence, count: 1)
                return Active(source: suspect.source, pull: pull, purpose: .comparison, asked: now)
            }
            if log.fork == nil, let source = ready.first(where: { claims[author, $0] == Frontier.forked }) {
                let pull = Pull(author: author, first: 0, count: 2)
                return Active(source: source, pull: pull, purpose: .proof, asked: now)
            }
        }
        guard log.fork == nil, room.toStore, log.hasRoomToAsk else { return nil }
        return chooseEntries(author, log, among: ready, load, canKeep: room.toKeep, at: now)
    }

    private mutating func chooseEntries(
        _ author: MemberIndex,
        _ log: AuthorLog,
        among ready: [MemberIndex],
        _ load: MemberTable<Load>,
        canKeep: Bool,
        at now: Instant
    ) -> Active? {
        let underWay = active[author].filter { $0.purpose == .entries }
        let gap = gap(
            after: log.next,
            log.kept + underWay.filter { !$0.isLate }.map { $0.pull.first...$0.last }
        )
        let vouched = vouched(author)
        let isVouched = vouched >= gap.lowerBound
        if isVouched {
            let isNext = gap.lowerBound == log.next
            guard isNext || (canKeep && underWay.count + log.keptRanges < Self.perLog) else { return nil }
            guard pace.holds(at: now) else {
                hasWaited = true
                return nil
            }
        } else {
            guard underWay.allSatisfy(\.isLate), log.pace.holds(at: now), log.quota.holds(at: now) else {
                return nil
            }
        }
        let sources = ready.filter { source in
            let claim = claims[author, source]
            return claim >= gap.lowerBound && claim != Frontier.forked
                && !underWay.contains { $0.isLate && $0.source == source }
        }
        guard let source = quickest(of: sources, for: author, load) else { return nil }
        let expected = expected[author].flatMap { $0.beyond == log.accepted.sequence ? $0.until : nil }
        if let expected, expected > now, claims[author, source] - log.accepted.sequence <= Self.shortfall {
            return nil
        }
        let end = min(claims[author, source], gap.upperBound, isVouched ? vouched : .max)
        let most =
            isVouched
            ? min(Self.vouchedCount, max(1, UInt64(Self.vouchedBytes / log.entryBytes)))
            : UInt64(Pull.countLimit)
        let count = min(most, end - gap.lowerBound + 1)
        return Active(
            source: source,
            pull: Pull(author: author, first: gap.lowerBound, count: UInt16(count)),
            purpose: .entries,
            asked: now,
            isVouched: isVouched,
            isRescue: expected.map { $0 <= now } ?? false
        )
    }

    /// The first places from `next` on that none of the stretches has.
    private func gap(after next: UInt64, _ stretches: [ClosedRange<UInt64>]) -> ClosedRange<UInt64> {
        var first = next
        for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if stretch.lowerBound > first { return first...(stretch.lowerBound - 1) }
            // An author may sign an entry with the last number there is.
            let (after, overflow) = stretch.upperBound.addingReportingOverflow(1)
            first = overflow ? .max : max(first, after)
        }
        return first...Frontier.forked
    }

    /// Who is likely to answer first; those of whom nothing is known go before the others, and take turns.
    private mutating func quickest(
        of sources: [MemberIndex],
        for author: MemberIndex,
        _ load: MemberTable<Load>
    ) -> MemberIndex? {
        guard !sources.isEmpty else { return nil }
        lastSource[author] += 1
        let turn = lastSource[author] % sources.count
        let inTurn = sources[turn...] + sources[..<turn]
        return inTurn.min { one, other in
            (standing[one].answerTime ?? .zero) * (load[one].current + 1)
                < (standing[other].answerTime ?? .zero) * (load[other].current + 1)
        }
    }

    /// Lets others be asked for what is late.
    private mutating func noteLate(_ linked: [MemberIndex], at now: Instant) {
        guard activeCount > 0 else { return }
        let best = linked.compactMap { standing[$0].answerTime }.min()
        let lateness =
            best.map { max(SourceStanding.leastLateness, $0 * 4) } ?? SourceStanding.unknownLateness
        for author in active.members {
            for index in active[author].indices where !active[author][index].isLate {
                let pull = active[author][index]
                guard pull.asked.advanced(by: lateness) <= now else { continue }
                active[author][index].isLate = true
                disappointed(author, at: pull.source, at: now)
            }
        }
    }
}
