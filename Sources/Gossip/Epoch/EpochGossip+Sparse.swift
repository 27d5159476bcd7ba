import Primitives

/// What is done otherwise in a committee too large for links to all.
extension EpochGossip {
    /// Takes the choice of the members with which this one wants mesh links.
    ///
    /// A mesh link stays one while it is up, even when neither end would choose it any more.
    mutating func choose(_ members: [MemberIndex], at now: Instant, _ out: inout Outbox) {
        guard isSparse else { return }
        ownChoice = members.filter { committee[$0] != nil && $0 != own }
        relays.choose(ownChoice)
        for member in committee.indices where links[member] == .down { links.dismiss(member) }
        for member in ownChoice where !links.isChosen(member) {
            if links.isUp(member) { join(member, at: now, &out) } else { links.choose(member) }
        }
    }

    /// Makes a mesh link of one that was up already.
    mutating func join(_ neighbour: MemberIndex, at now: Instant, _ out: inout Outbox) {
        links.choose(neighbour)
        logs.joined(neighbour)
        tellAll(neighbour, &out)
        takeUpLogs(neighbour, at: now, &out)
    }

    /// Begins to compare logs with a neighbour over a mesh link.
    mutating func takeUpLogs(_ neighbour: MemberIndex, at now: Instant, _ out: inout Outbox) {
        logs.linkUp(neighbour, digest: helloDigests[neighbour], &out)
        relayLater(at: now)
    }

    /// Takes up a link that is not of the mesh, by which the node's own words go and no others.
    mutating func tellOwn(_ neighbour: MemberIndex, _ out: inout Outbox) {
        logs.linkUpAside(neighbour)
        send(registers.all(of: own), to: neighbour, .registers, &out)
    }

    /// Compares a neighbour's logs with those held here, by what its own heartbeat says of them.
    ///
    /// Over a link that is not of the mesh only what stays different counts: it becomes a mesh link then, for the
    /// neighbours by whom entries should have come keep them back.
    mutating func compareLogs(
        _ digest: Digest,
        with neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        if links.isChosen(neighbour) { return logs.heard(digest, from: neighbour, &out) }
        if logs.staysBehind(digest, of: neighbour) { join(neighbour, at: now, &out) }
    }

    /// Lets what has come now be passed on together with what comes within the next quarter of D.
    mutating func relayLater(at now: Instant) {
        guard isSparse, relayDue == nil else { return }
        relayDue = now.advanced(by: quotas.schedule.relaySpacing)
    }

    /// Passes on what has come since the last time: requests, registers to who wants them, and word of new entries.
    mutating func passOnBatch(at now: Instant, _ out: inout Outbox) {
        relayDue = nil
        askForRelays(at: now, &out)
        for neighbour in links.mesh {
            let news = wantedNews(for: neighbour, of: relays.wanted(by: neighbour), &out)
            send(news, to: neighbour, .registers, &out)
        }
        logs.announce(at: now, &out)
        if logs.isSpreading(at: now) { relayLater(at: now) }
    }
}
