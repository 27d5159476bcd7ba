import Consensus
import Gossip
import Primitives

/// The first words on a link, and what comes after them.
extension PeerMachine {
    mutating func greet(_ peer: Identity) {
        guard let member = committee?.index(of: peer) else {
            out.append(.close(peer, .otherCommittee, "not a member of the current committee"))
            return
        }
        // A new link may stand in for one whose end was not told.
        dropLink(of: member, .other)
        epoch?.greeted[member] = .awaited
        guard let hello else { return }
        out.append(.send([LinkMessage(.hello, body: hello.sszBytes)], to: peer))
    }

    private var hello: Hello? {
        guard let epoch else { return nil }
        return Hello(
            software: ByteList(Array("oracle/\(setting.software)".utf8)) ?? ByteList(),
            protocolVersion: Deployment.currentProtocolVersion,
            epoch: epoch.committee.epoch,
            configDigest: epoch.committee.configDigest,
            view: epoch.view.heartbeatContent.view,
            incarnation: setting.incarnation,
            electionView: epoch.view.highestElection?.view ?? View(0),
            frontierDigest: gossip.frontierDigest
        )
    }

    mutating func perform(_ actions: [NeighbourMachine.Action]) {
        guard let epoch else { return }
        for action in actions {
            switch action {
            case .choose(let members): steps.append(.gossip(.neighboursChosen(members)))
            case .dial(let members):
                let others = epoch.committee.indices.filter { $0 != epoch.own }
                let dialed = members.compactMap { epoch.committee[$0]?.identity }
                out.append(.setPeers(others.compactMap { epoch.committee[$0] }, dialed: Set(dialed)))
            }
        }
    }

    mutating func farewell(_ peer: Identity, _ cause: RedialMachine.LossCause) {
        guard let member = committee?.index(of: peer) else { return }
        dropLink(of: member, cause)
        epoch?.greeted[member] = nil
        steps.append(.neighbours(.linkDown(member)))
    }

    private mutating func dropLink(of member: MemberIndex, _ cause: RedialMachine.LossCause) {
        if epoch?.greeted[member] == .done { steps.append(.gossip(.linkDown(member, cause))) }
    }

    mutating func receive(_ messages: [LinkMessage], from peer: Identity) {
        guard let member = committee?.index(of: peer) else { return }
        for message in messages {
            switch (epoch?.greeted[member], message.type) {
            case (.awaited, .hello): readHello(message, of: member, peer)
            case (.done, .hello), (.awaited, _):
                out.append(.penalize(member, .greeting))
                out.append(.close(peer, .offence, "expected one hello, first"))
                epoch?.greeted[member] = nil
                return
            case (.done, _): steps.append(.gossip(.received(message, from: member)))
            case (nil, _): return
            }
        }
    }

    private mutating func readHello(_ message: LinkMessage, of member: MemberIndex, _ peer: Identity) {
        guard let hello = try? Hello(ssz: message.body) else {
            out.append(.penalize(member, .greeting))
            out.append(.close(peer, .offence, "malformed hello"))
            epoch?.greeted[member] = nil
            return
        }
        if let refusal = refusal(of: hello) {
            out.append(.close(peer, refusal.code, refusal.words))
            out.append(.notice(.linkRefused(member, refusal.code, refusal.words)))
            epoch?.greeted[member] = nil
            return
        }
        epoch?.greeted[member] = .done
        steps.append(.gossip(.linkUp(member, frontierDigest: hello.frontierDigest)))
        steps.append(.neighbours(.linkUp(member)))
        steps.append(.view(.linkUp(member, view: hello.view)))
        steps.append(.signer(.linkOpened(member)))
        steps.append(.coordination(.linkOpened(member)))
        out.append(.notice(.linkUp(member)))
        showSuccessor(of: hello, to: peer, member)
    }

    /// Shows a process what a later one with the same identity has said: it is the original of a copy, or runs on
    /// an old database, and nobody else would tell it.
    private mutating func showSuccessor(of hello: Hello, to peer: Identity, _ member: MemberIndex) {
        guard let newest = gossip.newest(.heartbeat, of: member),
            newest.object.order.incarnation > hello.incarnation,
            let batch = ObjectBatch([newest])
        else { return }
        out.append(.send([LinkMessage(.registers, body: batch.sszBytes)], to: peer))
    }

    /// Why no link is possible with who says so, in words that both ends can read.
    private func refusal(of hello: Hello) -> (code: Close.Code, words: String)? {
        let version = Deployment.currentProtocolVersion
        guard hello.protocolVersion == version else {
            let words = "protocol version \(hello.protocolVersion) meets version \(version): update the older"
            return (.otherVersion, words)
        }
        guard let committee, hello.epoch == committee.epoch,
            hello.configDigest == committee.configDigest
        else {
            // One of the two has not seen the newest committee on chain yet; the redial tries again.
            return (.otherCommittee, "another committee: wait for the chain")
        }
        return nil
    }
}
