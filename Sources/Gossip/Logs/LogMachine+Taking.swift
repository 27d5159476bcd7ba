import Primitives

/// Taking entries that neighbours bring.
extension LogMachine {
    /// What became of one entry.
    private enum Outcome {
        case appended
        case kept
        case contradicts
        case dropped(DropReason)
        case refused(Offence)
        case authorOffence
    }

    /// Takes a range: an answer, what a neighbour has just appended, or the proof of a fork.
    ///
    /// - Returns: The neighbour's offence, if it committed one.
    mutating func receive(
        _ range: LogRange,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        guard let first = range.entries.first else { return .badRequest(.range) }
        if let wrong = range.entries.first(where: { $0.object.kind != .logEntry }) {
            return .misplacedKind(wrong.object.kind, .range)
        }
        guard let identity = book.identity(of: first.object) ?? attestedAuthor(of: first, from: neighbour)
        else {
            out.drop(.otherEpoch, range.entries.count)
            return nil
        }
        guard let author = book.position(of: identity) else {
            out.drop(.formerMember, range.entries.count)
            return nil
        }
        let proof = range.entries.count == 2 ? Contradiction(first, range.entries[1]) : nil
        let answer = pulls.answered(
            by: neighbour,
            author: author,
            first: first.object.order.sequence,
            isProof: proof != nil,
            at: now
        )
        let offence =
            if let proof {
                take(proof, of: author, &out)
            } else {
                take(range, of: author, answer: answer, from: neighbour, at: now, &out)
            }
        if let answer, offence == nil { judge(answer, range, of: author, at: now, &out) }
        goOn(at: now, &out)
        return offence
    }

    /// Whether an answer brought what was asked for.
    private mutating func judge(
        _ answer: PullPlanner.Active,
        _ range: LogRange,
        of author: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        let first = answer.pull.first
        let isThere = book[author].accepted.sequence >= first || book[author].keeps(first)
        let helped = book[author].fork != nil || isThere
        guard helped, answer.purpose != .proof || book[author].fork != nil else {
            out.count(.pullFailed)
            return pulls.failed(author, at: answer.source, at: now)
        }
        if answer.isRescue { rescue = (author, answer.source) }
        if answer.isVouched, range.isShort(for: answer.pull) {
            pulls.disappointed(author, at: answer.source, at: now)
        } else if !answer.isLate {
            pulls.succeeded(author, at: answer.source)
        }
    }

    private mutating func take(
        _ range: LogRange,
        of author: MemberIndex,
        answer: PullPlanner.Active?,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        let start = range.entries[0].object.order.sequence
        guard answer != nil || author == neighbour || start == book[author].next else {
            out.drop(.unasked, range.entries.count)
            return nil
        }
        let shown = start.addingReportingOverflow(UInt64(range.entries.count - 1))
        if !shown.overflow { pulls.shown(shown.partialValue, of: author, by: neighbour) }
        var fresh: [SignedObject] = []
        var suspect: SignedObject?
        var offence: Offence?
        let vouched = pulls.vouched(author)
        for (index, entry) in range.entries.enumerated() {
            guard isPlaced(entry.object, in: author) else {
                offence = .badRequest(.range)
                break
            }
            guard entry.object.order.sequence == start.addingReportingOverflow(UInt64(index)).partialValue
            else {
                offence = .badRequest(.range)
                break
            }
            switch offer(entry, of: author, answer, vouched: vouched, from: neighbour, at: now, &out) {
            case .appended: fresh.append(entry)
            case .kept: break
            case .contradicts: suspect = suspect ?? entry
            case .dropped(let reason): out.drop(reason)
            case .authorOffence: out.append(.penalize(author, .malformedPayload(.logEntry)))
            case .refused(let refusal): offence = refusal
            }
            if offence != nil { break }
        }
        if !fresh.isEmpty {
            suspect = suspect ?? appendKept(of: author, to: &fresh)
            persist(fresh, of: author, &out)
        }
        // After the entries before it are with the store, since it is compared with what is read from there.
        if let suspect { examine(suspect, of: author, from: neighbour, at: now, &out) }
        return offence
    }

