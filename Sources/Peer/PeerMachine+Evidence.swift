import Consensus
import Cryptography
import Gossip
import Primitives

/// Proofs of misbehaviour, and log entries that are nobody else's business.
extension PeerMachine {
    /// Takes an entry of the topics that the ceremony leaves.
    mutating func take(_ entry: LogEntry, by author: MemberIndex) {
        do throws(SSZError) {
            switch LogTopic(rawValue: entry.topic) {
            case .keyProof: prove(try KeyProof(ssz: entry.body.bytes))
            case .evidence: steps.append(.evidence(try EvidenceRecord(ssz: entry.body.bytes).evidence()))
            case .deal, .confirm, .complaint, .absent, .proposal, nil: break
            }
        } catch {
            out.append(.penalize(author, .gossip(.malformedPayload(.logEntry))))
        }
    }

    mutating func weigh(_ evidence: Evidence) {
        guard case .convicted(let conviction) = epoch?.evidence.add(evidence) else { return }
        act(on: conviction)
    }

    /// Acts on a conviction that was not known before: keeps it, tells it, and trusts the member no more.
    mutating func act(on conviction: Conviction) {
        guard let proof = epoch?.evidence.proof(of: conviction) else { return }
        out.append(.notice(.convicted(conviction)))
        out.append(.persist(.evidence(conviction, proof), .none))
        steps.append(.view(.misbehaviourProven(conviction.member)))
        steps.append(.ceremony(.convicted(conviction)))
        if !proof.isInLogs, let record = EvidenceRecord(proof) {
            steps.append(.gossip(.entryComposed(.evidence, body: record.sszBytes)))
        }
        guard let epoch, let view = epoch.current, epoch.committee.leader(of: view) == conviction.member
        else { return }
        guard let endorsement = electionEndorsement(of: view) else { return }
        steps.append(.signer(.retracted(endorsement.statement.digest)))
        steps.append(.coordination(.retracted(endorsement.statement.digest)))
    }
}
