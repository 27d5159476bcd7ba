import Consensus
import Cryptography
import Gossip
import Primitives

/// What the committee attests of its logs, and how that comes to the chain.
extension PeerMachine {
    // MARK: Entries

    /// Notes an entry of the epoch: a list, an anchor, or something that a list is to cover.
    mutating func heed(_ entry: LogEntry, _ sequence: UInt64, of author: MemberIndex) {
        do throws(SSZError) {
            switch LogTopic(rawValue: entry.topic) {
            case .attestedLogs:
                let list = try AttestedLogs(ssz: entry.body.bytes)
                steps.append(.attestation(.proposed(list, by: author)))
            case .proofAnchor: keep(try ProofAnchor(ssz: entry.body.bytes), by: author)
            case .operationOrder, .carriedMessage: tellOverseer(entry, of: author)
            case .signedReport: take(try SignedReport(ssz: entry.body.bytes), of: author)
            default: steps.append(.attestation(.said(author, sequence: sequence)))
            }
        } catch {
            out.append(.penalize(author, .gossip(.malformedPayload(.logEntry))))
        }
    }

    // MARK: Lists

    mutating func perform(_ actions: [AttestationMachine.Action]) {
        for action in actions {
            switch action {
            case .propose(let list):
                steps.append(.gossip(.entryComposed(.attestedLogs, body: list.sszBytes)))
            case .endorse(let statement):
                guard let key = epoch?.key else { continue }
                let endorsement = Endorsement(statement, key: key.statement.transcript, in: statements)
                steps.append(.coordination(.endorsed(endorsement, key: key.key)))
                if key.hasShare { steps.append(.signer(.endorsed(endorsement))) }
            case .retract(let statement):
                let digest = statements.digest(of: statement).digest
                steps.append(.signer(.retracted(digest)))
                steps.append(.coordination(.retracted(digest)))
            case .penalize(let member, let offence): out.append(.penalize(member, .attestation(offence)))
            }
        }
    }

    // MARK: Anchors

    /// The group has signed a list: all learn of it by this member's log.
    mutating func attested(_ number: UInt64, _ root: Digest, _ signature: GroupSignature) {
        guard let epoch else { return }
        let anchor = ProofAnchor(
            epoch: epoch.committee.epoch,
            number: number,
            root: root,
            signature: signature
        )
        steps.append(.gossip(.entryComposed(.proofAnchor, body: anchor.sszBytes)))
        keep(anchor, by: epoch.own)
    }

    /// The chain shows this as the newest anchor: what comes after it may be next.
    mutating func noteAnchored(_ place: LatestProof) {
        steps.append(.attestation(.anchored(number: place.number, root: place.root)))
        steps.append(.proofAnchors)
    }

    /// Keeps the newest anchor of a member's log for the time when it is the next.
    ///
    /// One that the key in force has not signed is nobody's offence: another may have been in force.
    private mutating func keep(_ anchor: ProofAnchor, by author: MemberIndex) {
        guard anchor.epoch == committee?.epoch else { return }
        if anchor.number >= epoch?.writtenAnchors[author]?.number ?? 0 {
            epoch?.writtenAnchors[author] = anchor
        }
        guard anchor.number >= epoch?.proofAnchors[author]?.number ?? 0 else { return }
        epoch?.proofAnchors[author] = anchor
        steps.append(.proofAnchors)
    }

    /// Brings the anchors that are next to the chain, once the key and the chain are known.
    ///
    /// Each is looked at once, and none that is known to be signed, so that nobody's log makes the node verify much.
    mutating func considerAnchors() {
        tellOfAttestation()
        guard let epoch, let verifier = epoch.verifier, let newest = epoch.attestation.anchoredNumber else {
            return
        }
        self.epoch?.provenAnchors = epoch.provenAnchors.filter { $0.number > newest }
        for author in epoch.committee.indices {
            guard let anchor = epoch.proofAnchors[author], anchor.number <= newest + 1 else { continue }
            self.epoch?.proofAnchors[author] = nil
            guard anchor.number == newest + 1, self.epoch?.provenAnchors.contains(anchor.place) == false,
                verifier.isValid(anchor)
            else { continue }
            self.epoch?.provenAnchors.insert(anchor.place)
            steps.append(.attestation(.signed(number: anchor.number, root: anchor.root)))
            steps.append(.anchor(.proven(.proofAnchor(anchor))))
        }
    }
}
