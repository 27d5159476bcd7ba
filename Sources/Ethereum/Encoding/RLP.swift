/// An item of RLP, the encoding of Ethereum's transactions and headers (Yellow Paper, appendix B).
package enum RLP: Hashable, Sendable {
    /// A byte string.
    case bytes([UInt8])
    /// A list of items.
    case list([RLP])

    /// A number: its bytes without leading zeros, most significant first.
    package static func number(_ number: UInt256) -> RLP { .bytes(number.minimalBytes) }

    /// A number: its bytes without leading zeros, most significant first.
    package static func number(_ number: UInt64) -> RLP { .bytes(UInt256(number).minimalBytes) }

    /// The one encoding of the item.
    package var encoded: [UInt8] {
        switch self {
        case .bytes(let bytes):
            bytes.count == 1 && bytes[0] < 0x80 ? bytes : Self.header(bytes.count, offset: 0x80) + bytes
        case .list(let items): Self.list(items.flatMap(\.encoded))
        }
    }

    private static func list(_ payload: [UInt8]) -> [UInt8] {
        header(payload.count, offset: 0xC0) + payload
    }

    private static func header(_ count: Int, offset: UInt8) -> [UInt8] {
        guard count > 55 else { return [offset + UInt8(count)] }
        let length = UInt256(UInt64(count)).minimalBytes
        return [offset + 55 + UInt8(length.count)] + length
    }
}

/// Why bytes are no RLP that this node reads.
package enum RLPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes stop within an item.
    case truncated
    /// More follows the item.
    case trailing(Int)
    /// The item has a shorter encoding, which is the only one allowed.
    case notCanonical
    /// Lists within one another beyond ``RLP/maxDepth``.
    case tooDeep
    /// More items than ``RLP/maxItems``.
    case tooMany
    /// An item is of the other kind or of another length than its place demands.
    case unexpected(String)

    package var description: String {
        switch self {
        case .truncated: "the RLP ends within an item"
        case .trailing(let count): "\(count) bytes follow the RLP item"
        case .notCanonical: "the RLP is not in its shortest form"
        case .tooDeep: "the RLP nests more than \(RLP.maxDepth) levels"
        case .tooMany: "the RLP has more than \(RLP.maxItems) items"
        case .unexpected(let place): "the RLP item for \(place) does not fit there"
        }
    }
}

extension RLP {
    /// How deep lists nest at most.
    package static let maxDepth = 64
    /// How many items there are at most in all.
    package static let maxItems = 100_000

    /// Reads one item that takes all the bytes and is in its only allowed form.
    package init(decoding bytes: [UInt8]) throws(RLPError) {
        var reader = RLPReader(rest: bytes[...])
        self = try reader.item(depth: 0)
        guard reader.rest.isEmpty else { throw .trailing(reader.rest.count) }
    }

    /// The elements of a list.
    package func elements(_ place: String) throws(RLPError) -> [RLP] {
        guard case .list(let items) = self else { throw .unexpected(place) }
        return items
    }

    /// The bytes of a byte string.
    package func data(_ place: String) throws(RLPError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw .unexpected(place) }
        return bytes
    }

    /// A number of at most 256 bits, without leading zeros.
    package func wideNumber(_ place: String) throws(RLPError) -> UInt256 {
        let bytes = try data(place)
        guard bytes.first != 0 else { throw .notCanonical }
        guard let number = UInt256(bigEndian: bytes) else { throw .unexpected(place) }
        return number
    }

    /// A number of at most 64 bits, without leading zeros.
    package func number(_ place: String) throws(RLPError) -> UInt64 {
        guard let number = try wideNumber(place).asUInt64 else { throw .unexpected(place) }
        return number
    }
}

/// Takes RLP apart from the front.
private struct RLPReader {
    var rest: ArraySlice<UInt8>
    private var items = 0

    init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    mutating func item(depth: Int) throws(RLPError) -> RLP {
        items += 1
        guard items <= RLP.maxItems else { throw .tooMany }
        guard depth <= RLP.maxDepth else { throw .tooDeep }
        guard let first = rest.popFirst() else { throw .truncated }
        switch first {
        case 0..<0x80: return .bytes([first])
        case 0x80..<0xB8:
            let bytes = try take(Int(first - 0x80))
            guard bytes.count != 1 || bytes.first.map({ $0 >= 0x80 }) == true else { throw .notCanonical }
            return .bytes(Array(bytes))
        case 0xB8..<0xC0: return .bytes(Array(try take(try length(Int(first - 0xB7)))))
        case 0xC0..<0xF8: return try list(Int(first - 0xC0), depth: depth)
        default: return try list(try length(Int(first - 0xF7)), depth: depth)
        }
    }

    private mutating func list(_ count: Int, depth: Int) throws(RLPError) -> RLP {
        let payload = try take(count)
        let after = rest
        rest = payload
        var elements: [RLP] = []
        while !rest.isEmpty { elements.append(try item(depth: depth + 1)) }
        rest = after
        return .list(elements)
    }

    private mutating func length(_ size: Int) throws(RLPError) -> Int {
        let bytes = try take(size)
        guard bytes.first != 0 else { throw .notCanonical }
        var length = 0
        for byte in bytes {
            // No input is near this long; refusing early keeps the shift below from overflowing.
            guard length < 1 << 40 else { throw .truncated }
            length = length << 8 | Int(byte)
        }
        guard length > 55 else { throw .notCanonical }
        return length
    }

    private mutating func take(_ count: Int) throws(RLPError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .truncated }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }
}
