import Consensus
import Cryptography
import Gossip
import Primitives

/// What signer, coordinator and ceremony order, and what the node holds to be true.
extension PeerMachine {
    // MARK: Statements

    /// Holds the leader of the current view to be elected, unless the leader stands convicted.
    mutating func endorseLeader() {
        guard let epoch, let view = epoch.current, let key = epoch.key, view >= epoch.firstView else {
            return
        }
        let leader = epoch.committee.leader(of: view)
        guard !epoch.evidence.isConvicted(leader), epoch.view.highestElection?.view != view else { return }
        guard let endorsement = electionEndorsement(of: view) else { return }
        steps.append(.coordination(.endorsed(endorsement, key: key.key)))
        if key.hasShare { steps.append(.signer(.endorsed(endorsement))) }
    }

    func electionEndorsement(of view: View) -> Endorsement? {
        guard let epoch, let key = epoch.key, let leader = epoch.committee[epoch.committee.leader(of: view)]
        else {
            return nil
        }
        let statement = ElectionStatement(epoch: epoch.committee.epoch, view: view, leader: leader.account)
        return Endorsement(statement, key: key.statement.transcript, in: statements)
    }

    // MARK: Signer and coordinator

    mutating func perform(_ actions: [SignerMachine.Action]) {
        for action in actions {
            switch action {
            case .commitNonces(let context, let key): out.append(.order(.commitNonces(context, key: key)))
            case .signShare(let order): out.append(.order(.signShare(order)))
            case .forgetNonces(let view): out.append(.order(.forgetNonces(before: view)))
            case .persist(let lock, let ticket): out.append(.persist(.votes(lock), .votes(ticket)))
            case .send(let message, let member): say(message, to: member)
            case .penalize(let member, let offence): out.append(.penalize(member, .signing(offence)))
            }
        }
    }

