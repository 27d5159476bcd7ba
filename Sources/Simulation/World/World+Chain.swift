import Consensus
import Peer
import Primitives

/// The chain's blocks, and what members see of them and bring to it.
extension World {
    private static let blockTime = Span.seconds(2)

    func makeBlock() {
        if ledger != nil {
            ledger?.grow(at: now)
        } else {
            chain.grow(at: now)
            tellOfBlocks()
        }
        judgeAnchors()
        later(Self.blockTime, .block)
    }

    /// Holds the newest anchor against the logs as honest members have them on their disks.
    private func judgeAnchors() {
        let newest = ledger?.head.registry.model.proof ?? chain.head.state.proof
        guard newest != lastProof else { return }
        lastProof = newest
        guard newest.number > 0 else { return }
        trace.note(now, nil, "anchor \(newest.number) is in a block")
        let disks = nodes.filter(\.isHonest).map(\.disk.contents)
        invariants.anchors(committee.epoch, newest.number, newest.root, disks, at: now)
    }

    func tellOfBlocks() {
        for node in nodes where node.isUp && node.eye.isOpen {
            later(
                random.span(.milliseconds(5)...Span.milliseconds(600)),
                .look(node: node.offset, life: node.life)
            )
        }
    }

    /// The process has asked the contract for the committee, or will ask again.
    func openEye(_ node: SimulatedNode) {
        guard !node.isInEpoch else { return }
        guard let facts = node.eye.open(chain) else {
            return later(.seconds(1), .openEye(node: node.offset, life: node.life))
        }
        node.isInEpoch = true
        feed(node, .epochBegan(node.disk.contents.beginning(of: committee, membersHash: membersHash)))
        tell(facts, to: node)
    }

    func look(_ node: SimulatedNode) {
        tell(node.eye.look(chain), to: node)
    }

    private func tell(_ facts: [ChainFact], to node: SimulatedNode) {
        let life = node.life
        for fact in facts {
            guard node.life == life else { return }
            feed(node, .chain(fact))
        }
    }

    func blind(_ node: SimulatedNode, _ isBlind: Bool) {
        guard node.eye.isBlind != isBlind else { return }
        node.eye.isBlind = isBlind
        // The product says so after a while without an answer, and when answers come again.
        later(
            isBlind ? .seconds(30) : .milliseconds(100),
            .feed(node: node.offset, life: node.life, .chain(.stale(isBlind)))
        )
    }

    /// An endpoint tells of what is not so; signatures it cannot forge.
    func lie(_ node: SimulatedNode, _ view: View, _ stages: [ChainStage]) {
        var signature = GroupSignature()
        signature[0] = 2
        signature[5] = UInt8(truncatingIfNeeded: random.next())
        let leader = committee[committee.leader(of: view)]?.account ?? Address()
        let record = ElectionRecord(
            epoch: committee.epoch,
            view: view,
            leader: leader,
            signature: signature,
            block: chain.head.number,
            transaction: CountingHash.digest("lie", random.next())
        )
        for fact in [ChainFact.contractView(view)] + stages.map({ .election(record, $0) }) {
            later(.microseconds(10), .feed(node: node.offset, life: node.life, .chain(fact)))
        }
    }

    /// Asks the contract, and sends what it still wants.
    func submit(_ submission: Submission, by node: SimulatedNode) {
        guard node.client == nil else { return bring(submission, by: node) }
        guard !node.eye.isBlind else {
            return later(.seconds(5), .submit(node: node.offset, life: node.life, submission))
        }
        guard !node.eye.state.isPast(submission) else { return }
        chain.submit(submission, ready: now + random.span(.milliseconds(100)...Span.seconds(3)))
    }
}
