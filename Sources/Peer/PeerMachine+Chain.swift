import Consensus
import Cryptography
import Gossip
import Primitives

/// What the chain shows, and what goes to it.
extension PeerMachine {
    mutating func take(_ fact: ChainFact) {
        switch fact {
        case .head(let number): chain.head = number
        case .stale(let isStale): chain.isStale = isStale
        case .beginning(let view, let proof):
            steps.append(.anchor(.chainReached(view)))
            steps.append(.anchor(.chainAnchored(proof)))
            chain.proof = ProofStanding(beginning: proof)
            chain.hasBegun = true
            // Whatever was known of later ones is not so any more.
            if proof.number < .max { steps.append(.attestation(.unanchored(number: proof.number + 1))) }
            noteAnchored(proof)
            chain.anchoredView = max(chain.anchoredView, view)
        case .contractView(let view): steps.append(.anchor(.chainReached(view)))
        case .election(let record, let stage): see(record, stage)
        case .proofAnchor(let record, let stage): see(record, stage)
        case .namedKey(let number, let key): if number == committee?.epoch { know(key, isInForce: true) }
        case .groupKey(let number, let transcript, let stage): seeKey(number, transcript, stage)
        case .refused(let key): steps.append(.anchor(.refused(key)))
        }
    }

    /// The log carries the group's signature, so whoever has the group key needs no trust in the endpoint.
    private mutating func see(_ record: ElectionRecord, _ stage: ChainStage) {
        guard let epoch, record.epoch == epoch.committee.epoch else {
            return out.append(.notice(.anchored(record, stage)))
        }
        let isProven = epoch.verifier.map {
            $0.isValid(record.signature, epoch: record.epoch, view: record.view, leader: record.leader)
        }
        guard isProven != false else { return out.append(.notice(.inventedElection(record))) }
        out.append(.notice(.anchored(record, stage)))
        let key = ChainStatement.Key.election(record.epoch, record.view)
        switch stage {
        case .included: steps.append(.anchor(.included(key)))
        case .confirmed:
            steps.append(.anchor(.confirmed(key)))
            if isProven != nil {
                chain.anchoredView = max(chain.anchoredView, record.view)
                steps.append(.monitor(.anchored(record.view)))
            }
        case .final: steps.append(.anchor(.finalized(key)))
        case .gone: steps.append(.anchor(.vanished(key)))
        }
        guard stage != .gone else { return }
        let certificate = ElectionCertificate(
            epoch: record.epoch,
            view: record.view,
            leader: epoch.committee.leader(of: record.view),
            signature: record.signature
        )
        steps.append(.view(.electionCertificateReceived(certificate, from: nil)))
    }

    /// As an election, an anchor proves itself, and whoever has seen it can bring it back after a reorganisation.
    private mutating func see(_ record: ProofAnchorRecord, _ stage: ChainStage) {
        let anchor = record.anchor
        guard let epoch, anchor.epoch == epoch.committee.epoch else {
            chain.proof.see(record, stage)
            return out.append(.notice(.proofAnchored(record, stage)))
        }
        let isProven = epoch.verifier.map { $0.isValid(anchor) }
        guard isProven != false else { return out.append(.notice(.inventedProof(record))) }
        out.append(.notice(.proofAnchored(record, stage)))
        take(record, stage, isProven: isProven == true)
    }

    /// Judges what was seen of anchors before the key was known.
    mutating func judgeSeenAnchors() {
        let unjudged = chain.unjudged
        chain.unjudged = []
        for seen in unjudged where epoch?.verifier?.isValid(seen.record.anchor) == true {
            take(seen.record, seen.stage, isProven: true)
        }
    }

    private mutating func take(_ record: ProofAnchorRecord, _ stage: ChainStage, isProven: Bool) {
        let anchor = record.anchor
        if isProven {
            chain.proof.see(record, stage)
        } else {
            chain.unjudged.append(SeenAnchor(record: record, stage: stage))
            if chain.unjudged.count > ChainPicture.unjudgedLimit { chain.unjudged.removeFirst() }
        }
        let key = ChainStatement.Key.proofAnchor(number: anchor.number, root: anchor.root)
        switch stage {
        case .included:
            if isProven { steps.append(.anchor(.proven(.proofAnchor(anchor)))) }
            steps.append(.anchor(.included(key)))
        case .confirmed:
            steps.append(.anchor(.confirmed(key)))
            if isProven { noteAnchored(anchor.place) }
        case .final: steps.append(.anchor(.finalized(key)))
        case .gone:
            steps.append(.anchor(.vanished(key)))
            steps.append(.attestation(.unanchored(number: anchor.number)))
        }
    }

    private mutating func seeKey(_ number: Epoch, _ transcript: Digest, _ stage: ChainStage) {
        guard number == committee?.epoch else { return }
        let key = ChainStatement.Key.groupKey(number, transcript: transcript)
        switch stage {
        case .included: steps.append(.anchor(.included(key)))
        case .confirmed:
            steps.append(.anchor(.confirmed(key)))
            out.append(.notice(.ceremony(.registered(transcript: transcript))))
            steps.append(.ceremony(.registered(transcript: transcript)))
        case .final:
            steps.append(.anchor(.finalized(key)))
            steps.append(.ceremony(.registrationFinal))
        case .gone:
            steps.append(.anchor(.vanished(key)))
            steps.append(.ceremony(.unregistered))
        }
    }

    mutating func perform(_ actions: [AnchorMachine.Action]) {
        for action in actions {
            switch action {
            case .submit(.operation(_, let structHash)): submitReport(structHash)
            case .cancel(.operation(_, let structHash)): out.append(.operations(.withdraw(structHash)))
            case .submit(let statement):
                guard let submission = submission(of: statement) else { continue }
                out.append(.submit(submission))
            case .cancel(let key): out.append(.cancelSubmission(key))
            case .noteAnchored: break
            }
        }
    }

    /// The statement with all that the contract wants to see.
    private func submission(of statement: ChainStatement) -> Submission? {
        guard let epoch else { return nil }
        switch statement {
        case .election(let certificate):
            guard let leader = epoch.committee[certificate.leader] else { return nil }
            return .election(
                certificate.epoch,
                certificate.view,
                leader: leader.account,
                certificate.signature
            )
        case .proofAnchor(let anchor): return .proofAnchor(anchor)
        // The overseer knows what it says; see ``submitReport(_:)``.
        case .operation: return nil
        case .groupKey(_, let transcript):
            guard let candidate = epoch.candidates[transcript], let possession = candidate.possession else {
                return nil
            }
            return .registration(
                Registration(
                    statement: candidate.record.statement,
                    members: epoch.committee.roster.members.elements,
                    possession: possession,
                    approvals: candidate.certificate.approvals.elements
                )
            )
        }
    }
}
