internal import Primitives

/// An answer to an ``RPCQuery``, of the kind that the query has.
package enum RPCValue: Hashable, Sendable {
    /// A chain id, or a count of transactions.
    case number(UInt64)
    /// A balance in wei.
    case amount(UInt256)
    /// Code, or what a call returned.
    case data([UInt8])
    /// A header; `nil` when the node does not know the block.
    case header(BlockHeader?)
    /// Logs in the order of their blocks and positions.
    case logs([Log])
    /// A receipt; `nil` when the node knows of none.
    case receipt(Receipt?)
    /// Fees.
    case fees(FeeHistory)
    /// The transaction is accepted.
    case sent
}

extension RPCQuery {
    /// How many logs an answer may hold.
    package static let maxLogs = 20_000
    /// How many bytes a call may return.
    package static let maxReturn = 65_536
    /// How long a contract's code may be (EIP-170, with room for its successors).
    package static let maxCode = 131_072

    /// Reads an answer and holds it against the question.
    ///
    /// - Throws: ``ShapeError`` when it is of another type, too large, or about something else than was asked.
    package func value(_ json: JSON) throws(ShapeError) -> RPCValue {
        switch self {
        case .chainId: .number(try json.quantity("chainId"))
        case .nonce: .number(try json.quantity("transactionCount"))
        case .balance: .amount(try json.wideQuantity("balance"))
        case .code: .data(try json.data("code", atMost: Self.maxCode))
        case .call: .data(try json.data("return data", atMost: Self.maxReturn))
        case .header(let selector): .header(try Self.header(json, selector))
        case .logs(let filter): .logs(try Self.logs(json, filter))
        case .receipt(let hash): .receipt(try Self.receipt(json, hash))
        case .feeHistory: .fees(try FeeHistory(json: json))
        case .send(_, let hash): try Self.sent(json, hash)
        }
    }

    private static func header(_ json: JSON, _ selector: BlockSelector) throws(ShapeError) -> BlockHeader? {
        guard json != .null else { return nil }
        let header = try BlockHeader(json: json)
        switch selector {
        case .number(let number) where header.number != number:
            throw ShapeError("block.number", expected: Quantity.text(number), found: json["number"])
        case .hash(let hash) where header.hash != hash:
            throw ShapeError("block.hash", expected: hash.description, found: json["hash"])
        case .latest, .safe, .finalized, .number, .hash: return header
        }
    }

    private static func logs(_ json: JSON, _ filter: LogFilter) throws(ShapeError) -> [Log] {
        let logs = try Log.list(json: json, atMost: maxLogs)
        var last: (block: UInt64, index: UInt64)?
        for (position, log) in logs.enumerated() {
            let inPlace =
                switch filter.place {
                case .block(let hash): log.block.hash == hash
                case .range(let range): range.contains(log.block.number)
                }
            let isAscending = last.map { $0 < (log.block.number, log.index) } ?? true
            let isWanted =
                log.address == filter.address && log.topics.first.map(filter.topics.contains) == true
            guard inPlace, isAscending, isWanted else {
                throw ShapeError("logs[\(position)]", expected: "one that was asked for", found: .object([:]))
            }
            last = (log.block.number, log.index)
        }
        return logs
    }

    private static func receipt(_ json: JSON, _ hash: Digest) throws(ShapeError) -> Receipt? {
        guard json != .null else { return nil }
        let receipt = try Receipt(json: json)
        guard receipt.transaction == hash else {
            throw ShapeError(
                "receipt.transactionHash",
                expected: hash.description,
                found: json["transactionHash"]
            )
        }
        return receipt
    }

    private static func sent(_ json: JSON, _ hash: Digest) throws(ShapeError) -> RPCValue {
        guard try json.fixed("transaction hash") == hash else {
            throw ShapeError("transaction hash", expected: hash.description, found: json)
        }
        return .sent
    }
}
