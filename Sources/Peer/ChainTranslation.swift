package import Consensus
internal import Cryptography
package import Ethereum
package import Primitives

extension ChainFact {
    /// What a record means for the member's machine; `nil` for a proposal, which begins an epoch instead.
    init?(_ record: RegistryRecord, _ stage: ChainStage) {
        switch record.event {
        case .committeeProposed: return nil
        case .committeeRotated(let rotated):
            self = .groupKey(rotated.statement.epoch, transcript: rotated.statement.transcript, stage)
        case .leaderElected(let elected):
            let election = ElectionRecord(
                epoch: elected.statement.epoch,
                view: elected.statement.view,
                leader: elected.statement.leader,
                signature: elected.signature.compressed,
                block: record.block.number,
                transaction: record.transaction
            )
            self = .election(election, stage)
        case .proofAnchored(let anchored):
            let anchor = ProofAnchor(
                epoch: anchored.statement.epoch,
                number: anchored.statement.number,
                root: anchored.statement.root,
                signature: anchored.signature.compressed
            )
            let record = ProofAnchorRecord(
                anchor: anchor,
                block: record.block.number,
                transaction: record.transaction
            )
            self = .proofAnchor(record, stage)
        }
    }

    /// What has become of a call; `nil` for what the machine learns from the records themselves.
    init?(_ call: RegistryCall, _ outcome: SubmissionOutcome) {
        switch outcome {
        case .refused: self = .refused(call.statementKey)
        case .progress, .postponed, .doneByOther, .superseded, .conflict, .settled: return nil
        }
    }
}

extension ChainStage {
    init(_ stage: RecordStage) {
        self =
            switch stage {
            case .seen: .included
            case .confirmed: .confirmed
            case .finalized: .final
            }
    }
}

extension RegistryCall {
    /// The call that brings a statement to the contract; `nil` when its signature is no point and number.
    package init?(_ submission: Submission) {
        switch submission {
        case .election(let epoch, let view, let leader, let signature):
            guard let signature = RegistrySignature(signature) else { return nil }
            self = .elect(ElectionStatement(epoch: epoch, view: view, leader: leader), signature)
        case .proofAnchor(let anchor):
            guard let signature = RegistrySignature(anchor.signature) else { return nil }
            self = .anchorProof(anchor.statement, signature)
        case .registration(let registration):
            guard
                let members = SSZList<Member, 128>(registration.members),
                let possession = RegistrySignature(registration.possession)
            else { return nil }
            let key = GroupKeyRegistration(
                epoch: registration.statement.epoch,
                groupKey: registration.statement.groupKey,
                transcript: registration.statement.transcript,
                members: members,
                possession: possession
            )
            let approvals = registration.approvals.compactMap { approval in
                AccountSignature(eip2098: approval.signature).map {
                    RegistryApproval(member: approval.member, $0)
                }
            }
            self = .registerGroupKey(key, approvals)
        }
    }

    /// What the call brings to the contract.
    package var statementKey: ChainStatement.Key {
        switch self {
        case .elect(let election, _): .election(election.epoch, election.view)
        case .registerGroupKey(let key, _), .rotate(let key, _):
            .groupKey(key.epoch, transcript: key.transcript)
        case .anchorProof(let anchor, _): .proofAnchor(number: anchor.number, root: anchor.root)
        }
    }
}

extension ChainStatus {
    /// The ids of the unsettled calls that bring a statement: a call's id depends on what it is about, not on who
    /// proves it.
    package func calls(for key: ChainStatement.Key) -> [Digest] {
        pending.compactMap { record in
            guard case .registry(let call) = record.call, call.statementKey == key else { return nil }
            return call.id
        }
    }
}
