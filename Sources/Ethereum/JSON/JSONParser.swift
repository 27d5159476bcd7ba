/// Why bytes are no JSON that this node reads.
package enum JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something else stands at this offset than JSON's grammar allows.
    case syntax(offset: Int)
    /// The bytes stop within a value.
    case unexpectedEnd
    /// More follows the value.
    case trailing(offset: Int)
    /// Arrays and objects within one another beyond ``JSONParser/maxDepth``.
    case tooDeep(offset: Int)
    /// More values than ``JSONParser/maxValues``.
    case tooMany
    /// An object has two members of one name.
    case duplicateName(String)

    package var description: String {
        switch self {
        case .syntax(let offset): "no JSON at byte \(offset)"
        case .unexpectedEnd: "the JSON ends too early"
        case .trailing(let offset): "the JSON goes on after its value, at byte \(offset)"
        case .tooDeep(let offset): "the JSON nests more than \(JSONParser.maxDepth) levels at byte \(offset)"
        case .tooMany: "the JSON has more than \(JSONParser.maxValues) values"
        case .duplicateName(let name): "a JSON object names \(name) twice"
        }
    }
}

/// Reads JSON from a stranger: strict, and bounded in depth and count.
///
/// The number of bytes is for the caller to bound. Time and memory are linear in it.
package struct JSONParser: ~Copyable {
    /// How deep values nest at most.
    package static let maxDepth = 16
    /// How many values there are at most, members and elements included.
    package static let maxValues = 1_000_000

    private let bytes: [UInt8]
    private var offset = 0
    private var values = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one value and the white space around it.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.offset == bytes.count else { throw .trailing(offset: parser.offset) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        values += 1
        guard values <= Self.maxValues else { throw .tooMany }
        guard depth <= Self.maxDepth else { throw .tooDeep(offset: offset) }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            offset += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw .syntax(offset: offset) }
            let name = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: name) == nil else { throw .duplicateName(name) }
            skipSpace()
            if try peek() == UInt8(ascii: "}") { break }
            try expect(UInt8(ascii: ","))
        }
        offset += 1
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var elements: [JSON] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            offset += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if try peek() == UInt8(ascii: "]") { break }
            try expect(UInt8(ascii: ","))
        }
        offset += 1
        return .array(elements)
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount { try expect(unsafe word.utf8Start[index]) }
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = offset
        if try peek() == UInt8(ascii: "-") { offset += 1 }
        if try peek() == UInt8(ascii: "0") { offset += 1 } else { try digits() }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            offset += 1
        }
        guard offset > start else { throw offset < bytes.count ? .syntax(offset: offset) : .unexpectedEnd }
    }

    private mutating func string() throws(JSONError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        while true {
            let byte = try peek()
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .syntax(offset: start)
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escaped())
            case 0..<0x20: throw .syntax(offset: offset - 1)
            default: text.append(byte)
            }
        }
    }

    private mutating func escaped() throws(JSONError) -> [UInt8] {
        let byte = try peek()
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
        default: throw .syntax(offset: offset - 1)
        }
    }

    /// The character of `\uXXXX`, two of them where the first is half of a pair.
    private mutating func scalar() throws(JSONError) -> Character {
        let start = offset
        var value = UInt32(try unit())
        if (0xD800..<0xDC00).contains(value) {
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            let low = UInt32(try unit())
            guard (0xDC00..<0xE000).contains(low) else { throw .syntax(offset: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw .syntax(offset: start) }
        return Character(scalar)
    }

    private mutating func unit() throws(JSONError) -> UInt16 {
        guard offset + 4 <= bytes.count else { throw .unexpectedEnd }
        var unit: UInt16 = 0
        for digit in bytes[offset..<offset + 4] {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw .syntax(offset: offset)
            }
            unit = unit << 4 | UInt16(value)
        }
        offset += 4
        return unit
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw .unexpectedEnd }
        return bytes[offset]
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try peek() == byte else { throw .syntax(offset: offset) }
        offset += 1
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }
}
