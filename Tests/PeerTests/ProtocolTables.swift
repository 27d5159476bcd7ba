import BLS12381
import Consensus
import Cryptography
import Gossip
import KeyOperations
import Peer
import Primitives

/// The tables of the protocol's documentation, made from the code.
enum ProtocolTables {
    /// Every table by the name in its marker.
    static let all: [String: [String]] = [
        "containers: membership": containers([Member.self, Roster.self, Deployment.self]),
        "containers: objects": containers([
            Order.self, Object.self, SignedObject.self, ObjectSummary.self, SignedSummary.self,
        ]),
        "containers: link": containers([
            Hello.self, Close.self, Ping.self, Pong.self, RelayWanted.self,
        ]),
        "containers: gossip": containers([
            Heartbeat.self, LogEntry.self, Frontier.self, Frontiers.self, Pull.self, LogRange.self,
            LogStart.self,
        ]),
        "containers: operations": containers([
            OperationHello.self, ItemName.self, OperationOffer.self, OperationWant.self, OperationItems.self,
        ]),
        "containers: views": containers([
            Wish.self, LinkLost.self, ViewCertificate.self, ElectionCertificate.self, CertificateRequest.self,
        ]),
        "containers: group key": containers([
            KeyGenerationTerms.self, KeyGenerationTerms.Recipient.self, EncryptionKeyClaim.self, Deal.self,
            Confirm.self, Grievance.self, Complaint.self, EqualityProof.self, Absent.self, AttemptPlan.self,
            Proposal.self, KeyProof.self, KeyCertificate.self, Approval.self, KeyTranscript.self,
            DealCopy.self,
        ]),
        "containers: monitoring": containers([TermReport.self]),
        "containers: signing": containers([
            NonceCommitment.self, SignerCommitment.self, Ready.self, SignRequest.self, SignShare.self,
        ]),
        "containers: evidence": containers([
            EvidenceRecord.self, TwoObjects.self, BrokenLog.self, TwoVotes.self, BadShare.self, BadDeal.self,
            TwoEntries.self, Dispute.self, EvidenceFile.self,
        ]),
        "containers: checkpoints": containers([
            Checkpoint.self, SignedCheckpoint.self, AttestedLogs.self, InclusionProof.self,
            ConsistencyProof.self, ProofAnchor.self, Publication.self,
        ]),
        "containers: validator keys": containers([G1Deal.self, G1Complaint.self, G1EqualityProof.self]),
        "containers: attempts": containers([
            OperationPlan.self, PlannedOperator.self, PlannedNetwork.self, KeygenTask.self, ReshareTask.self,
            ExitTask.self, OrderedPlan.self, OperatorMessage.self, SignedOperatorMessage.self, Join.self,
            Deals.self, Complaints.self, Complaints.Item.self, Confirmation.self, ConfirmedShare.self,
            ExitShare.self, SignedReport.self,
        ]),
        "object kinds": table(
            ["code", "kind", "payload", "most bytes of payload"],
            ObjectKind.allCases.map {
                ["\($0.rawValue)", "`\($0)`", "`\(payload(of: $0).sszTypeName)`", "\($0.payloadLimit)"]
            }
        ),
        "streams": table(
            ["code", "stream"],
            LinkStream.allCases.map { ["\($0.rawValue)", "`\($0)`"] }
        ),
        "message types": table(
            ["code", "type", "stream", "body", "most bytes of body"],
            MessageType.allCases.map {
                [
                    hexadecimal($0.rawValue), "`\($0)`", "`\($0.stream)`", "`\(body(of: $0).sszTypeName)`",
                    "\($0.bodyLimit)",
                ]
            }
        ),
        "close codes": table(
            ["code", "name"],
            Close.Code.allCases.map { ["\($0.rawValue)", "`\($0)`"] }
        ),
        "heartbeat flags": table(
            ["bit", "name"],
            flags.map { ["\($0.flag.rawValue.trailingZeroBitCount)", "`\($0.name)`"] }
        ),
        "wish reasons": table(
            ["code", "reason", "strength"],
            WishReason.allCases.map {
                ["\($0.rawValue)", "`\($0)`", $0 == .none ? "" : $0.isHard ? "hard" : "soft"]
            }
        ),
        "log topics": table(
            ["code", "topic", "body"],
            LogTopic.allCases.map { ["\($0.rawValue)", "`\($0)`", "`\(body(of: $0).sszTypeName)`"] }
        ),
    ]

