package import Primitives

/// A block meant by position or hash.
package enum BlockSelector: Hashable, Sendable {
    /// The newest.
    case latest
    /// The newest that a minority cannot undo.
    case safe
    /// The newest that can no longer be undone.
    case finalized
    /// The canonical one of this number.
    case number(UInt64)
    /// The one of this hash, canonical or not.
    case hash(Digest)
}

/// Which logs are asked for: those of one contract whose first topic is one of a list.
package struct LogFilter: Hashable, Sendable {
    /// Where logs are looked for.
    package enum Place: Hashable, Sendable {
        /// In the block of this hash.
        case block(Digest)
        /// In the canonical blocks of these numbers.
        case range(ClosedRange<UInt64>)
    }

    /// Where to look.
    package var place: Place
    /// The contract.
    package var address: Address
    /// The first topics that are wanted.
    package var topics: [Digest]

    /// A question for logs.
    package init(_ place: Place, address: Address, topics: [Digest]) {
        self.place = place
        self.address = address
        self.topics = topics
    }
}

/// A question to a node of the chain, or a transaction handed to it.
///
/// State is asked for at a block's hash (EIP-1898), so that no node behind the head can answer with an older one.
package enum RPCQuery: Hashable, Sendable {
    /// The EIP-155 chain id.
    case chainId
    /// A block's header.
    case header(BlockSelector)
    /// A contract's code at the head.
    case code(Address)
    /// An account's balance after a block.
    case balance(Address, at: Digest)
    /// How many transactions an account had sent by the end of a block.
    case nonce(Address, at: Digest)
    /// What a call would return after a block.
    case call(to: Address, from: Address?, data: [UInt8], at: Digest)
    /// Logs.
    case logs(LogFilter)
    /// What became of a transaction.
    case receipt(Digest)
    /// The fees of so many blocks up to the head.
    case feeHistory(UInt64)
    /// A signed transaction for the network, and its hash.
    case send([UInt8], hash: Digest)

    /// The method's name.
    package var method: String {
        switch self {
        case .chainId: "eth_chainId"
        case .header(.hash): "eth_getBlockByHash"
        case .header: "eth_getBlockByNumber"
        case .code: "eth_getCode"
        case .balance: "eth_getBalance"
        case .nonce: "eth_getTransactionCount"
        case .call: "eth_call"
        case .logs: "eth_getLogs"
        case .receipt: "eth_getTransactionReceipt"
        case .feeHistory: "eth_feeHistory"
        case .send: "eth_sendRawTransaction"
        }
    }

    /// The method's parameters.
    package var parameters: [JSON] {
        switch self {
        case .chainId: []
        case .header(let selector): [Self.json(selector), .bool(false)]
        case .code(let address): [.string(address.description), .string("latest")]
        case .balance(let address, let block), .nonce(let address, let block):
            [.string(address.description), Self.at(block)]
        case .call(let to, let from, let data, let block):
            [Self.json(to: to, from: from, data), Self.at(block)]
        case .logs(let filter): [Self.json(filter)]
        case .receipt(let hash): [.string(hash.description)]
        case .feeHistory(let count):
            [.string(Quantity.text(count)), .string("latest"), .array([.number("50")])]
        case .send(let raw, _): [.string("0x" + Hex.encode(raw))]
        }
    }

    private static func json(_ selector: BlockSelector) -> JSON {
        switch selector {
        case .latest: .string("latest")
        case .safe: .string("safe")
        case .finalized: .string("finalized")
        case .number(let number): .string(Quantity.text(number))
        case .hash(let hash): .string(hash.description)
        }
    }

    private static func at(_ block: Digest) -> JSON {
        .object(["blockHash": .string(block.description)])
    }

    private static func json(to: Address, from: Address?, _ data: [UInt8]) -> JSON {
        var call: [String: JSON] = ["to": .string(to.description), "input": .string("0x" + Hex.encode(data))]
        if let from { call["from"] = .string(from.description) }
        return .object(call)
    }

    private static func json(_ filter: LogFilter) -> JSON {
        var query: [String: JSON] = [
            "address": .string(filter.address.description),
            "topics": .array([.array(filter.topics.map { .string($0.description) })]),
        ]
        switch filter.place {
        case .block(let hash): query["blockHash"] = .string(hash.description)
        case .range(let range):
            query["fromBlock"] = .string(Quantity.text(range.lowerBound))
            query["toBlock"] = .string(Quantity.text(range.upperBound))
        }
        return .object(query)
    }
}
