import Ethereum
import FuzzDriver
import Primitives

/// Whatever is read as RLP is written the same again; so are the records that are stored in RLP.
func fuzzRLP(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    switch selector % 4 {
    case 0:
        guard let item = try? RLP(decoding: bytes) else { return }
        precondition(item.encoded == bytes, "two RLP encodings of one item")
        _ = try? item.elements("fuzz").first?.wideNumber("fuzz")
    case 1:
        guard let transaction = try? SignedTransaction(decoding: bytes) else { return }
        precondition(transaction.raw == bytes, "two encodings of one transaction")
    case 2:
        guard let record = try? OutboxRecord(decoding: bytes) else { return }
        precondition(record.encoded == bytes, "two encodings of one outbox record")
    default:
        guard let cursor = try? ChainCursor(decoding: bytes) else { return }
        precondition(cursor.encoded == bytes, "two encodings of one cursor")
    }
}

private let member: [ABIType] = [.address, .word, .bytes, .string]

private let abiTypes: [[ABIType]] = [
    [.uint(8), .uint(256), .bool, .address, .word],
    [.bytes, .string],
    [.list(.uint(64)), .list(.bytes)],
    [.list(.tuple([.address, .bytes])), .tuple([.uint(16), .list(.list(.string))])],
    [.tuple([]), .list(.tuple([]))],
    [.word, .uint(16), .list(.tuple(member))],
]

/// Whatever decodes is the encoding of what it decodes to; logs and calls of the registry are read.
func fuzzABI(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    let selection = selector % (abiTypes.count + 5)
    if abiTypes.indices.contains(selection) {
        guard let values = try? ABIDecoder.decode(abiTypes[selection], from: bytes) else { return }
        precondition(ABIValue.tuple(values).encoded == bytes, "two ABI encodings of one value")
        return
    }
    switch selection - abiTypes.count {
    case 0:
        guard let call = try? RegistryCall(data: bytes) else { return }
        precondition(call.data == bytes, "two encodings of one call")
    case 1:
        _ = try? RegistryState(
            results: bytes.split(separator: 0xFF, omittingEmptySubsequences: false).map(Array.init)
        )
    case let event:
        // As many indexed parameters as the event has stand before the data.
        let words = (0..<event - 1).compactMap { Digest(bytes.dropFirst(32 * $0).prefix(32)) }
        let log = Log(
            address: Address(),
            topics: [RegistryEvent.topics[event - 2]] + words,
            data: Array(bytes.dropFirst(32 * words.count)),
            block: BlockReference(number: 1, hash: Digest()),
            transaction: Digest(),
            index: 0
        )
        _ = try? RegistryEvent(log)
    }
}

/// Whatever is read as JSON is, once written, read as the same value.
func fuzzJSON(_ input: [UInt8]) {
    guard let value = try? JSONParser.parse(input) else { return }
    guard let again = try? JSONParser.parse(value.encoded) else {
        preconditionFailure("JSON of ours that we do not read")
    }
    precondition(again == value, "JSON changes on its way")
}

private let queries: [RPCQuery] = [
    .chainId, .header(.latest), .header(.number(1)), .header(.hash(Digest())), .code(Address()),
    .balance(Address(), at: Digest()), .nonce(Address(), at: Digest()),
    .call(to: Address(), from: nil, data: [], at: Digest()),
    .logs(LogFilter(.range(0...100), address: Address(), topics: RegistryEvent.topics)),
    .receipt(Digest()), .feeHistory(4), .send([], hash: Digest()),
]

/// A reply to each query alone, and to some together.
func fuzzRPC(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    let selection = selector % (queries.count + 1)
    let batch = RPCBatch(
        queries.indices.contains(selection) ? [queries[selection]] : Array(queries.prefix(3))
    )
    guard let outcomes = try? batch.outcomes(of: bytes) else { return }
    precondition(outcomes.count == batch.queries.count, "an answer too many or too few")
    for case .success(let value) in outcomes {
        switch value {
        case .logs(let logs): for log in logs { _ = try? RegistryEvent(log) }
        case .header(let header?): _ = header.nextBaseFee
        case .fees(let fees):
            _ = FeePolicy().offer(nextBaseFee: fees.nextBaseFee, history: fees)
        default: break
        }
    }
}
