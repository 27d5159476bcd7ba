import Primitives
import Testing

@testable import Cryptography

/// Hexadecimal text of secrets; that exactly the digits are read is tried with the files that need it.
@Suite struct SecretHexTests {
    private func secret(_ bytes: [UInt8]) -> SecretBytes {
        unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }

    @Test func `every byte is written as others write it, and read in either case and with a prefix`() {
        for start in stride(from: 0, to: 256, by: 32) {
            let bytes = (start..<start + 32).map { UInt8($0) }
            let text = SecretHex.encode(secret(bytes))
            #expect(text == RSATests.secret(Hex.encode(bytes)))
            #expect(SecretHex.decode(text) == secret(bytes))
            #expect(SecretHex.decode(RSATests.secret(Hex.encode(bytes).uppercased())) == secret(bytes))
            #expect(SecretHex.decode(RSATests.secret("0x" + Hex.encode(bytes))) == secret(bytes))
        }
    }
}
