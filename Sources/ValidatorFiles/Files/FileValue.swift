internal import Cryptography
internal import Ethereum
internal import Primitives

/// A value of a JSON file with its place, read strictly.
struct FileValue {
    let json: JSON
    let place: String

    /// Reads a whole file.
    static func read(_ bytes: [UInt8], atMost limit: Int) throws(FileFault) -> FileValue {
        guard bytes.count <= limit else {
            throw FileFault(
                "",
                "the file has \(bytes.count) bytes, more than the \(limit) that such a file can need",
                remedy: "check that it is the right file, or split it"
            )
        }
        do {
            return FileValue(json: try JSONParser.parse(bytes), place: "")
        } catch {
            throw FileFault("", "\(error)", remedy: Remedy.fetchAgain)
        }
    }

    /// The refusal of this value.
    func fault(_ problem: String, remedy: String = Remedy.fetchAgain) -> FileFault {
        FileFault(place, problem, remedy: remedy)
    }

    /// What stands here, short enough for a message.
    private var shown: String {
        switch json {
        case .string(let text): "\"" + text.prefix(40) + (text.count > 40 ? "…\"" : "\"")
        case .number(let digits): String(digits.prefix(40))
        default: json.kind
        }
    }

    private func shape(_ expected: String) -> FileFault {
        fault("should be \(expected), it is \(shown)")
    }

    /// The members of an object that has no other than these names.
    func object(_ names: [String], optional: [String] = []) throws(FileFault) -> FileObject {
        guard case .object(let members) = json else { throw shape("an object") }
        if let stranger = members.keys.sorted().first(where: { !names.contains($0) && !optional.contains($0) }
        ) {
            throw fault(
                "has a member \"\(stranger.prefix(40))\" that this kind of file does not know",
                remedy: "check which program made it; a newer form needs a newer version of this program"
            )
        }
        if let missing = names.first(where: { members[$0] == nil }) {
            throw fault("lacks the member \"\(missing)\"")
        }
        return FileObject(members: members, place: place)
    }

    /// The elements of a list whose length lies within bounds.
    func list(_ bounds: ClosedRange<Int>) throws(FileFault) -> [FileValue] {
        guard case .array(let elements) = json else { throw shape("a list") }
        guard bounds.contains(elements.count) else {
            throw fault("has \(elements.count) elements, not \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return elements.enumerated().map { FileValue(json: $1, place: place + "[\($0)]") }
    }

    /// A text of at most so many bytes.
    func text(atMost limit: Int) throws(FileFault) -> String {
        guard case .string(let text) = json else { throw shape("a text") }
        guard text.utf8.count <= limit else {
            throw fault("has \(text.utf8.count) bytes, more than \(limit)")
        }
        return text
    }

    /// A whole number without sign, point or exponent.
    func number() throws(FileFault) -> UInt64 {
        guard case .number(let digits) = json, let number = UInt64(digits) else {
            throw shape("a whole number of at most 64 bits")
        }
        return number
    }

    /// A whole number written as a text, as the beacon chain's interface does; no leading zeros.
    func decimalText() throws(FileFault) -> UInt64 {
        guard case .string(let text) = json, let number = UInt64(text), String(number) == text else {
            throw shape("a whole number of at most 64 bits in quotation marks")
        }
        return number
    }

    /// `true` or `false`.
    func flag() throws(FileFault) -> Bool {
        guard case .bool(let flag) = json else { throw shape("true or false") }
        return flag
    }

    /// How bytes are written in hexadecimal.
    enum Prefix {
        case none, required, either
    }

    /// Bytes in hexadecimal of a length within bounds.
    func bytes(_ bounds: ClosedRange<Int>, prefix: Prefix) throws(FileFault) -> [UInt8] {
        let expected =
            bounds.count == 1 ? "\(bounds.lowerBound)" : "\(bounds.lowerBound) to \(bounds.upperBound)"
        let wanted = "\(expected) bytes in hexadecimal" + (prefix == .required ? " after 0x" : "")
        guard case .string(let text) = json, text.utf8.count <= 2 + 2 * bounds.upperBound else {
            throw shape(wanted)
        }
        let isPrefixed = text.hasPrefix("0x")
        guard prefix == .either || isPrefixed == (prefix == .required) else {
            throw shape(wanted + (isPrefixed ? ", without 0x" : ""))
        }
        guard let bytes = Hex.decode(text), bounds.contains(bytes.count) else { throw shape(wanted) }
        return bytes
    }

    /// Exactly as many bytes as the type has, in hexadecimal.
    func fixed<Tag, let count: Int>(
        prefix: Prefix,
        as type: FixedBytes<Tag, count>.Type = FixedBytes<Tag, count>.self
    ) throws(FileFault) -> FixedBytes<Tag, count> {
        guard let fixed = FixedBytes<Tag, count>(try bytes(count...count, prefix: prefix)) else {
            throw shape("\(count) bytes")
        }
        return fixed
    }

    /// An address whose capitals, where there are both, are those of EIP-55.
    func address() throws(FileFault) -> Address {
        guard let address = Address(checked: try text(atMost: 42)) else {
            throw fault(
                "is no address, or its capitals are not those of EIP-55",
                remedy: "compare it with the address that was meant: a typing error shows so"
            )
        }
        return address
    }
}

/// The members of an object that was checked for names.
struct FileObject {
    fileprivate let members: [String: JSON]
    let place: String

    /// A member that must be there.
    func callAsFunction(_ name: String) -> FileValue {
        FileValue(json: members[name] ?? .null, place: place.isEmpty ? name : place + "." + name)
    }

    /// A member that may be missing or `null`.
    func optional(_ name: String) -> FileValue? {
        guard let member = members[name], member != .null else { return nil }
        return FileValue(json: member, place: place.isEmpty ? name : place + "." + name)
    }
}
