import Consensus
import Cryptography
import Peer
import Primitives

/// A chain of blocks with the registry contract on it, and the transactions that wait.
struct SimulatedChain {
    /// What a block shows of the contract.
    enum Record: Hashable {
        case election(ElectionRecord)
        case groupKey(Epoch, transcript: Digest)
        case proofAnchor(ProofAnchorRecord)

        /// What members are told of it.
        func fact(_ stage: ChainStage) -> ChainFact {
            switch self {
            case .election(let record): .election(record, stage)
            case .groupKey(let epoch, let transcript): .groupKey(epoch, transcript: transcript, stage)
            case .proofAnchor(let record): .proofAnchor(record, stage)
            }
        }
    }

    /// One block.
    struct Block {
        let number: UInt64
        /// Tells blocks of one number apart.
        let id: UInt64
        let records: [Record]
        let submissions: [Submission]
        /// The contract after it.
        let state: ContractModel
    }

    private let terms: ContractModel.Terms
    private(set) var blocks: [Block]
    private var pool: [(submission: Submission, ready: WorldTime)] = []
    private var lastID: UInt64 = 0
    /// Until when no transaction gets into a block.
    var stuckUntil = WorldTime.start

    init(_ terms: ContractModel.Terms) {
        self.terms = terms
        blocks = [Block(number: 0, id: 0, records: [], submissions: [], state: ContractModel())]
    }

    /// The newest block.
    var head: Block { blocks[blocks.count - 1] }

    /// Takes a transaction that may get into a block from a moment on.
    mutating func submit(_ submission: Submission, ready: WorldTime) {
        // One pending transaction for each statement is all that makes a difference.
        guard pool.count < 256 else { return }
        pool.append((submission, ready))
    }

    /// Adds a block with the transactions that are ready.
    mutating func grow(at now: WorldTime) {
        var state = head.state
        var records: [Record] = []
        var done: [Submission] = []
        let number = head.number + 1
        lastID += 1
        if now >= stuckUntil {
            for (submission, ready) in pool where ready <= now {
                guard state.accepts(submission, terms) else { continue }
                state.execute(submission)
                records.append(record(of: submission, in: number, transaction: UInt64(records.count)))
                done.append(submission)
            }
            pool.removeAll { $0.ready <= now }
        }
        blocks.append(Block(number: number, id: lastID, records: records, submissions: done, state: state))
    }

    private func record(of submission: Submission, in block: UInt64, transaction: UInt64) -> Record {
        switch submission {
        case .election(let epoch, let view, let leader, let signature):
            .election(
                ElectionRecord(
                    epoch: epoch,
                    view: view,
                    leader: leader,
                    signature: signature,
                    block: block,
                    transaction: CountingHash.digest("transaction", lastID, transaction)
                )
            )
        case .registration(let registration):
            .groupKey(registration.statement.epoch, transcript: registration.statement.transcript)
        case .proofAnchor(let anchor):
            .proofAnchor(
                ProofAnchorRecord(
                    anchor: anchor,
                    block: block,
                    transaction: CountingHash.digest("transaction", lastID, transaction)
                )
            )
        }
    }

    /// Takes the newest blocks back and puts others in their place; of their transactions some are lost.
    mutating func reorganise(depth: Int, keeping rate: Int, at now: WorldTime, _ random: inout SplitMix64) {
        let depth = min(depth, blocks.count - 1)
        guard depth > 0 else { return }
        let gone = blocks.suffix(depth)
        blocks.removeLast(depth)
        for submission in gone.flatMap(\.submissions) where random.permille(rate) {
            pool.append((submission, now))
        }
        for _ in 0...depth { grow(at: now) }
    }
}
