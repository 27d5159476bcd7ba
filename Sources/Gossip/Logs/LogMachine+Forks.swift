import Primitives

/// Finding, proving and telling that a member signed two histories.
extension LogMachine {
    /// Reads the stored entries at and before an entry's place, to see whether it contradicts one of them.
    ///
    /// - Precondition: The entry's signature is good.
    mutating func examine(
        _ entry: SignedObject,
        of author: MemberIndex,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        guard !examined[author], comparisons[neighbour].take(at: now) else { return out.drop(.stale) }
        examined[author] = true
        let first = max(1, entry.object.order.sequence - 1)
        read(first, count: 2, of: author, for: .compare(entry, neighbour), &out)
    }

    /// Reads from a stored log.
    mutating func read(
        _ first: UInt64,
        count: Int,
        of author: MemberIndex,
        for purpose: ReadPurpose,
        _ out: inout Outbox
    ) {
        lastRead += 1
        reads[lastRead] = purpose
        out.append(
            .readLog(
                LogRead(
                    id: lastRead,
                    author: book[author].author,
                    first: first,
                    count: count,
                    enoughBytes: MessageType.range.bodyLimit
                )
            )
        )
    }

    /// Goes on with what waited for a read.
    mutating func logRead(_ id: UInt64, _ entries: [SignedObject], at now: Instant, _ out: inout Outbox) {
        switch reads.removeValue(forKey: id) {
        case nil: out.drop(.unexpected)
        case .serve(let pull, let neighbour): serve(pull, to: neighbour, id, entries, at: now, &out)
        case .compare(let entry, let neighbour): compare(entry, from: neighbour, with: entries, &out)
        }
        goOn(at: now, &out)
    }

    private mutating func compare(
        _ entry: SignedObject,
        from neighbour: MemberIndex,
        with stored: [SignedObject],
        _ out: inout Outbox
    ) {
        guard
            let identity = book.identity(of: entry.object),
            let author = book.position(of: identity)
        else { return out.drop(.formerMember) }
        examined[author] = false
        for other in stored {
            guard let proof = Contradiction(other, entry), book[author].lacks(proof) else { continue }
            adopt(proof, of: author, &out)
            guard !proof.isSamePlace else { continue }
            // Two entries for one place are a better proof: the neighbour has another one for this one's.
            pulls.differs(at: other.object.order.sequence, of: author, at: neighbour)
        }
    }

    /// Takes a proof that a neighbour sent.
    mutating func take(_ proof: Contradiction, of author: MemberIndex, _ out: inout Outbox) -> Offence? {
        guard book[author].lacks(proof) else {
            out.drop(.duplicate)
            return nil
        }
        let identity = book[author].author
        for entry in [proof.first, proof.second] {
            guard book.identity(of: entry.object) == identity else { return .badRequest(.range) }
            out.count(.verified)
            guard isValid(entry, by: identity) else { return .badSignature(.logEntry) }
        }
        adopt(proof, of: author, &out)
        return nil
    }

    /// Ends a log with the proof of its fork, keeps the proof and tells of it.
    private mutating func adopt(_ proof: Contradiction, of author: MemberIndex, _ out: inout Outbox) {
        book[author].freeze(proof)
        pulls.abandon(author)
        out.append(.evidence(proof))
        persist(proof, of: author, &out)
    }
}
