/// Hexadecimal text of secrets, without branches or tables that depend on them.
package enum SecretHex {
    /// Two lower-case digits a byte, no prefix.
    package static func encode(_ secret: SecretBytes) -> SecretBytes {
        unsafe SecretBytes(count: 2 * secret.count) { output in
            unsafe secret.withUnsafeBytes { input in
                for index in 0..<input.count {
                    unsafe output[2 * index] = digit(input[index] >> 4)
                    unsafe output[2 * index + 1] = digit(input[index] & 15)
                }
            }
        }
    }

    /// Reads an even number of digits of either case after an optional `0x`; `nil` for anything else.
    package static func decode(_ text: SecretBytes) -> SecretBytes? {
        unsafe text.withUnsafeBytes { input -> SecretBytes? in
            let isPrefixed =
                unsafe input.count >= 2 && input[0] == UInt8(ascii: "0") && input[1] == UInt8(ascii: "x")
            let start = isPrefixed ? 2 : 0
            guard input.count > start, input.count.isMultiple(of: 2) else { return nil }
            var fault: UInt8 = 0
            let secret = unsafe SecretBytes(count: (input.count - start) / 2) { output in
                for index in 0..<output.count {
                    let high = value(unsafe input[start + 2 * index], &fault)
                    let low = value(unsafe input[start + 2 * index + 1], &fault)
                    unsafe output[index] = high << 4 | low
                }
            }
            return fault == 0 ? secret : nil
        }
    }

    /// `0`…`9` for less than ten, else `a`…`f`.
    private static func digit(_ value: UInt8) -> UInt8 {
        // 39 is the gap between the character after 9 and a; the borrow of 9 - value says on which side we are.
        let borrow = (9 &- Int8(value)) >> 7
        return value &+ UInt8(ascii: "0") &+ (UInt8(bitPattern: borrow) & 39)
    }

    private static func value(_ digit: UInt8, _ fault: inout UInt8) -> UInt8 {
        let character = Int16(digit)
        let decimal = within(character, 0x30, 0x39)
        let lower = within(character, 0x61, 0x66)
        let upper = within(character, 0x41, 0x46)
        fault |= ~(decimal | lower | upper)
        return (digit &- 0x30) & decimal | (digit &- 0x57) & lower | (digit &- 0x37) & upper
    }

    /// All bits set when the character lies between two others.
    private static func within(_ character: Int16, _ low: Int16, _ high: Int16) -> UInt8 {
        ~UInt8(truncatingIfNeeded: ((character &- low) | (high &- character)) >> 15)
    }
}
