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
        guard let identity = book.identity(of: first.object) else {
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
            bytes: range.entries.reduce(0) { $0 + $1.sszSize },
            at: now
        )
        let offence =
            if let proof {
                take(proof, of: author, &out)
            } else {
                take(range, of: author, answer: answer, from: neighbour, at: now, &out)
            }
        if let answer, offence == nil { judge(answer, of: author, at: now, &out) }
        goOn(at: now, &out)
        return offence
    }

    /// Whether an answer brought what was asked for.
    private mutating func judge(
        _ answer: PullPlanner.Active,
        of author: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        let helped = book[author].fork != nil || book[author].accepted.sequence >= answer.pull.first
        if helped, answer.purpose != .proof || book[author].fork != nil {
            pulls.succeeded(author, at: answer.source)
            if answer.isRescue { rescue = (author, answer.source) }
        } else {
            out.count(.pullFailed)
            pulls.failed(author, at: answer.source, at: now)
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
        for (index, entry) in range.entries.enumerated() {
            guard book.identity(of: entry.object) == book[author].author else {
                offence = .badRequest(.range)
                break
            }
            guard entry.object.order.sequence == start.addingReportingOverflow(UInt64(index)).partialValue
            else {
                offence = .badRequest(.range)
                break
            }
            let isComparison = answer?.purpose == .comparison
            switch offer(entry, of: author, isComparison: isComparison, from: neighbour, at: now, &out) {
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
            guard
                let entry = try? LogEntry(ssz: kept.object.payload.bytes),
                book[author].continues(entry)
            else { return kept }
            book[author].append(kept)
            fresh.append(kept)
        }
        return nil
    }

    /// Checks one entry, cheap checks first, and appends it if it is the next.
    private mutating func offer(
        _ signed: SignedObject,
        of author: MemberIndex,
        isComparison: Bool,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Outcome {
        let sequence = signed.object.order.sequence
        let log = book[author]
        let isPast = sequence < log.next
        guard log.fork == nil || (isPast && isComparison) else { return .dropped(.forkedLog) }
        if isPast {
            if log.recentDigest(sequence) == signed.hashTreeRoot() { return .dropped(.duplicate) }
            guard !examined[author], comparisons[neighbour].holds(at: now) else { return .dropped(.stale) }
        } else {
            guard log.hasRoomToStore else { return .dropped(.storeBusy) }
            guard !log.keeps(sequence) else { return .dropped(.duplicate) }
        }
        let isVouched = isPast || pulls.vouched(author) >= sequence
        guard log.pace.holds(at: now), isVouched || log.quota.holds(at: now) else {
            return .dropped(.authorQuota)
        }
        out.count(.verified)
        book[author].pace.overdraw(1, at: now)
        guard isValid(signed, by: log.author) else { return .refused(.badSignature(.logEntry)) }
        guard
            signed.object.order.incarnation == 0, sequence > 0,
            let entry = try? LogEntry(ssz: signed.object.payload.bytes)
        else { return .authorOffence }
        if isPast || (sequence == log.next && !log.continues(entry)) {
            guard sequence > 1 || isPast else { return .authorOffence }
            return .contradicts
        }
        if !isVouched { book[author].quota.overdraw(signed.sszSize, at: now) }
        guard sequence == log.next else {
            return book[author].keep(signed) ? .kept : .dropped(.gap)
        }
        book[author].append(signed)
        return .appended
    }

    /// Whether a log entry is the identity's.
    func isValid(_ signed: SignedObject, by identity: Identity) -> Bool {
        signatures.isValid(signed, in: domains, by: identity)
    }
}
