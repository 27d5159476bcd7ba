import Consensus
import Cryptography
import Peer
import Primitives

/// The registry contract as far as these tests need it: the first key stands, views rise.
struct TestChain {
    private(set) var transcript: Digest?
    private(set) var elections: [ElectionRecord] = []
    private(set) var anchors: [ProofAnchorRecord] = []
    private var height: UInt64 = 0

    /// What a node that starts now finds.
    var facts: [ChainFact] {
        var facts: [ChainFact] = []
        if let transcript {
            for stage in [ChainStage.included, .confirmed] {
                facts.append(.groupKey(Epoch(1), transcript: transcript, stage))
            }
        }
        if let newest = elections.last {
            for stage in [ChainStage.included, .confirmed] { facts.append(.election(newest, stage)) }
        }
        for anchor in anchors {
            for stage in [ChainStage.included, .confirmed] { facts.append(.proofAnchor(anchor, stage)) }
        }
        facts.append(.beginning(elections.last?.view ?? View(0), anchors.last?.anchor.place ?? .none))
        return facts
    }

    /// Puts a transaction into a block; answers what nodes see of it, or `nil` if it reverts.
    mutating func take(_ submission: Submission) -> ((ChainStage) -> ChainFact)? {
        height += 1
        switch submission {
        case .proofAnchor(let anchor):
            guard anchor.number == UInt64(anchors.count + 1) else { return nil }
            let record = ProofAnchorRecord(
                anchor: anchor,
                block: height,
                transaction: SHA256.hash(anchor.signature.array)
            )
            anchors.append(record)
            return { .proofAnchor(record, $0) }
        case .registration(let registration):
            guard transcript == nil else { return nil }
            let registered = registration.statement.transcript
            transcript = registered
            return { .groupKey(Epoch(1), transcript: registered, $0) }
        case .election(let epoch, let view, let leader, let signature):
            guard view > elections.last?.view ?? View(0) else { return nil }
            let record = ElectionRecord(
                epoch: epoch,
                view: view,
                leader: leader,
                signature: signature,
                block: height,
                transaction: SHA256.hash(signature.array)
            )
            elections.append(record)
            return { .election(record, $0) }
        }
    }
}
