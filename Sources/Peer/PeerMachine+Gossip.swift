import Consensus
import Gossip
import Primitives

/// What gossip orders and tells.
extension PeerMachine {
    mutating func perform(_ actions: [GossipMachine.Action], at now: Instant) {
        for action in actions {
            switch action {
            case .send(let message, let member): send(message, to: member)
            case .persist(let record, let ticket): out.append(.persist(.log(record), .gossip(ticket)))
            case .readLog(let read): out.append(.readLog(read))
            case .deliver(let fact): learn(fact, at: now)
            case .evidence(let contradiction):
                guard let proof = Evidence(contradiction: contradiction.first, contradiction.second) else {
                    continue
                }
                steps.append(.evidence(proof, .own))
            case .penalize(let member, let offence): out.append(.penalize(member, .gossip(offence)))
            case .disconnect(let member, let offence):
                guard let peer = identity(of: member) else { continue }
                epoch?.greeted[member] = nil
                out.append(.close(peer, .offence, offence.description))
            case .count(let metric, let amount): out.append(.count(metric, amount))
            }
        }
    }

    /// Joins messages to one peer that follow each other, so that they leave together.
    private mutating func send(_ message: LinkMessage, to member: MemberIndex) {
        guard let peer = identity(of: member) else { return }
        guard case .send(var messages, peer) = out.last else { return out.append(.send([message], to: peer)) }
        out.removeLast()
        messages.append(message)
        out.append(.send(messages, to: peer))
    }

    func identity(of member: MemberIndex) -> Identity? {
        committee?.identity(of: member)
    }

    private mutating func learn(_ fact: GossipFact, at now: Instant) {
        switch fact {
        case .heartbeat(let heard): hear(heard)
        case .register(let object, _): steps.append(.view(.received(object)))
        case .published(let object):
            if object.object.kind == .heartbeat { steps.append(.view(.beat(object.object.order))) }
        case .logEntry(let delivered): read(delivered, at: now)
        case .logFound(let checkpoint): steps.append(.attestation(.stands(checkpoint)))
        case .logBegins(let start):
            out.append(.notice(.logBegins(start.author, first: start.first, list: start.list.number)))
        case .logDiffers(let member): out.append(.notice(.logDiffers(member)))
        case .entryRefused(let topic, let body, let refusal):
            if topic == .publication { desk.refused(body, refusal) }
            if [.operationOrder, .carriedMessage].contains(topic) {
                out.append(.operations(.refused(topic, body)))
            }
            out.append(.notice(.entryRefused(topic, refusal)))
        case .direct(let object): route(object)
        case .directUndeliverable: break
        case .certificate(let message, let member): readCertificate(message, from: member)
        case .linkUp: break
        case .linkDown(let member, let cause):
            steps.append(.view(.linkClosed(member, byPeer: cause == .closedByPeer)))
            out.append(.notice(.linkDown(member)))
        case .redialRefused(let member, _): steps.append(.view(.redialRefused(member)))
        case .roundTrip(let member, let duration):
            epoch?.roundTrips[member] = duration
            steps.append(.view(.roundTripMeasured(member, duration)))
        case .ownIdentityElsewhere: out.append(.notice(.identityElsewhere))
        }
    }

    private mutating func hear(_ heard: HeardHeartbeat) {
        let heartbeat = heard.heartbeat
        steps.append(
            .view(
                .heard(
                    HeartbeatFact(
                        author: heard.author,
                        order: heard.order,
                        view: heartbeat.view,
                        leaderSeen: heartbeat.leaderSeen,
                        isDraining: heartbeat.flags.contains(.draining),
                        lacksQuorum: heartbeat.flags.contains(.noQuorum)
                    )
                )
            )
        )
        guard heard.from != heard.author else { return }
        steps.append(.neighbours(.heard(heard.author)))
        if epoch?.greeted[heard.author] == nil, epoch?.keeps(heard.author) == true,
            let peer = identity(of: heard.author)
        {
            out.append(.signOfLife(peer))
        }
    }

    private mutating func route(_ object: SignedObject) {
        switch object.object.kind {
        case .signRequest: steps.append(.signer(.received(object)))
        case .ready, .signShare: steps.append(.coordination(.received(object)))
        case .heartbeat, .wish, .linkLost, .logEntry: break
        }
    }

    private mutating func readCertificate(_ message: LinkMessage, from member: MemberIndex) {
        do throws(SSZError) {
            switch message.type {
            case .viewCertificate:
                let certificate = try ViewCertificate(ssz: message.body)
                steps.append(.view(.viewCertificateReceived(certificate, from: member)))
            case .electionCertificate:
                let certificate = try ElectionCertificate(ssz: message.body)
                steps.append(.view(.electionCertificateReceived(certificate, from: member)))
            case .certificateRequest:
                let request = try CertificateRequest(ssz: message.body)
                steps.append(.view(.certificatesRequested(request, by: member)))
            default: break
            }
        } catch {
            out.append(.penalize(member, .gossip(.malformedMessage(message.type))))
            guard let peer = identity(of: member) else { return }
            out.append(.close(peer, .offence, "malformed \(message.type)"))
        }
    }

    /// Brings a log entry to whom it concerns.
    ///
    /// The ceremony picks its own topics.
    private mutating func read(_ delivered: DeliveredEntry, at now: Instant) {
        noteSaid(delivered)
        steps.append(.attestation(.stands(delivered.checkpoint)))
        guard delivered.object.object.epoch == committee?.epoch else { return }
        steps.append(.ceremony(.entry(delivered.object)))
        steps.append(.monitor(.entry(by: delivered.author)))
        take(delivered.entry, by: delivered.author)
        heed(delivered.entry, delivered.sequence, of: delivered.author)
        herald(delivered, at: now)
    }
}
