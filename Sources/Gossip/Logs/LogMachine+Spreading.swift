import Primitives

/// Spreading entries in a sparse mesh: see ``LogSpread``.
extension LogMachine {
    /// Takes a neighbour's word whose entries it wants to be sent from now on.
    mutating func asked(_ request: RelayWanted, by neighbour: MemberIndex) {
        spread?.asked(request, by: neighbour)
    }

    /// Takes up a link over which only one's own entries go.
    mutating func linkUpAside(_ neighbour: MemberIndex) {
        forgetLink(neighbour)
        spread?.linkUpAside(neighbour)
    }

    /// Makes such a link one of the mesh.
    mutating func joined(_ neighbour: MemberIndex) { spread?.leaveAside(neighbour) }

    /// Takes what a heartbeat over such a link says of the peer's logs; answers whether they have differed for long
    /// while neither these nor one's own have changed.
    mutating func staysBehind(_ digest: Digest, of neighbour: MemberIndex) -> Bool {
        let held = frontierDigest
        return spread?.staysBehind(digest, of: neighbour, own: held) ?? false
    }

    /// Sends entries that have become durable to the neighbours that wait for them, one's own to all.
    mutating func push(_ entries: [SignedObject], of author: MemberIndex, _ out: inout Outbox) {
        guard let last = entries.last?.object.order.sequence else { return }
        let recipients =
            spread == nil ? (author == own ? links.linked : []) : waiting(for: entries, of: author)
        spread?.grew(author)
        guard !recipients.isEmpty else { return }
        for neighbour in recipients { spread?.tell(neighbour, last, of: author) }
        out.send(LinkMessage(.range, body: LogRange(fitting: entries).sszBytes), to: recipients)
    }

    /// The neighbours that wait for entries in a sparse mesh and are not known to have them.
    private func waiting(for entries: [SignedObject], of author: MemberIndex) -> [MemberIndex] {
        guard let last = entries.last?.object.order.sequence, entries.count <= LogSpread.pushLimit else {
            return []
        }
        let aside = author == own ? spread?.aside ?? [] : []
        return aside
            + links.linked.filter { neighbour in
                let isWaiting = author == own || spread?.wants(author, neighbour) ?? false
                return isWaiting && neighbour != author && !isKnown(last, of: author, to: neighbour)
            }
    }

    /// Tells the neighbours that may not have them of the entries that have come since the last time, and pulls what
    /// has been announced here and has not come.
    mutating func announce(at now: Instant, _ out: inout Outbox) {
        let grown = spread?.takeGrown() ?? []
        for neighbour in links.linked where !grown.isEmpty {
            let news = grown.compactMap { book[$0].frontier($0) }.filter {
                $0.author != neighbour && !isKnown($0.sequence, of: $0.author, to: neighbour)
            }
            guard !news.isEmpty, let entries = SSZList<Frontier, 128>(news) else { continue }
            for frontier in news { spread?.tell(neighbour, frontier.sequence, of: frontier.author) }
            out.send(LinkMessage(.announcement, body: Frontiers(entries).sszBytes), to: neighbour)
        }
        goOn(at: now, &out)
    }

    /// Whether a neighbour has a log up to an entry, or has been told that it is here.
    private func isKnown(_ sequence: UInt64, of author: MemberIndex, to neighbour: MemberIndex) -> Bool {
        let known = max(pulls.claim(author, by: neighbour), spread?.told(author, neighbour) ?? 0)
        return known >= sequence
    }

    /// Takes a neighbour's word that logs have grown, and gives the entries a moment to come by the tree.
    ///
    /// - Returns: The neighbour's offence, if it committed one.
    mutating func announced(
        _ frontiers: Frontiers,
        by neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        guard
            !frontiers.entries.isEmpty, frontiers.isCanonical,
            frontiers.entries.allSatisfy({ committee[$0.author] != nil })
        else { return .badRequest(.announcement) }
        guard announcements[neighbour].take(at: now) else {
            out.drop(.linkQuota)
            return nil
        }
        // One's own log grows nowhere else; what others hold of it after a loss of the disk, their frontiers say.
        for frontier in frontiers.entries where frontier.author != own {
            pulls.announced(
                frontier.sequence,
                of: frontier.author,
                by: neighbour,
                held: book[frontier.author].accepted.sequence,
                at: now
            )
            compare(frontier, from: neighbour)
        }
        goOn(at: now, &out)
        return nil
    }

    /// Looks whether a neighbour's copy of a log differs from the one held.
    mutating func compare(_ frontier: Frontier, from neighbour: MemberIndex) {
        let author = frontier.author
        guard let digest = book[author].recentDigest(frontier.sequence), digest != frontier.head else {
            return
        }
        pulls.differs(at: frontier.sequence, of: author, at: neighbour)
    }

    /// Whether there is something to announce, or something announced has not come yet.
    func isSpreading(at now: Instant) -> Bool {
        spread?.hasGrown ?? false || pulls.isExpecting(book, at: now)
    }

    /// Whether neighbours claim more of a log than its author's quota lets in, and fewer than f + 1 vouch for it.
    ///
    /// In a sparse mesh f + 1 may be more than there are neighbours: then it takes more of them. Fewer vouchers would not
    /// do: f liars that link themselves with a member would vouch for whatever another liar says.
    func lacksVouchers(at now: Instant) -> Bool {
        guard spread != nil else { return false }
        return book.members.contains { author in
            let log = book[author]
            return log.fork == nil && !log.quota.holds(at: now) && pulls.vouched(author) < log.next
                && pulls.isBehind(author, held: log.accepted.sequence, links: links, at: now)
        }
    }

    /// From whom an author's entries had to be fetched, if that has happened since the last call.
    mutating func takeRescue() -> (author: MemberIndex, source: MemberIndex)? {
        defer { rescue = nil }
        return rescue
    }
}
