import Cryptography
import Testing

@Suite struct SecretBytesTests {
    @Test func `equal bytes are equal secrets`() {
        var random = SystemRandom()
        let secret = SecretBytes(count: 32, random: &random)
        let copy = unsafe secret.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
        #expect(secret == copy)
        #expect(secret != SecretBytes(count: 32, random: &random))
    }
}
