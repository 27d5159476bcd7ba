import Primitives

/// Answering the questions of neighbours.
extension LogMachine {
    /// Takes a neighbour's frontiers and asks for what is missing here.
    ///
    /// - Returns: The neighbour's offence, if it committed one.
    mutating func receive(
        _ frontiers: Frontiers,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        guard
            frontiers.isCanonical,
            frontiers.entries.allSatisfy({ committee[$0.author] != nil })
        else { return .badRequest(.frontiers) }
        guard questions[neighbour].take(at: now) else {
            out.drop(.linkQuota)
            return nil
        }
        var named = frontiers.entries[...]
        for author in book.members {
            let frontier = named.first?.author == author ? named.popFirst() : nil
            let sequence = frontier?.sequence ?? 0
            pulls.claimed(sequence, of: author, by: neighbour)
            if let frontier { compare(frontier, from: neighbour) }
        }
        goOn(at: now, &out)
        return nil
    }

    /// Takes a neighbour's pull.
    ///
    /// - Returns: The neighbour's offence, if it committed one.
    mutating func receive(
        _ pull: Pull,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        guard committee[pull.author] != nil, (1...Pull.countLimit).contains(pull.count) else {
            return .badRequest(.pull)
        }
        if !server.asked(pull, by: neighbour) { out.drop(.linkQuota) }
        serve(at: now, &out)
        return nil
    }

    /// Reads for the pulls of neighbours as far as the node may send more.
    mutating func serve(at now: Instant, _ out: inout Outbox) {
        while let (pull, neighbour) = server.next(at: now) {
            let log = book[pull.author]
            if pull.first == 0, let proof = log.fork {
                answer([proof.first, proof.second], to: neighbour, at: now, &out)
            } else if pull.first > 0, let start = log.start, pull.first < start.first {
                answer(start, to: neighbour, at: now, &out)
            } else if pull.first > 0, pull.first <= log.durable.sequence {
                let count = min(UInt64(pull.count), log.durable.sequence - pull.first + 1)
                read(pull.first, count: Int(count), of: pull.author, for: .serve(pull, neighbour), &out)
                server.reads(lastRead, for: neighbour)
            } else {
                out.drop(.nothingToServe)
            }
        }
    }

    /// Sends what was read for a pull.
    mutating func serve(
        _ pull: Pull,
        to neighbour: MemberIndex,
        _ id: UInt64,
        _ entries: [SignedObject],
        at now: Instant,
        _ out: inout Outbox
    ) {
        guard server.finished(id, for: neighbour), links.isUp(neighbour), !entries.isEmpty else {
            return out.drop(.nothingToServe)
        }
        answer(Array(entries.prefix(Int(pull.count))), to: neighbour, at: now, &out)
    }

    private mutating func answer(
        _ entries: [SignedObject],
        to neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        let body = LogRange(fitting: entries).sszBytes
        server.sent(body.count, to: neighbour, at: now)
        out.count(.served)
        out.send(LinkMessage(.range, body: body), to: neighbour)
    }
}
