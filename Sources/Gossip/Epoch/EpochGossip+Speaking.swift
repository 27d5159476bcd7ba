import Primitives

/// What the node says of its own accord.
extension EpochGossip {
    /// Takes the node's new condition, and hurries a heartbeat when it matters to others.
    mutating func statusChanged(_ new: NodeStatus, at now: Instant) {
        let wasLeading = leader == own
        let changed = status.flags.symmetricDifference(new.flags)
        status = new
        let isLeading = leader == own
        clock.setInterval(quotas.schedule.interval(isLeader: isLeading), at: now)
        if changed.contains(.ready) { clock.hurry(.ready, at: now) }
        if changed.contains(.draining) { clock.hurry(.draining, at: now) }
        if changed.contains(.noQuorum) { clock.hurry(.noQuorum, at: now) }
        if isLeading, !wasLeading { clock.hurry(.leading, at: now) }
    }

    /// Says what is due.
    mutating func speak(at now: Instant, _ out: inout Outbox) {
        if let relayDue, relayDue <= now { passOnBatch(at: now, &out) }
        if let logsDue, logsDue <= now { logs.goOn(at: now, &out) }
        while let due = clock.due(at: now) {
            switch due {
            case .extra: beat(withRelays: false, at: now, &out)
            case .tick: tick(at: now, &out)
            }
        }
    }

    private mutating func tick(at now: Instant, _ out: inout Outbox) {
        askForRelays(at: now, &out)
        beat(withRelays: true, at: now, &out)
        for neighbour in links.linked {
            if let ping = roundTrips.ping(neighbour, at: now) { out.send(ping, to: neighbour) }
        }
        logs.tick(at: now, &out)
    }

    /// Sends a heartbeat over all links, together with the registers that they wait for.
    ///
    /// Also over those that are not of the mesh: what leader and members say to each other then passes no other's hands.
    private mutating func beat(withRelays: Bool, at now: Instant, _ out: inout Outbox) {
        let heartbeat = sign(.heartbeat, heartbeat(at: now).sszBytes)
        registers.hold(heartbeat)
        out.count(.heartbeat)
        out.deliver(.published(heartbeat))
        let alone = ObjectBatch.messages(.registers, carrying: [heartbeat])
        for neighbour in links.linked {
            knowledge.note(heartbeat.object, heldBy: neighbour)
            let relayed = withRelays ? wantedNews(for: neighbour, of: relays.wanted(by: neighbour), &out) : []
            let messages =
                relayed.isEmpty ? alone : ObjectBatch.messages(.registers, carrying: [heartbeat] + relayed)
            for message in messages { out.send(message, to: neighbour) }
        }
    }

    private func heartbeat(at now: Instant) -> Heartbeat {
        let elapsed = now.sinceStart.wholeMilliseconds
        return Heartbeat(
            view: status.view,
            wallTime: UnixMilliseconds(rawValue: status.wallTimeAtStart.rawValue &+ elapsed),
            leaderSeen: registers.order(.heartbeat, of: leader),
            wish: registers.order(.wish, of: own),
            chainHead: status.chainHead,
            anchoredView: status.anchoredView,
            frontierDigest: logs.frontierDigest,
            flags: status.flags,
            software: status.software
        )
    }

    /// Signs an object under the next order of its kind.
    private mutating func sign(_ kind: ObjectKind, _ payload: [UInt8]) -> SignedObject {
        guard payload.count <= kind.payloadLimit, let payload = ByteList<32_768>(payload) else {
            preconditionFailure("a \(kind) beyond its limit")
        }
        let order = Order(incarnation: incarnation, sequence: orders.next(kind))
        let object = Object(epoch: committee.epoch, author: own, kind: kind, order: order, payload: payload)
        return signatures.sign(object, in: domains)
    }

    /// Makes a wish or a lost link known at once that consensus has signed as this node.
    mutating func publish(_ object: SignedObject, _ out: inout Outbox) {
        guard object.object.epoch == committee.epoch else { return out.drop(.otherEpoch) }
        let (kind, order) = (object.object.kind, object.object.order)
        precondition(kind.isUrgent && object.object.author == own, "not a wish or lost link of this node")
        guard registers.order(kind, of: own) < order else { return out.drop(.stale) }
        registers.hold(object)
        forward([object], .objects, to: links.linked, &out) { _, _ in true }
        out.deliver(.published(object))
    }

    /// Sends a neighbour the newest heartbeat held of another member.
    mutating func hand(_ neighbour: MemberIndex, heartbeatOf author: MemberIndex, _ out: inout Outbox) {
        guard
            committee.contains(author), author != neighbour, links.isUp(neighbour),
            let heartbeat = registers.newest(.heartbeat, of: author)
        else { return }
        send([heartbeat], to: neighbour, .registers, &out)
    }

    /// Says something to one member alone; what the node says to itself is heard at once.
    mutating func sendDirect(
        _ kind: ObjectKind,
        _ payload: [UInt8],
        to member: MemberIndex,
        _ out: inout Outbox
    ) {
        precondition(kind.isDirect, "a \(kind) is not sent to one member")
        if member == own { return out.deliver(.direct(sign(kind, payload))) }
        guard committee.contains(member), links.isUp(member) else {
            return out.deliver(.directUndeliverable(kind, to: member))
        }
        out.send(LinkMessage(.direct, body: sign(kind, payload).sszBytes), to: member)
    }

    /// Sends a certificate, or a request for one, to who of the members has a link.
    mutating func send(_ message: LinkMessage, to members: [MemberIndex]?, _ out: inout Outbox) {
        precondition(message.type.isCertificate, "a \(message.type) is not sent this way")
        let recipients = members?.filter { committee.contains($0) && links.isUp($0) }
        out.send(message, to: recipients ?? links.linked)
    }
}

extension MessageType {
    /// Whether gossip passes the type between consensus and the links unread.
    var isCertificate: Bool {
        switch self {
        case .viewCertificate, .electionCertificate, .certificateRequest: true
        default: false
        }
    }
}