    mutating func perform(_ actions: [CoordinationMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let message, let member): say(message, to: member)
            case .certified(let endorsement, let signature): certified(endorsement, signature)
            case .publish(let evidence): steps.append(.evidence(evidence, .own))
            case .penalize(let member, let offence): out.append(.penalize(member, .signing(offence)))
            }
        }
    }

    /// Gossip signs the message; to oneself it comes back as received.
    private mutating func say(_ message: DirectMessage, to member: MemberIndex) {
        steps.append(.gossip(.directComposed(message.kind, payload: message.payload, to: member)))
    }

    private mutating func certified(_ endorsement: Endorsement, _ signature: GroupSignature) {
        switch endorsement.subject {
        case .election(let view):
            guard let epoch else { return }
            let certificate = ElectionCertificate(
                epoch: epoch.committee.epoch,
                view: view,
                leader: epoch.committee.leader(of: view),
                signature: signature
            )
            steps.append(.view(.electionCertificateReceived(certificate, from: nil)))
        case .groupKey(let transcript):
            let proof = KeyProof(transcript: transcript, signature: signature)
            steps.append(.gossip(.entryComposed(.keyProof, body: proof.sszBytes)))
            prove(proof)
        case .proofAnchor(let number, let root): attested(number, root, signature)
        case .operation(let structHash): reported(structHash, signature)
        }
    }

    // MARK: Ceremony

    mutating func perform(_ actions: [KeyCeremonyMachine.Action]) {
        for action in actions {
            switch action {
            case .append(let topic, let body): steps.append(.gossip(.entryComposed(topic, body: body)))
            case .deal(let plan): out.append(.order(.deal(plan)))
            case .openShare(let opening): out.append(.order(.openShare(opening)))
            case .approve(let order): out.append(.order(.approve(order)))
            case .certified(let certificate, let record): certified(certificate, record)
            case .withdraw(let transcript): withdraw(transcript)
            case .adopt(let record): adopt(record)
            case .eraseSecrets(let transcript): out.append(.order(.erase(keeping: transcript)))
            case .convict(let evidence): steps.append(.evidence(evidence, .own))
            case .penalize(let member, let offence): out.append(.penalize(member, .ceremony(offence)))
            }
        }
    }

    /// Tells the watchers how far the making of the key has come.
    mutating func noteProgress(_ answer: KeyCeremonyMachine.Event) {
        switch answer {
        case .dealt: out.append(.notice(.ceremony(.dealt)))
        case .shareOpened: out.append(.notice(.ceremony(.shareSound)))
        default: break
        }
    }

    private mutating func certified(_ certificate: KeyCertificate, _ record: GroupKeyRecord) {
        let transcript = certificate.transcript
        guard epoch?.candidates[transcript] == nil else { return sign(with: record) }
        epoch?.candidates[transcript] = KeyCandidate(certificate: certificate, record: record)
        learnKey(record)
        know(record.statement.groupKey, isInForce: false)
        if let verifier = cryptography.verifier(of: record.statement.groupKey) {
            steps.append(.view(.groupKeyCertified(verifier)))
        }
        out.append(.notice(.ceremony(.certified(transcript: transcript))))
        let endorsement = Endorsement(record.statement, in: statements)
        steps.append(.coordination(.endorsed(endorsement, key: record.key)))
        sign(with: record)
        if let proof = epoch?.earlyProofs.removeValue(forKey: transcript) { prove(proof) }
    }

    /// Has the key sign for itself, if this member has a share and it is not done yet.
    private mutating func sign(with record: GroupKeyRecord) {
        guard record.hasShare, epoch?.candidates[record.statement.transcript]?.possession == nil else {
            return
        }
        steps.append(.signer(.endorsed(Endorsement(record.statement, in: statements))))
    }

    private mutating func withdraw(_ transcript: Digest) {
        guard let candidate = epoch?.candidates.removeValue(forKey: transcript) else { return }
        let endorsement = Endorsement(candidate.record.statement, in: statements)
        steps.append(.signer(.retracted(endorsement.statement.digest)))
        steps.append(.coordination(.retracted(endorsement.statement.digest)))
        steps.append(.anchor(.refused(candidate.key)))
    }

    /// Takes the proof that a key works, from whomever; only a valid one counts.
    mutating func prove(_ proof: KeyProof) {
        guard let candidate = epoch?.candidates[proof.transcript] else {
            // The certificate may still be on its way; of proofs that wait, one a transcript, bounded by attempts.
            if epoch.map({ $0.earlyProofs.count < KeyCeremonyMachine.attemptLimit }) ?? false {
                epoch?.earlyProofs[proof.transcript] = proof
            }
            return
        }
        guard candidate.possession == nil else { return }
        let statement = candidate.record.statement
        guard
            let verifier = cryptography.verifier(of: statement.groupKey),
            verifier.isValid(proof.signature, of: statement)
        else { return }
        epoch?.candidates[proof.transcript]?.possession = proof.signature
        out.append(.notice(.ceremony(.proven(transcript: proof.transcript))))
        let endorsement = Endorsement(statement, in: statements)
        steps.append(.signer(.retracted(endorsement.statement.digest)))
        steps.append(.coordination(.retracted(endorsement.statement.digest)))
        steps.append(
            .anchor(.proven(.groupKey(epoch: candidate.certificate.epoch, transcript: proof.transcript)))
        )
    }

    private mutating func adopt(_ record: GroupKeyRecord) {
        let isInForce = epoch?.key?.statement.transcript == record.statement.transcript
        epoch?.key = record
        learnKey(record)
        out.append(
            .notice(
                .ceremony(.active(transcript: record.statement.transcript, hasShare: record.hasShare))
            )
        )
        guard let verifier = cryptography.verifier(of: record.statement.groupKey) else { return }
        epoch?.verifier = verifier
        know(record.statement.groupKey, isInForce: true)
        if !isInForce { steps.append(.view(.groupKeyActivated(verifier))) }
        steps.append(.endorsement)
        if !isInForce { epoch?.provenAnchors = [] }
        steps.append(.attestation(.keyActivated))
        judgeSeenAnchors()
        steps.append(.proofAnchors)
        endorseReports()
    }

    private mutating func learnKey(_ record: GroupKeyRecord) {
        let convictions = epoch?.evidence.learn(record.key, transcript: record.statement.transcript) ?? []
        for conviction in convictions { act(on: conviction, .known) }
    }
}

extension KeyCandidate {
    fileprivate var key: ChainStatement.Key {
        .groupKey(certificate.epoch, transcript: certificate.transcript)
    }
}
