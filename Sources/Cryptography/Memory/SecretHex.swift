/// Hexadecimal text of secrets, without branches or lookups that depend on its digits.
package enum SecretHex {
    /// The 32 bytes of 64 digits of either case after an optional `0x`; `nil` for anything else.
    package static func decode(_ text: SecretBytes) -> SecretBytes? {
        unsafe text.withUnsafeBytes { text in
            // Whether a prefix is there shows in the length.
            let start = text.count == 66 ? 2 : 0
            guard text.count - start == 64 else { return nil }
            var wrong: UInt32 = 0
            if start == 2 { wrong |= unsafe UInt32(text[0] ^ 0x30) | UInt32((text[1] | 0x20) ^ 0x78) }
            let bytes = unsafe SecretBytes(count: 32) { bytes in
                for index in 0..<32 {
                    let high = unsafe digit(text[start + 2 * index], &wrong)
                    let low = unsafe digit(text[start + 2 * index + 1], &wrong)
                    unsafe bytes[index] = high << 4 | low
                }
            }
            return wrong == 0 ? bytes : nil
        }
    }

    /// The value of a digit; sets bits of `wrong` for any other character.
    private static func digit(_ character: UInt8, _ wrong: inout UInt32) -> UInt8 {
        let character = UInt32(character)
        let number = character ^ 0x30
        let letter = (character & ~0x20) &- 55
        // All ones where the value is in range: the subtraction borrows.
        let isNumber = (number &- 10) >> 8
        let isLetter = ((letter &- 10) ^ (letter &- 16)) >> 8
        wrong |= ~(isNumber | isLetter) & 1
        return UInt8(truncatingIfNeeded: (isNumber & number) | (isLetter & letter))
    }

    /// Two lower-case digits a byte, no prefix.
    package static func encode(_ secret: SecretBytes) -> SecretBytes {
        unsafe SecretBytes(count: 2 * secret.count) { text in
            unsafe secret.withUnsafeBytes { bytes in
                for index in 0..<bytes.count {
                    unsafe text[2 * index] = character(bytes[index] >> 4)
                    unsafe text[2 * index + 1] = character(bytes[index] & 15)
                }
            }
        }
    }

    /// The digit of a value below 16.
    private static func character(_ value: UInt8) -> UInt8 {
        // From ten on the subtraction borrows, and 39 is the gap between the character after 9 and a.
        value &+ 0x30 &+ (UInt8(bitPattern: (9 &- Int8(bitPattern: value)) >> 7) & 39)
    }
}