    /// Appends the entries that were kept for the time when the gap before them is closed.
    ///
    /// - Returns: The first that does not continue the log, if there is one.
    private mutating func appendKept(of author: MemberIndex, to fresh: inout [SignedObject]) -> SignedObject?
    {
        while let kept = book[author].takeWaiting() {
            guard let previous = kept.previousEntry, book[author].continues(previous) else { return kept }
            guard !book[author].goesBack(kept.object) else { return nil }
            book[author].append(kept)
            fresh.append(kept)
        }
        return nil
    }

    /// Checks one entry, cheap checks first, and appends it if it is the next.
    ///
    /// What was asked for because f + 1 neighbours claim it is no more than an honest member holds, and is verified at
    /// the pace of all such entries; anything else at its author's.
    private mutating func offer(
        _ signed: SignedObject,
        of author: MemberIndex,
        _ answer: PullPlanner.Active?,
        vouched: UInt64,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Outcome {
        let sequence = signed.object.order.sequence
        let isPast = sequence < book[author].next
        let isAsked = !isPast && answer?.vouches(for: sequence) ?? false
        if let reason = reasonToDrop(signed, of: author, answer, isAsked: isAsked, from: neighbour, at: now) {
            return .dropped(reason)
        }
        let isVouched = isPast || vouched >= sequence
        guard isAsked || book[author].pace.holds(at: now), isVouched || book[author].quota.holds(at: now)
        else { return .dropped(.authorQuota) }
        out.count(.verified)
        if isAsked { pulls.verified(at: now) } else { book[author].pace.overdraw(1, at: now) }
        guard isValid(signed, by: book[author].author) else { return .refused(.badSignature(.logEntry)) }
        guard signed.object.order.incarnation == 0, sequence > 0, let previous = signed.previousEntry
        else { return .authorOffence }
        let isNext = sequence == book[author].next
        guard !isNext || !book[author].goesBack(signed.object) else { return .authorOffence }
        if isPast || (isNext && !book[author].continues(previous)) {
            guard sequence > 1 || isPast else { return .authorOffence }
            return .contradicts
        }
        if !isVouched { book[author].quota.overdraw(signed.sszSize, at: now) }
        guard isNext else {
            return book[author].keep(signed, isAsked: isAsked) ? .kept : .dropped(.gap)
        }
        book[author].append(signed)
        return .appended
    }

    /// Why an entry is not worth the verification of its signature, if it is not.
    private func reasonToDrop(
        _ signed: SignedObject,
        of author: MemberIndex,
        _ answer: PullPlanner.Active?,
        isAsked: Bool,
        from neighbour: MemberIndex,
        at now: Instant
    ) -> DropReason? {
        let sequence = signed.object.order.sequence
        let log = book[author]
        let isPast = sequence < log.next
        guard log.fork == nil || (isPast && answer?.purpose == .comparison) else { return .forkedLog }
        guard isPast else {
            guard isAsked ? log.hasRoomToStoreAsked : log.hasRoomToStore else { return .storeBusy }
            return log.keeps(sequence) ? .duplicate : nil
        }
        if let digest = log.recentDigest(sequence), digest == signed.hashTreeRoot() { return .duplicate }
        return examined[author] || !comparisons[neighbour].holds(at: now) ? .stale : nil
    }

    /// Whether a log entry is the identity's.
    func isValid(_ signed: SignedObject, by identity: Identity) -> Bool {
        signatures.isValid(signed, in: domains, by: identity)
    }
}

extension SignedObject {
    /// The digest that a log entry names as its predecessor's, or `nil` when the payload is no log entry.
    var previousEntry: Digest? { try? LogEntry(ssz: object.payload.bytes).previous }
}

extension LogRange {
    /// Whether the range has fewer entries than were asked for although one message would hold more.
    fileprivate func isShort(for pull: Pull) -> Bool {
        entries.count < pull.count
            && entries.reduce(0) { $0 + $1.sszSize } < PullPlanner.fullAnswerBytes
    }
}