    private static let flags: [(name: String, flag: HeartbeatFlags)] = [
        ("ready", .ready), ("draining", .draining), ("noQuorum", .noQuorum), ("chainStale", .chainStale),
    ]

    // MARK: What carries what

    private static func payload(of kind: ObjectKind) -> any SSZValue.Type {
        switch kind {
        case .heartbeat: Heartbeat.self
        case .wish: Wish.self
        case .linkLost: LinkLost.self
        case .logEntry: LogEntry.self
        case .ready: Ready.self
        case .signRequest: SignRequest.self
        case .signShare: SignShare.self
        }
    }

    private static func body(of type: MessageType) -> any SSZValue.Type {
        switch type {
        case .hello: Hello.self
        case .close: Close.self
        case .ping: Ping.self
        case .pong: Pong.self
        case .relayWanted: RelayWanted.self
        case .objects, .registers: ObjectBatch.self
        case .viewCertificate: ViewCertificate.self
        case .electionCertificate: ElectionCertificate.self
        case .certificateRequest: CertificateRequest.self
        case .direct: SignedObject.self
        case .frontiers, .announcement: Frontiers.self
        case .pull: Pull.self
        case .range: LogRange.self
        case .logStart: LogStart.self
        case .operationHello: OperationHello.self
        case .operationOffer: OperationOffer.self
        case .operationWant: OperationWant.self
        case .operationItems: OperationItems.self
        }
    }

    private static func body(of topic: LogTopic) -> any SSZValue.Type {
        switch topic {
        case .deal: Deal.self
        case .confirm: Confirm.self
        case .complaint: Grievance.self
        case .absent: Absent.self
        case .proposal: Proposal.self
        case .keyProof: KeyProof.self
        case .dealCopy: DealCopy.self
        case .attestedLogs: AttestedLogs.self
        case .proofAnchor: ProofAnchor.self
        case .evidence: EvidenceRecord.self
        case .termReport: TermReport.self
        case .publication: Publication.self
        case .operationOrder: OrderedPlan.self
        case .carriedMessage: SignedOperatorMessage.self
        case .signedReport: SignedReport.self
        }
    }

    // MARK: Rows

    private static func containers(_ types: [any SSZContainer.Type]) -> [String] {
        table(
            ["container", "bytes", "fields in order"],
            types.map { type in
                let fields = type.fields.map { "`\($0.name): \($0.type.sszTypeName)`" }
                return ["`\(type.sszTypeName)`", size(of: type), fields.joined(separator: ", ")]
            }
        )
    }

    /// The size of every value, or the least one and a plus sign.
    ///
    /// An empty list or byte list takes its offset only.
    private static func size(of type: any SSZContainer.Type) -> String {
        if let size = type.sszFixedSize { return "\(size)" }
        return "\(leastSize(of: type))+"
    }

    private static func leastSize(of type: any SSZValue.Type) -> Int {
        if let size = type.sszFixedSize { return size }
        guard let container = type as? any SSZContainer.Type else { return 0 }
        return container.fields.reduce(0) { total, field in
            total + (field.type.sszFixedSize ?? 4 + leastSize(of: field.type))
        }
    }

    private static func hexadecimal(_ number: UInt8) -> String {
        "0x" + Hex.encode([number])
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        let rule = "|" + String(repeating: "---|", count: head.count)
        return [line(head), rule] + rows.map(line)
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}
