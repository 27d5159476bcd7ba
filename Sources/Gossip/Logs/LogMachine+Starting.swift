import Primitives

/// Logs that begin in the middle, because what was before is of epochs that are over: see ``LogStart``.
extension LogMachine {
    // MARK: Cutting

    /// Keeps the entries before these places no more.
    ///
    /// A start that does not fit the log here any more is passed over: the owner has made it from what the log was.
    mutating func cut(_ starts: [LogStart], _ out: inout Outbox) {
        for start in starts where committee.contains(start.author) && start.list.epoch == committee.epoch {
            let log = book[start.author]
            guard log.fork == nil, start.first >= log.start?.first ?? 2, start.first <= log.durable.sequence
            else { continue }
            book[start.author].cut(start)
            persist(.start(of: log.author, start), &out)
        }
    }

    // MARK: Serving

    /// Tells a neighbour where a log begins here, if it could check that.
    mutating func answer(
        _ start: LogStart,
        to neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        // A list of an epoch that is over, or of a key that another has replaced, proves nothing to others.
        guard start.list.epoch == committee.epoch, verifier?.judge(start.signature, of: start.list) == .valid
        else { return out.drop(.nothingToServe) }
        let body = start.sszBytes
        server.sent(body.count, to: neighbour, at: now)
        out.count(.served)
        out.send(LinkMessage(.logStart, body: body), to: neighbour)
    }

    // MARK: Taking

    /// Takes the epoch's group key; what was not to be checked without it is asked for again.
    mutating func activate(_ verifier: any AttestationVerifier, at now: Instant, _ out: inout Outbox) {
        self.verifier = verifier
        pulls.pardon()
        goOn(at: now, &out)
    }

    /// Takes a neighbour's word where its copy of a log begins, and goes on from there if nothing else is to be had.
    ///
    /// - Returns: The neighbour's offence, if it committed one.
    mutating func receive(
        _ start: LogStart,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        guard committee.contains(start.author) else { return .badRequest(.logStart) }
        guard let answer = pulls.answered(by: neighbour, start, at: now) else {
            out.drop(.unasked)
            return nil
        }
        defer { goOn(at: now, &out) }
        guard start.isSound(in: committee), isValid(start.entry, by: book[start.author].author) else {
            pulls.failed(start.author, at: neighbour, at: now)
            return .falseStart
        }
        if start.author == own { ownFloor = max(ownFloor, start.first) }
        switch verifier?.judge(start.signature, of: start.list) {
        case .valid: take(start, answer, from: neighbour, at: now, &out)
        case .invalid:
            pulls.failed(start.author, at: neighbour, at: now)
            return .falseStart
        case .otherKey, nil:
            // Whoever knows the key sooner than this node has done nothing wrong.
            out.drop(.keyUnknown)
            pulls.postponed(start.author, at: neighbour, at: now)
        }
        return nil
    }

    private mutating func take(
        _ start: LogStart,
        _ answer: PullPlanner.Active,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        let author = start.author
        let log = book[author]
        pulls.shown(start.first, of: author, by: neighbour)
        guard log.fork == nil else { return out.drop(.forkedLog) }
        guard start.first > log.accepted.sequence else {
            guard log.recentDigest(start.first) != start.entry.hashTreeRoot() else {
                return out.drop(.duplicate)
            }
            return examine(start.entry, of: author, from: neighbour, at: now, &out)
        }
        guard log.accepted != log.durable || log.tree.begins(start.treeBefore) else {
            out.drop(.conflictingStart)
            out.deliver(.logDiffers(author))
            return pulls.failed(author, at: neighbour, at: now)
        }
        if prefersWholeLogs {
            pulls.postponed(author, at: neighbour, at: now)
            // Somebody else may have kept what this one has not.
            guard !pulls.isBehind(author, held: log.accepted.sequence, links: links, at: now) else { return }
        }
        pulls.succeeded(author, at: neighbour)
        pulls.shown(start.checkpoint?.size ?? start.first, of: author, by: neighbour)
        pulls.abandon(author)
        book[author].begin(start)
        persist(.start(of: log.author, start), &out)
    }

    /// Goes on with a start that has become durable.
    mutating func startStored(_ start: LogStart, of identity: Identity, _ out: inout Outbox) {
        let state = book.update(identity) { log -> LogState? in
            guard log.durable.sequence < start.first else { return nil }
            log.begun(start)
            return log.state
        }
        guard let author = book.position(of: identity) else { return }
        out.deliver(.logBegins(start))
        guard let state = state.flatMap(\.self) else { return }
        frontierDigest = book.frontiers.hashTreeRoot()
        deliver(start.entry, state, of: author, &out)
        spread?.grew(author)
    }

    // MARK: Entries of epochs whose committee is not known

    /// Whose log an entry was asked for as, if the committee's word covers it.
    ///
    /// A newcomer need not know the committees of past epochs: a quorum that knew them has had these entries in its logs.
    func attestedAuthor(of entry: SignedObject, from neighbour: MemberIndex) -> Identity? {
        guard entry.object.epoch < committee.epoch else { return nil }
        let sequence = entry.object.order.sequence
        let asked = pulls.awaited(from: sequence, by: neighbour).filter {
            sequence <= book[$0].attestedSize
        }
        return asked.map { book[$0].author }.first { isValid(entry, by: $0) }
    }

    /// Whether an entry's author held the position that it names, as far as that can be known.
    func isPlaced(_ object: Object, in author: MemberIndex) -> Bool {
        let log = book[author]
        guard let identity = book.identity(of: object) else {
            return object.epoch < committee.epoch && object.order.sequence <= log.attestedSize
        }
        return identity == log.author
    }
}

extension LogTree {
    /// Whether a longer tree has this one's full subtrees where both have one of the same entries.
    ///
    /// Nothing more can be seen of two trees; where it is seen that they differ, one of the logs is not the other's.
    func begins(_ longer: LogTree?) -> Bool {
        guard let longer else { return false }
        var (one, other) = (size, longer.size)
        for (own, theirs) in zip(peaks, longer.peaks) {
            let (bit, otherBit) = (one.leadingZeroBitCount, other.leadingZeroBitCount)
            guard bit == otherBit else { break }
            guard own == theirs else { return false }
            one &= ~(1 << (63 - UInt64(bit)))
            other &= ~(1 << (63 - UInt64(bit)))
        }
        return true
    }
}
