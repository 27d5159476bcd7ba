import Consensus
import Cryptography
import FuzzDriver
import Gossip
import Primitives

/// All that members send, sign or store in SSZ; the place in the list is the selector in the corpus, so new ones go
/// to the end.
private let types: [any SSZValue.Type] = [
    Object.self, SignedObject.self, LogEntry.self, ObjectSummary.self, SignedSummary.self, Deployment.self,
    Member.self, Roster.self, Hello.self, Close.self, Ping.self, Pong.self, RelayWanted.self,
    ObjectBatch.self, Frontiers.self, Pull.self, LogRange.self, Heartbeat.self, LinkLost.self, Wish.self,
    Ready.self, SignRequest.self, SignShare.self, VoteLock.self, ViewRecord.self, ViewCertificate.self,
    ElectionCertificate.self, CertificateRequest.self, CommitteeRecord.self, Deal.self, Confirm.self,
    Complaint.self, Grievance.self, Absent.self, Proposal.self, AttemptPlan.self, KeyProof.self,
    KeyCertificate.self, KeyGenerationTerms.self, EvidenceRecord.self, TwoObjects.self, TwoEntries.self,
    TwoVotes.self, BrokenLog.self, BadShare.self, BadDeal.self, Dispute.self, Contradiction.self,
    EvidenceFile.self, KeyTranscript.self, SignedCheckpoint.self, InclusionProof.self, ConsistencyProof.self,
    LogStart.self, OperationOffer.self, OperationWant.self, OperationItems.self,
    OperationHello.self,
]

/// Whatever decodes is the encoding of what it decodes to, and has a root.
func fuzzSSZ(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    types[selector % types.count].check(bytes)
}

extension SSZValue {
    fileprivate static func check(_ bytes: [UInt8]) {
        guard let value = try? Self(ssz: bytes) else { return }
        precondition(value.sszBytes == bytes, "\(sszTypeName) has two encodings of one value")
        _ = value.hashTreeRoot()
        interpret(value)
    }
}

/// What is read out of values before anything about them is proven.
private func interpret(_ value: any SSZValue) {
    switch value {
    case let roster as Roster: _ = try? Committee(roster)
    case let record as EvidenceRecord: _ = try? record.evidence()
    case let file as EvidenceFile: _ = try? file.conviction()
    case let frontiers as Frontiers: _ = frontiers.isCanonical
    case let request as SignRequest: _ = request.isWellFormed(threshold: 3, size: 4)
    case let start as LogStart: _ = start.tree
    case let signed as SignedObject: _ = try? DirectMessage(signed.object)
    default: break
    }
}
