package import Primitives

/// A value of an ``ABIType``.
package enum ABIValue: Hashable, Sendable {
    /// A `uint` of any width.
    case number(UInt256)
    /// An `address`.
    case address(Address)
    /// A `bool`.
    case bool(Bool)
    /// A `bytes32`.
    case word(Digest)
    /// A `bytes`.
    case bytes([UInt8])
    /// A `string`.
    case string(String)
    /// A `T[]`.
    case list([ABIValue])
    /// A struct, or the parameters of a call.
    case tuple([ABIValue])

    /// A number of at most 64 bits.
    package static func number(_ number: UInt64) -> ABIValue { .number(UInt256(number)) }

    private var isDynamic: Bool {
        switch self {
        case .number, .address, .bool, .word: false
        case .bytes, .string, .list: true
        case .tuple(let members): members.contains(where: \.isDynamic)
        }
    }

    /// The standard encoding, as Solidity's `abi.encode` of the value gives it for parameters.
    ///
    /// For a ``tuple(_:)`` this is the encoding of its members as parameters, without an offset before it.
    package var encoded: [UInt8] {
        switch self {
        case .number(let number): return number.bigEndian.array
        case .address(let address): return [UInt8](repeating: 0, count: 12) + address.array
        case .bool(let value): return UInt256(value ? 1 : 0).bigEndian.array
        case .word(let word): return word.array
        case .bytes(let bytes): return Self.padded(bytes)
        case .string(let text): return Self.padded(Array(text.utf8))
        case .list(let elements): return Self.count(elements.count) + Self.sequence(elements)
        case .tuple(let members): return Self.sequence(members)
        }
    }

    /// Heads of all, then the tails of those that are dynamic.
    private static func sequence(_ values: [ABIValue]) -> [UInt8] {
        let encodings = values.map(\.encoded)
        var tailOffset = 0
        for (value, encoding) in zip(values, encodings) {
            tailOffset += value.isDynamic ? 32 : encoding.count
        }
        var heads: [UInt8] = []
        var tails: [UInt8] = []
        for (value, encoding) in zip(values, encodings) {
            if value.isDynamic {
                heads += count(tailOffset + tails.count)
                tails += encoding
            } else {
                heads += encoding
            }
        }
        return heads + tails
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        count(bytes.count) + bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }

    private static func count(_ count: Int) -> [UInt8] {
        UInt256(UInt64(count)).bigEndian.array
    }
}
