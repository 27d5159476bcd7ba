import Cryptography
import Ethereum
import Primitives
import Testing

/// Feeds an outbox, signs and stores for it at once, and keeps what it sends and reports.
struct OutboxDriver {
    let key: AccountKey
    var outbox: TransactionOutbox
    var sent: [SignedTransaction] = []
    var reports: [OutboxReport] = []
    var stored: [Digest: OutboxRecord] = [:]
    /// Every transaction that was on disk when it was sent.
    var wasStored = true
    var storesAtOnce = true
    var signsAtOnce = true
    var unsigned: [(id: Digest, transaction: Transaction)] = []
    var tickets: [UInt64] = []
    var number: UInt64 = 100
    var nonce: UInt64 = 7
    var receipts: [Digest: Receipt] = [:]

    init(_ configure: (inout TransactionOutbox.Configuration) -> Void = { _ in }) {
        var secret = [UInt8](repeating: 0, count: 32)
        secret[31] = 5
        key = unsafe secret.withUnsafeBytes { unsafe AccountKey(SecretBytes(copying: $0))! }
        var configuration = TransactionOutbox.Configuration(
            account: key.address,
            chainId: 31_337,
            registry: Address(hex: "00000000000000000000000000000000000000aa")!
        )
        configure(&configuration)
        outbox = TransactionOutbox(configuration)
        self.configuration = configuration
    }

    let configuration: TransactionOutbox.Configuration

    static func election(_ view: UInt64) -> ChainCall {
        let statement = ElectionStatement(epoch: Epoch(1), view: View(view), leader: Address())
        return .registry(.elect(statement, RegistrySignature(rx: 1, ry: 2, s: 3)))
    }

    /// A process that died and came back with what was on disk.
    mutating func restart() {
        outbox = TransactionOutbox(configuration, restoring: stored.values.sorted { $0.id < $1.id })
        tickets = []
    }

    mutating func submit(_ view: UInt64) {
        feed(.submitted(Self.election(view)))
        feed(.released(Self.election(view).id))
    }

    mutating func feed(_ event: TransactionOutbox.Event) {
        perform(outbox.handle(event, at: .start))
    }

    /// A block later, the account is looked at.
    mutating func block(baseFee: UInt256 = 1_000_000_000, isCurrent: Bool = true) {
        number += 1
        observe(baseFee: baseFee, isCurrent: isCurrent)
    }

    mutating func observe(baseFee: UInt256 = 1_000_000_000, isCurrent: Bool = true) {
        let observation = AccountObservation(
            header: TestHeaders.header(number, baseFee: baseFee),
            nonce: nonce,
            balance: 1_000_000_000_000_000_000,
            fees: nil,
            receipts: receipts,
            isCurrent: isCurrent
        )
        feed(.observed(observation))
    }

    /// The transaction is mined in the newest block.
    mutating func mine(_ transaction: SignedTransaction, succeeded: Bool = true) {
        nonce = transaction.transaction.nonce + 1
        receipts[transaction.hash] = Receipt(
            transaction: transaction.hash,
            block: TestHeaders.main(number),
            succeeded: succeeded,
            gasUsed: 40_000,
            effectiveGasPrice: 1
        )
    }

    /// Signs what waits for it.
    mutating func signAll() {
        for (id, transaction) in unsigned {
            feed(.signed(id, SignedTransaction(transaction, key.sign(transaction.digest))))
        }
        unsigned = []
    }

    private mutating func perform(_ actions: [TransactionOutbox.Action]) {
        for action in actions {
            switch action {
            case .persist(let record, let ticket):
                if storesAtOnce {
                    stored[record.id] = record
                    feed(.persisted(ticket))
                } else {
                    tickets.append(ticket)
                }
            case .forget(let id): stored[id] = nil
            case .observe: break
            case .sign(let id, let transaction) where !signsAtOnce: unsigned.append((id, transaction))
            case .sign(let id, let transaction):
                feed(.signed(id, SignedTransaction(transaction, key.sign(transaction.digest))))
            case .send(let id, let transaction):
                if stored[id]?.attempts.contains(where: { $0.transaction == transaction }) != true {
                    wasStored = false
                }
                sent.append(transaction)
            case .report(_, let report): reports.append(report)
            }
        }
    }
}
