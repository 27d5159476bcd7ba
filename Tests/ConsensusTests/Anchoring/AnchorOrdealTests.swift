import Consensus
import Primitives
import TestSupport
import Testing

@Suite struct AnchorOrdealTests {
    private static let committee = SimCommittee.make(size: 4)

    private static func statement(_ ordeal: inout Ordeal<AnchorMachine>) -> ChainStatement {
        guard !ordeal.once(in: 5) else {
            return .groupKey(epoch: Epoch(ordeal.number(below: 2)), transcript: Digest())
        }
        if ordeal.once(in: 3) {
            return .proofAnchor(
                ProofAnchor(
                    epoch: Epoch(1),
                    number: ordeal.number(below: 12),
                    root: SHA256.hash(ordeal.bytes(atMost: 1)),
                    signature: GroupSignature()
                )
            )
        }
        let view = View(ordeal.number(below: 40))
        return .election(
            ElectionCertificate(
                epoch: Epoch(1),
                view: view,
                leader: committee.leader(of: view),
                signature: GroupSignature()
            )
        )
    }

    @Test(arguments: 1...6)
    func `no news of the chain, in any order, stops the anchoring, sets it spinning or makes it grow`(
        seed: UInt64
    ) {
        let member = Self.committee.indices[Int(seed) % 4]
        let machine = AnchorMachine(AnchorMachine.Setting(committee: Self.committee, member: member))
        var ordeal = Ordeal(machine, seed: seed)
        var proven: Set<ChainStatement.Key> = []
        var submitted: Set<ChainStatement.Key> = []
        for _ in 0..<6_000 {
            let statement = Self.statement(&ordeal)
            let event: AnchorMachine.Event
            switch ordeal.random.next() % 15 {
            case 0, 1, 2:
                proven.insert(statement.key)
                event = .proven(statement)
            case 3: event = .entered(View(ordeal.number(below: 40)))
            case 4: event = .chainReached(View(ordeal.number(below: 40)))
            case 5: event = .pending(statement.key)
            case 6: event = .included(statement.key)
            case 7: event = .confirmed(statement.key)
            case 8: event = .finalized(statement.key)
            case 9: event = .vanished(statement.key)
            case 10: event = .refused(statement.key)
            case 11:
                let root = SHA256.hash(ordeal.bytes(atMost: 1))
                event = .chainAnchored(LatestProof(number: ordeal.number(below: 12), root: root))
            default: event = .vanished(statement.key)
            }
            let actions = ordeal.once(in: 3) ? ordeal.rest() : ordeal.feed(event)
            for action in actions {
                switch action {
                case .submit(let statement):
                    submitted.insert(statement.key)
                    if !proven.contains(statement.key) { Issue.record("submits what is not proven") }
                case .cancel(let key):
                    if !submitted.contains(key) { Issue.record("cancels what it did not submit") }
                case .noteAnchored(let key):
                    if !proven.contains(key) { Issue.record("anchored what is not proven") }
                }
            }
            if ordeal.machine.followed.count > 40 { Issue.record("follows ever more") }
        }
        #expect(ordeal.problems.isEmpty)
        #expect(!submitted.isEmpty)
        #expect(ordeal.weight < 3_000)
    }
}
