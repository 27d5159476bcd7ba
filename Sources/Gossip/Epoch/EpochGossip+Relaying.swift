import Primitives

/// Passing on the registers of others.
extension EpochGossip {
    /// Sends all registers that the node holds to a neighbour whose link has just come up.
    mutating func tellAll(_ neighbour: MemberIndex, _ out: inout Outbox) {
        let held = committee.indices.flatMap { registers.all(of: $0) }.filter {
            $0.object.author != neighbour
        }
        send(held, to: neighbour, .registers, &out)
    }

    /// Tells the neighbours whose registers are to be relayed from now on, where that has changed.
    mutating func askForRelays(at now: Instant, _ out: inout Outbox) {
        let (schedule, leader) = (quotas.schedule, leader)
        let requests = relays.requests(
            links: links,
            registers: registers,
            interval: { schedule.interval(isLeader: $0 == leader) },
            at: now
        )
        for (neighbour, request) in requests {
            out.send(LinkMessage(.relayWanted, body: request.sszBytes), to: neighbour)
        }
    }

    /// Takes a neighbour's request for relays, and answers at once with what is held of the authors new in it.
    ///
    /// Each request replaces the one before it, so all are taken; only the answer at once has a quota.
    mutating func relayWanted(
        _ request: RelayWanted,
        by neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        let authors = relays.asked(request, by: neighbour).filter { committee.contains($0) }
        if !links.isChosen(neighbour) { join(neighbour, at: now, &out) }
        logs.asked(request, by: neighbour)
        guard !authors.isEmpty else { return }
        guard questions[neighbour].take(at: now) else { return out.drop(.linkQuota) }
        for author in authors { knowledge.forgetUrgent(neighbour, of: author) }
        send(wantedNews(for: neighbour, of: authors, &out), to: neighbour, .registers, &out)
    }

    /// The registers that a neighbour has asked for and does not hold; they count as sent from here on.
    mutating func wantedNews(
        for neighbour: MemberIndex,
        of authors: [MemberIndex],
        _ out: inout Outbox
    ) -> [SignedObject] {
        var news: [SignedObject] = []
        for author in authors where relays.isWanted(author, by: neighbour) {
            for object in registers.all(of: author) where knowledge.isNews(object.object, to: neighbour) {
                knowledge.note(object.object, heldBy: neighbour)
                news.append(object)
            }
        }
        out.count(.relayed, news.count)
        return news
    }

    /// Passes registers on to those neighbours, by default all with mesh links, to whom they are news and whom the
    /// condition picks.
    mutating func forward(
        _ objects: [SignedObject],
        _ type: MessageType,
        to neighbours: [MemberIndex]? = nil,
        _ out: inout Outbox,
        to isRecipient: (MemberIndex, Object) -> Bool
    ) {
        guard !objects.isEmpty else { return }
        // Most neighbours get all of them: encoded once.
        var whole: [LinkMessage]?
        for neighbour in neighbours ?? links.mesh {
            let news = objects.filter {
                knowledge.isNews($0.object, to: neighbour) && isRecipient(neighbour, $0.object)
            }
            guard !news.isEmpty else { continue }
            out.count(.relayed, news.count { $0.object.author != own })
            for object in news { knowledge.note(object.object, heldBy: neighbour) }
            let isWhole = news.count == objects.count
            let messages = (isWhole ? whole : nil) ?? ObjectBatch.messages(type, carrying: news)
            if isWhole { whole = messages }
            for message in messages { out.send(message, to: neighbour) }
        }
    }

    /// Sends registers to a neighbour, which then counts as holding them.
    mutating func send(
        _ objects: [SignedObject],
        to neighbour: MemberIndex,
        _ type: MessageType,
        _ out: inout Outbox
    ) {
        for object in objects { knowledge.note(object.object, heldBy: neighbour) }
        for message in ObjectBatch.messages(type, carrying: objects) { out.send(message, to: neighbour) }
    }
}
