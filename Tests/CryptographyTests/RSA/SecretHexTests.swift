import Primitives
import Testing

@testable import Cryptography

/// Hexadecimal text of secrets.
@Suite struct SecretHexTests {
    private func secret(_ bytes: [UInt8]) -> SecretBytes {
        unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }

    @Test func `every byte is written as others write it, and read in either case and with a prefix`() {
        let bytes = [UInt8](0...255)
        let text = SecretHex.encode(secret(bytes))
        #expect(text == RSATests.secret(Hex.encode(bytes)))
        #expect(SecretHex.decode(text) == secret(bytes))
        #expect(SecretHex.decode(RSATests.secret(Hex.encode(bytes).uppercased())) == secret(bytes))
        #expect(SecretHex.decode(RSATests.secret("0x" + Hex.encode(bytes))) == secret(bytes))
    }

    @Test func `every character that is no digit is refused, and so is half a byte`() {
        for character in UInt8.min...UInt8.max {
            let isDigit = Hex.decode(String(decoding: [character, 0x30], as: UTF8.self)) != nil
            #expect((SecretHex.decode(secret([character, 0x30])) != nil) == isDigit, "\(character)")
            #expect((SecretHex.decode(secret([0x30, character])) != nil) == (isDigit && character != 0x78))
        }
        for text in ["a", "0x", "0x1", "abc"] { #expect(SecretHex.decode(RSATests.secret(text)) == nil) }
    }
}
