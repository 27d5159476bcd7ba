internal import Primitives

/// The hexadecimal text of a number in Ethereum's JSON-RPC: `0x`, no leading zeros, `0x0` for zero.
package enum Quantity {
    /// The text of a number.
    package static func text(_ number: UInt64) -> String {
        "0x" + String(number, radix: 16)
    }

    /// The text of a number.
    package static func text(_ number: UInt256) -> String {
        let digits = number.bigEndian.hex.drop { $0 == "0" }
        return digits.isEmpty ? "0x0" : "0x" + digits
    }

    /// Reads a number of at most 256 bits.
    ///
    /// `nil` for a sign, a missing prefix, no digits, leading zeros or more than 64 digits.
    package static func number(_ text: String) -> UInt256? {
        var digits = Array(text.utf8)[...]
        guard digits.starts(with: "0x".utf8) else { return nil }
        digits = digits.dropFirst(2)
        guard let first = digits.first, digits.count <= 64 else { return nil }
        guard first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var value: UInt256 = 0
        for digit in digits {
            guard let nibble = nibble(digit) else { return nil }
            value = value * 16 + UInt256(nibble)
        }
        return value
    }

    private static func nibble(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
