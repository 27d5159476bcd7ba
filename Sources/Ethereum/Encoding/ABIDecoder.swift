package import Primitives

/// Why bytes are no encoding of a value of the type.
package enum ABIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes stop within the value.
    case truncated
    /// More follows the value.
    case trailing(Int)
    /// A number is too great for its type, a flag neither 0 nor 1, or padding is not zero.
    case outOfRange(ABIType)
    /// A tail does not stand where the one before it ends.
    case offset(UInt256)
    /// A `string` is not UTF-8.
    case notUTF8
    /// The log or result is not of the kind that was asked for.
    case unexpected(String)

    package var description: String {
        switch self {
        case .truncated: "the ABI encoding ends within a value"
        case .trailing(let count): "\(count) bytes follow the ABI encoding"
        case .outOfRange(let type): "a value is out of range for \(type)"
        case .offset(let offset): "a tail of the ABI encoding is said to stand at \(offset), where it may not"
        case .notUTF8: "a string of the ABI encoding is not UTF-8"
        case .unexpected(let what): what
        }
    }
}

/// Reads the one encoding that Solidity and Vyper write.
///
/// Looser encodings, in which tails overlap or leave gaps, are refused: nobody honest writes them, and a
/// few kilobytes of them describe gigabytes of values. Time and memory are linear in the bytes.
package struct ABIDecoder {
    private let bytes: ArraySlice<UInt8>

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// The values of these types, encoded as parameters.
    package static func decode(_ types: [ABIType], from bytes: [UInt8]) throws(ABIError) -> [ABIValue] {
        let (values, end) = try ABIDecoder(bytes[...]).sequence(types.count) { types[$0] }
        guard end == bytes.count else { throw .trailing(bytes.count - end) }
        return values
    }

    /// Values of the types in a row, and how many bytes they and their tails take.
    private func sequence(
        _ count: Int,
        _ type: (Int) -> ABIType
    ) throws(ABIError) -> (values: [ABIValue], end: Int) {
        var tail = 0
        for index in 0..<count {
            tail += type(index).headSize
            // Stops a count of billions before anything is read or kept for it.
            guard tail <= bytes.count else { throw .truncated }
        }
        var values: [ABIValue] = []
        values.reserveCapacity(count)
        var head = 0
        for index in 0..<count {
            let type = type(index)
            if type.isDynamic {
                let offset = UInt256(bigEndian: try word(at: head))
                guard offset == UInt256(UInt64(tail)) else { throw .offset(offset) }
                let (value, size) = try self.from(tail).dynamic(type)
                values.append(value)
                tail += size
            } else {
                values.append(try from(head).fixed(type))
            }
            head += type.headSize
        }
        return (values, tail)
    }

    private func dynamic(_ type: ABIType) throws(ABIError) -> (value: ABIValue, size: Int) {
        switch type {
        case .bytes:
            let (bytes, size) = try padded(type)
            return (.bytes(Array(bytes)), size)
        case .string:
            let (bytes, size) = try padded(type)
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
            return (.string(text), size)
        case .list(let element):
            let count = try count()
            let (values, end) = try from(32).sequence(count) { _ in element }
            return (.list(values), 32 + end)
        case .tuple(let members):
            let (values, end) = try sequence(members.count) { members[$0] }
            return (.tuple(values), end)
        case .uint, .address, .bool, .word:
            return (try fixed(type), 32)
        }
    }

    private func fixed(_ type: ABIType) throws(ABIError) -> ABIValue {
        switch type {
        case .uint(let bits):
            let number = UInt256(bigEndian: try word(at: 0))
            guard number.bitCount <= bits else { throw .outOfRange(type) }
            return .number(number)
        case .bool:
            let number = UInt256(bigEndian: try word(at: 0))
            guard number <= 1 else { throw .outOfRange(type) }
            return .bool(number == 1)
        case .address:
            let word = try word(at: 0)
            var address = Address()
            for index in 0..<20 { address[index] = word[index + 12] }
            guard (0..<12).allSatisfy({ word[$0] == 0 }) else { throw .outOfRange(type) }
            return .address(address)
        case .word: return .word(try word(at: 0))
        case .tuple(let members): return .tuple(try sequence(members.count) { members[$0] }.values)
        case .bytes, .string, .list: return try dynamic(type).value
        }
    }

    private func padded(_ type: ABIType) throws(ABIError) -> (bytes: ArraySlice<UInt8>, size: Int) {
        let count = try count()
        let (sum, overflow) = count.addingReportingOverflow(31)
        guard !overflow, 32 + sum / 32 * 32 <= bytes.count else { throw .truncated }
        let size = 32 + sum / 32 * 32
        let start = bytes.startIndex + 32
        guard bytes[start + count..<bytes.startIndex + size].allSatisfy({ $0 == 0 }) else {
            throw .outOfRange(type)
        }
        return (bytes[start..<start + count], size)
    }

    private func count() throws(ABIError) -> Int {
        let number = UInt256(bigEndian: try word(at: 0))
        guard let small = number.asUInt64, let count = Int(exactly: small), count <= bytes.count else {
            throw .truncated
        }
        return count
    }

    private func from(_ offset: Int) -> ABIDecoder {
        ABIDecoder(bytes.dropFirst(offset))
    }

    private func word(at offset: Int) throws(ABIError) -> Digest {
        guard let word = Digest(bytes.dropFirst(offset).prefix(32)) else { throw .truncated }
        return word
    }
}

/// Typed access to decoded values; the decoder has already made sure of the kinds.
extension ABIValue {
    /// The number of a `uint`, or the error that names what it was for.
    package func asNumber(_ what: String) throws(ABIError) -> UInt256 {
        guard case .number(let number) = self else { throw .unexpected("\(what) is no number") }
        return number
    }

    /// The number of a `uint` of at most 64 bits.
    package func asUInt64(_ what: String) throws(ABIError) -> UInt64 {
        guard let number = try asNumber(what).asUInt64 else { throw .unexpected("\(what) exceeds 64 bits") }
        return number
    }

    /// The account of an `address`.
    package func asAddress(_ what: String) throws(ABIError) -> Address {
        guard case .address(let address) = self else { throw .unexpected("\(what) is no address") }
        return address
    }

    /// The bytes of a `bytes32`.
    package func asWord(_ what: String) throws(ABIError) -> Digest {
        guard case .word(let word) = self else { throw .unexpected("\(what) is no bytes32") }
        return word
    }

    /// The truth of a `bool`.
    package func asBool(_ what: String) throws(ABIError) -> Bool {
        guard case .bool(let value) = self else { throw .unexpected("\(what) is no bool") }
        return value
    }

    /// The bytes of a `bytes`.
    package func asBytes(_ what: String) throws(ABIError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw .unexpected("\(what) is no bytes") }
        return bytes
    }

    /// The text of a `string`.
    package func asString(_ what: String) throws(ABIError) -> String {
        guard case .string(let text) = self else { throw .unexpected("\(what) is no string") }
        return text
    }

    /// The elements of a list or the members of a struct, exactly `count` of them when given.
    package func asElements(_ what: String, count: Int? = nil) throws(ABIError) -> [ABIValue] {
        switch self {
        case .list(let elements), .tuple(let elements):
            guard count == nil || count == elements.count else {
                throw .unexpected("\(what) has \(elements.count) members")
            }
            return elements
        default: throw .unexpected("\(what) has no members")
        }
    }
}
