package import Primitives

/// What is to be done in one attempt at a request, and by whom: all that those who take part must agree on.
///
/// Everybody who knows the chain comes to the same plan for an attempt, so it does not matter which leader writes it
/// down, and one that follows a dead leader goes on with the same attempt.
package struct OperationPlan: SSZContainer {
    /// The request, whose id binds the chain, the contract and all that is asked.
    package var request: RequestID
    /// Which attempt at it, from 1.
    package var attempt: UInt64
    /// Who has failed in attempts before and is left out, rising.
    package var excluded: SSZList<OperatorID, 128>
    /// Who holds shares at the end of a keygen or reshare, or who signs an exit; rising.
    package var operators: SSZList<PlannedOperator, 13>
    /// The beacon chain that it is for.
    package var network: PlannedNetwork
    /// 1 for a ``KeygenTask``, 2 for a ``ReshareTask``, 3 for an ``ExitTask``.
    package var kind: UInt8
    /// The task's encoding.
    package var task: ByteList<4_096>

    /// Joins the parts; nothing is checked.
    package init(
        request: RequestID,
        attempt: UInt64,
        excluded: SSZList<OperatorID, 128>,
        operators: SSZList<PlannedOperator, 13>,
        network: PlannedNetwork,
        task: OperationTask
    ) {
        self.request = request
        self.attempt = attempt
        self.excluded = excluded
        self.operators = operators
        self.network = network
        kind = task.kind
        self.task = task.encoded
    }

    /// Names the attempt: the plan's hash-tree-root.
    package var id: Digest { hashTreeRoot() }

    package static let fields = [
        SSZField("request", RequestID.self),
        SSZField("attempt", UInt64.self),
        SSZField("excluded", SSZList<OperatorID, 128>.self),
        SSZField("operators", SSZList<PlannedOperator, 13>.self),
        SSZField("network", PlannedNetwork.self),
        SSZField("kind", UInt8.self),
        SSZField("task", ByteList<4_096>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(request)
        visitor.field(attempt)
        visitor.field(excluded)
        visitor.field(operators)
        visitor.field(network)
        visitor.field(kind)
        visitor.field(task)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        request = try reader.field()
        attempt = try reader.field()
        excluded = try reader.field()
        operators = try reader.field()
        network = try reader.field()
        kind = try reader.field()
        task = try reader.field()
    }
}

/// What an attempt does.
package enum OperationTask: Hashable, Sendable {
    /// Makes new keys.
    case keygen(KeygenTask)
    /// Shares a key anew.
    case reshare(ReshareTask)
    /// Signs an exit.
    case exit(ExitTask)

    /// How a plan calls its kind.
    var kind: UInt8 {
        switch self {
        case .keygen: 1
        case .reshare: 2
        case .exit: 3
        }
    }

    /// Its bytes in a plan; the greatest has 1.7 KiB.
    var encoded: ByteList<4_096> {
        let bytes =
            switch self {
            case .keygen(let task): task.sszBytes
            case .reshare(let task): task.sszBytes
            case .exit(let task): task.sszBytes
            }
        return ByteList<4_096>(bytes) ?? ByteList<4_096>()
    }

    init(kind: UInt8, _ bytes: [UInt8]) throws(SSZError) {
        switch kind {
        case 1: self = .keygen(try KeygenTask(ssz: bytes))
        case 2: self = .reshare(try ReshareTask(ssz: bytes))
        case 3: self = .exit(try ExitTask(ssz: bytes))
        default: throw .value(of: "OperationPlan.kind")
        }
    }
}
