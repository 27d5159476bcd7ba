/// JSON to write, members in the order in which the tools of the trade write them.
package indirect enum FileText: Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case number(UInt64)
    /// `true` or `false`.
    case flag(Bool)
    /// `null`.
    case null
    /// A list.
    case list([FileText])
    /// Members in order.
    case object([(name: String, value: FileText)])

    /// How white space stands between values.
    package enum Style: Sendable {
        /// None, and a line feed at the end, as Go's encoder writes.
        case compact
        /// A space after every comma and colon, as Python's `json.dump` writes.
        case spaced
    }

    /// The bytes of the file.
    package func encoded(_ style: Style) -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, space: style == .spaced ? " " : "")
        if style == .compact { bytes.append(UInt8(ascii: "\n")) }
        return bytes
    }

    private func write(to bytes: inout [UInt8], space: String) {
        switch self {
        case .null: bytes += Array("null".utf8)
        case .flag(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .number(let number): bytes += Array(String(number).utf8)
        case .text(let text): Self.quote(text, to: &bytes)
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes += Array(("," + space).utf8) }
                element.write(to: &bytes, space: space)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes += Array(("," + space).utf8) }
                Self.quote(member.name, to: &bytes)
                bytes += Array((":" + space).utf8)
                member.value.write(to: &bytes, space: space)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func quote(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
