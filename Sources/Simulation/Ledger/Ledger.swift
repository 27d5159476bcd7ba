import Cryptography
import Ethereum
import Primitives

/// A played chain down to headers, accounts and logs, with the pool of transactions that wait.
///
/// Fees follow EIP-1559, the pool's rules are those that nodes in use have in common. Blocks that were replaced can
/// still be asked for by their hash, as on nodes.
struct Ledger {
    private struct Waiting {
        let transaction: SignedTransaction
        let sender: Address
        var ready: WorldTime
    }

    /// How many blocks there are before the members start.
    private static let history: UInt64 = 20
    private static let finality = 12
    private static let poolLimit = 1_024

    let terms: ContractModel.Terms
    let registry: Address
    private(set) var canonical: [LedgerBlock]
    private(set) var blocks: [Digest: LedgerBlock]
    /// Every view that the contract has had after any transaction, every key that it has had after any block, and every
    /// transaction that was in one.
    private(set) var views: Set<View> = [View(0)]
    private(set) var keys: [GroupKeyStatement] = []
    /// Every newest anchor that the contract has had after any block.
    private(set) var proofs: Set<LatestProof> = [.none]
    private(set) var mined: [Digest: SignedTransaction] = [:]
    private var pool: [Digest: Waiting] = [:]
    private var salt: UInt64 = 0
    /// Until when no transaction gets into a block.
    var stuckUntil = WorldTime.start
    /// How many more blocks are full with what others do, so that the base fee climbs.
    var crowdedBlocks = 0

    init(_ terms: ContractModel.Terms, registry: Address) {
        self.terms = terms
        self.registry = registry
        canonical = [.genesis]
        blocks = [LedgerBlock.genesis.hash: .genesis]
        for _ in 0..<Self.history { grow(at: .start) }
    }

    /// The newest block.
    var head: LedgerBlock { canonical[canonical.count - 1] }

    /// The newest block that is never replaced.
    func finalized(under head: UInt64) -> LedgerBlock {
        canonical[max(0, Int(head) - Self.finality)]
    }

    // MARK: The pool

    /// A node is handed a transaction; answers what it says against it.
    mutating func receive(_ raw: [UInt8], ready: WorldTime) -> RPCRefusal? {
        guard let transaction = try? SignedTransaction(decoding: raw), let sender = transaction.sender else {
            return RPCRefusal(code: -32_000, message: "invalid sender")
        }
        let account = head.accounts[sender, default: LedgerBlock.Account()]
        let terms = transaction.transaction
        guard pool[transaction.hash] == nil else {
            return RPCRefusal(code: -32_000, message: "already known")
        }
        guard terms.nonce >= account.nonce else {
            return RPCRefusal(
                code: -32_000,
                message: "nonce too low: next nonce \(account.nonce), tx nonce \(terms.nonce)"
            )
        }
        let rival = pool.values.first {
            $0.sender == sender && $0.transaction.transaction.nonce == terms.nonce
        }
        if let rival {
            guard terms.outbids(rival.transaction.transaction) else {
                return RPCRefusal(code: -32_000, message: "replacement transaction underpriced")
            }
            pool[rival.transaction.hash] = nil
        }
        guard pool.count < Self.poolLimit else { return RPCRefusal(code: -32_000, message: "txpool is full") }
        pool[transaction.hash] = Waiting(transaction: transaction, sender: sender, ready: ready)
        return nil
    }

    /// Nodes forget so many of a thousand waiting transactions.
    mutating func forget(rate: Int, _ random: inout SplitMix64) {
        for hash in pool.keys.sorted() where random.permille(rate) { pool[hash] = nil }
    }

    // MARK: Blocks

    /// Adds a block with the transactions that are ready and pay enough.
    mutating func grow(at now: WorldTime) {
        let parent = head
        salt += 1
        let place = LedgerBlock.Place(
            number: parent.number + 1,
            parent: parent.hash,
            timestamp: parent.header.timestamp + 2,
            baseFee: max(parent.header.nextBaseFee, 1_000_000_000),
            salt: salt
        )
        var page = LedgerPage(place, after: parent, terms, registry)
        // The governor names the committee in one of the first blocks.
        if place.number == 5 { page.propose() }
        if now >= stuckUntil, now > .start {
            for waiting in ordered(at: now) where page.take(waiting.transaction, from: waiting.sender) {
                pool[waiting.transaction.hash] = nil
            }
        }
        let isCrowded = crowdedBlocks > 0
        if isCrowded { crowdedBlocks -= 1 }
        views.formUnion(page.views)
        append(page.block(isFull: isCrowded))
    }

    private mutating func append(_ block: LedgerBlock) {
        canonical.append(block)
        blocks[block.hash] = block
        proofs.insert(block.registry.model.proof)
        if let key = block.registry.model.key, !keys.contains(key) { keys.append(key) }
        for transaction in block.transactions { mined[transaction.hash] = transaction }
        // What is too old for the pool of any node.
        pool = pool.filter { _, waiting in
            waiting.transaction.transaction.nonce
                >= block.accounts[waiting.sender, default: LedgerBlock.Account()].nonce
        }
    }

    /// What may go into a block, each sender's in the order of nonces.
    private func ordered(at now: WorldTime) -> [Waiting] {
        pool.values.filter { $0.ready <= now }.sorted { left, right in
            (left.transaction.transaction.nonce, left.transaction.hash)
                < (right.transaction.transaction.nonce, right.transaction.hash)
        }
    }

    /// Takes the newest blocks back and puts others in their place; of their transactions some are lost.
    mutating func reorganise(depth: Int, keeping rate: Int, at now: WorldTime, _ random: inout SplitMix64) {
        let depth = min(depth, Self.finality - 1)
        let gone = canonical.suffix(depth)
        canonical.removeLast(depth)
        for transaction in gone.flatMap(\.transactions) where random.permille(rate) {
            guard let sender = transaction.sender else { continue }
            let waiting = Waiting(transaction: transaction, sender: sender, ready: now)
            pool[transaction.hash] = waiting
        }
        for _ in 0...depth { grow(at: now) }
    }

    /// A block on top of another that the chain has not: with these logs and whatever state.
    func madeUp(on parent: LedgerBlock, salt: UInt64, logs: [LedgerLog]) -> LedgerBlock {
        let place = LedgerBlock.Place(
            number: parent.number + 1,
            parent: parent.hash,
            timestamp: parent.header.timestamp + 2,
            baseFee: parent.header.nextBaseFee,
            salt: salt
        )
        return LedgerBlock(
            place,
            gasUsed: LedgerBlock.gasLimit / 2,
            logs: logs,
            registry: parent.registry,
            accounts: parent.accounts
        )
    }
}

extension Transaction {
    /// Whether both fees are a tenth higher, as nodes demand of what is to replace another.
    fileprivate func outbids(_ other: Transaction) -> Bool {
        maxFee * 10 >= other.maxFee * 11 && maxPriorityFee * 10 >= other.maxPriorityFee * 11
    }
}
