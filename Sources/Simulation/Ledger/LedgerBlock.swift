import Cryptography
import Ethereum
import Primitives

/// A block with all that its transactions did, as an endpoint can be asked for it.
struct LedgerBlock {
    /// What an account has and has sent.
    struct Account {
        var nonce: UInt64 = 0
        /// Ten ether.
        var balance: UInt256 = 10_000_000_000_000_000_000
    }

    /// What is fixed before a block's transactions are known.
    struct Place {
        var number: UInt64
        var parent: Digest
        var timestamp: UInt64
        var baseFee: UInt256
        /// Tells siblings apart.
        var salt: UInt64
    }

    static let gasLimit: UInt64 = 30_000_000

    let header: BlockHeader
    /// The header as an endpoint writes it.
    let json: JSON
    let transactions: [SignedTransaction]
    let receipts: [Digest: Receipt]
    let logs: [Log]
    /// The registry after the block.
    let registry: LedgerRegistry
    let accounts: [Address: Account]

    /// A block of outcomes that do not know their block yet.
    init(
        _ place: Place,
        gasUsed: UInt64,
        _ transactions: [(transaction: SignedTransaction, outcome: LedgerOutcome)] = [],
        logs found: [LedgerLog] = [],
        registry: LedgerRegistry,
        accounts: [Address: Account]
    ) {
        var bloom = Bloom()
        for log in found {
            bloom.insert(log.address.array)
            for topic in log.topics { bloom.insert(topic.array) }
        }
        let fields: [(String, RLP, JSON)] = [
            ("parentHash", .bytes(place.parent.array), .hex(place.parent.array)),
            ("sha3Uncles", .zeros(32), .zeros(32)), ("miner", .zeros(20), .zeros(20)),
            ("stateRoot", .zeros(32), .zeros(32)), ("transactionsRoot", .zeros(32), .zeros(32)),
            ("receiptsRoot", .zeros(32), .zeros(32)),
            ("logsBloom", .bytes(bloom.bytes.array), .hex(bloom.bytes.array)),
            ("difficulty", .number(0 as UInt64), .quantity(0)),
            ("number", .number(place.number), .quantity(place.number)),
            ("gasLimit", .number(Self.gasLimit), .quantity(Self.gasLimit)),
            ("gasUsed", .number(gasUsed), .quantity(gasUsed)),
            ("timestamp", .number(place.timestamp), .quantity(place.timestamp)),
            ("extraData", .bytes(place.salt.sszBytes), .hex(place.salt.sszBytes)),
            ("mixHash", .zeros(32), .zeros(32)), ("nonce", .zeros(8), .zeros(8)),
            ("baseFeePerGas", .number(place.baseFee), .string(Quantity.text(place.baseFee))),
        ]
        let reference = BlockReference(
            number: place.number,
            hash: Keccak256.hash(RLP.list(fields.map(\.1)).encoded)
        )
        header = BlockHeader(
            reference: reference,
            parentHash: place.parent,
            timestamp: place.timestamp,
            baseFee: place.baseFee,
            gasUsed: gasUsed,
            gasLimit: Self.gasLimit,
            bloom: bloom
        )
        var members = Dictionary(uniqueKeysWithValues: fields.map { ($0.0, $0.2) })
        members["hash"] = .hex(reference.hash.array)
        json = .object(members)
        self.transactions = transactions.map(\.transaction)
        receipts = Dictionary(
            uniqueKeysWithValues: transactions.map { transaction, outcome in
                let receipt = Receipt(
                    transaction: transaction.hash,
                    block: reference,
                    succeeded: outcome.succeeded,
                    gasUsed: outcome.gasUsed,
                    effectiveGasPrice: outcome.price
                )
                return (transaction.hash, receipt)
            }
        )
        logs = found.enumerated().map { index, log in
            Log(
                address: log.address,
                topics: log.topics,
                data: log.data,
                block: reference,
                transaction: log.transaction,
                index: UInt64(index)
            )
        }
        self.registry = registry
        self.accounts = accounts
    }

    var hash: Digest { header.hash }
    var number: UInt64 { header.number }

    /// The first block of every played chain.
    static let genesis = LedgerBlock(
        Place(number: 0, parent: Digest(), timestamp: 1_700_000_000, baseFee: 1_000_000_000, salt: 0),
        gasUsed: 0,
        registry: LedgerRegistry(),
        accounts: [:]
    )
}

/// What a transaction did in its block.
struct LedgerOutcome {
    var succeeded: Bool
    var gasUsed: UInt64
    var price: UInt256
}

/// A log before its block has a hash.
struct LedgerLog {
    var address: Address
    var topics: [Digest]
    var data: [UInt8]
    var transaction: Digest
}

extension RLP {
    static func zeros(_ count: Int) -> RLP { .bytes([UInt8](repeating: 0, count: count)) }
}

extension JSON {
    static func hex(_ bytes: [UInt8]) -> JSON { .string("0x" + Hex.encode(bytes)) }
    static func zeros(_ count: Int) -> JSON { .hex([UInt8](repeating: 0, count: count)) }
    static func quantity(_ number: UInt64) -> JSON { .string(Quantity.text(number)) }
}
