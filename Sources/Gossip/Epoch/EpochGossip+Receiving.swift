import Primitives

/// Taking what neighbours send.
extension EpochGossip {
    /// Takes one message: the link's budget first, unless it is a range that was asked for, then the type's own way.
    mutating func receive(
        _ message: LinkMessage,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        guard committee.contains(neighbour), links.isUp(neighbour) else { return out.drop(.closedLink) }
        let cost = message.body.count + GossipSchedule.messageOverheadBytes
        let isAnswer = message.type == .range || message.type == .logStart
        let isOwed = isAnswer && logs.pulls.takeOwed(by: neighbour)
        guard isOwed || linkBudgets[neighbour].take(cost, at: now) else {
            return refuse(neighbour, .flood, at: now, &out)
        }
        if let offence = dispatch(message, from: neighbour, at: now, &out) {
            refuse(neighbour, offence, at: now, &out)
        }
    }

    private mutating func dispatch(
        _ message: LinkMessage,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        do throws(SSZError) {
            let body = message.body
            switch message.type {
            case .registers, .objects:
                return take(
                    try ObjectBatch(ssz: body).elements,
                    in: message.type,
                    from: neighbour,
                    at: now,
                    &out
                )
            case .direct:
                return take([try SignedObject(ssz: body)], in: .direct, from: neighbour, at: now, &out)
            case .viewCertificate, .electionCertificate, .certificateRequest:
                guard certificates[neighbour].take(at: now) else { break }
                out.deliver(.certificate(message, from: neighbour))
                return nil
            case .frontiers:
                return logs.receive(try Frontiers(ssz: body), from: neighbour, at: now, &out)
            case .pull:
                return logs.receive(try Pull(ssz: body), from: neighbour, at: now, &out)
            case .range:
                let offence = logs.receive(try LogRange(ssz: body), from: neighbour, at: now, &out)
                if let (author, source) = logs.takeRescue() {
                    relays.adopt(source, for: author, at: now)
                    relayLater(at: now)
                }
                return offence
            case .logStart:
                return logs.receive(try LogStart(ssz: body), from: neighbour, at: now, &out)
            case .announcement:
                let offence = logs.announced(try Frontiers(ssz: body), by: neighbour, at: now, &out)
                relayLater(at: now)
                return offence
            case .relayWanted:
                relayWanted(try RelayWanted(ssz: body), by: neighbour, at: now, &out)
                return nil
            case .ping:
                let ping = try Ping(ssz: body)
                guard questions[neighbour].take(at: now) else { break }
                out.send(LinkMessage(.pong, body: Pong(nonce: ping.nonce).sszBytes), to: neighbour)
                return nil
            case .pong:
                return answered(try Pong(ssz: body), by: neighbour, at: now, &out)
            case .hello, .close:
                out.drop(.unexpected)
                return nil
            case .operationHello, .operationOffer, .operationWant, .operationItems:
                // Operations have links of their own, on which nothing of the mesh is said.
                return .badRequest(message.type)
            }
            out.drop(.linkQuota)
            return nil
        } catch {
            return .malformedMessage(message.type)
        }
    }

    private mutating func answered(
        _ pong: Pong,
        by neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        if let roundTrip = roundTrips.answered(pong, by: neighbour, at: now) {
            out.deliver(.roundTrip(neighbour, roundTrip))
        } else {
            out.drop(.stale)
        }
        return nil
    }

    /// Takes objects one after the other, up to the first that is its sender's offence.
    private mutating func take(
        _ objects: [SignedObject],
        in type: MessageType,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) -> Offence? {
        // What may not wait for the next tick.
        var accepted: [SignedObject] = []
        var offence: Offence?
        let verified = gate.verifications
        for signed in objects {
            let (kind, author) = (signed.object.kind, signed.object.author)
            let held =
                !committee.contains(author)
                ? nil : kind.isDirect ? directs.newest(kind, of: author) : registers.newest(kind, of: author)
            switch gate.judge(signed, in: type, from: neighbour, held: held, at: now) {
            case .accepted:
                knowledge.note(signed.object, heldBy: neighbour)
                accept(signed, from: neighbour, at: now, &out)
                if signed.object.kind.isUrgent || isLeaderBeat(signed.object) { accepted.append(signed) }
            case .dropped(let reason):
                if reason == .duplicate || reason == .stale {
                    knowledge.note(signed.object, heldBy: neighbour)
                }
                out.drop(reason)
            case .contradicted(let proof): out.append(.evidence(proof))
            case .ownIdentityElsewhere: out.deliver(.ownIdentityElsewhere(signed))
            case .refused(let refusal): offence = refusal
            }
            if offence != nil { break }
        }
        out.count(.verified, gate.verifications - verified)
        passOn(accepted, &out)
        return offence
    }

    /// Holds a new object and tells the rest of the node.
    private mutating func accept(
        _ signed: SignedObject,
        from neighbour: MemberIndex,
        at now: Instant,
        _ out: inout Outbox
    ) {
        if signed.object.kind.isDirect {
            directs.hold(signed)
            return out.deliver(.direct(signed))
        }
        registers.hold(signed)
        guard signed.object.kind == .heartbeat else {
            return out.deliver(.register(signed, from: neighbour))
        }
        let author = signed.object.author
        guard let heartbeat = try? Heartbeat(ssz: signed.object.payload.bytes) else {
            return out.append(.penalize(author, .malformedPayload(.heartbeat)))
        }
        let order = signed.object.order
        out.deliver(
            .heartbeat(HeardHeartbeat(author: author, order: order, heartbeat: heartbeat, from: neighbour))
        )
        relays.named(wish: heartbeat.wish, by: author)
        relays.brought(author, by: neighbour, at: now)
        if author == neighbour {
            measure(author, at: now, &out)
            compareLogs(heartbeat.frontierDigest, with: neighbour, at: now, &out)
        }
        relayLater(at: now)
    }

    /// Tells how much later than it should a neighbour's heartbeat came after the one before.
    private mutating func measure(_ neighbour: MemberIndex, at now: Instant, _ out: inout Outbox) {
        defer { lastBeats[neighbour] = now }
        guard let last = lastBeats[neighbour] else { return }
        let interval = quotas.schedule.interval(isLeader: neighbour == leader)
        let late = last.duration(to: now) - interval
        // One that was lost, or not said, is not late.
        guard late < interval else { return }
        out.count(.heartbeatLateness, max(1, Int(late / .microseconds(1))))
    }

    /// Passes on what may not wait: wishes and lost links to all, heartbeats of the leader to who asked for them.
    private mutating func passOn(_ accepted: [SignedObject], _ out: inout Outbox) {
        guard !accepted.isEmpty else { return }
        forward(accepted.filter { $0.object.kind.isUrgent }, .objects, &out) { _, _ in true }
        guard links.mesh.contains(where: { relays.isWanted(leader, by: $0) }) else { return }
        let desk = relays
        forward(accepted.filter { isLeaderBeat($0.object) }, .registers, &out) {
            desk.isWanted($1.author, by: $0)
        }
    }

    private func isLeaderBeat(_ object: Object) -> Bool {
        object.kind == .heartbeat && object.author == leader
    }
}
