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

    @Test(arguments: [0, 31, 63])
    func `one differing bit makes secrets differ`(index: Int) {
        let zeros = unsafe SecretBytes(count: 64) { _ in }
        let other = unsafe SecretBytes(count: 64) { unsafe $0[index] = 0x80 }
        #expect(zeros != other)
    }

    @Test func `secrets of different lengths differ`() {
        #expect(unsafe SecretBytes(count: 32) { _ in } != SecretBytes(count: 33) { _ in })
    }

    @Test func `begins as zeros whatever its slot held before`() {
        for round in 0..<2_000 {
            let count = 1 + round % 200
            let secret = unsafe SecretBytes(count: count) { buffer in
                #expect(unsafe buffer.count == count && buffer.allSatisfy { $0 == 0 })
                for index in buffer.indices { unsafe buffer[index] = 0xA5 }
            }
            #expect(unsafe secret.withUnsafeBytes { unsafe $0.allSatisfy { $0 == 0xA5 } })
        }
    }

    @Test func `tells nothing in descriptions, mirrors and dumps`() {
        let secret = unsafe SecretBytes(count: 4) { buffer in
            for index in 0..<4 { unsafe buffer[index] = 0x5A }
        }
        var dumped = ""
        dump(secret, to: &dumped)
        #expect("\(secret)" == "(secret)")
        #expect(String(reflecting: secret) == "(secret)")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(!dumped.contains("5a") && !dumped.contains("90") && !dumped.contains("pointer"))
    }

    @Test func `keeps many secrets apart`() {
        let secrets = (0..<3_000).map { number in
            unsafe SecretBytes(count: 8) { unsafe $0.storeBytes(of: UInt64(number), as: UInt64.self) }
        }
        for (number, secret) in secrets.enumerated() {
            #expect(unsafe secret.withUnsafeBytes { unsafe $0.load(as: UInt64.self) } == UInt64(number))
        }
    }

    @Test func `serves many threads at once`() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<500).allSatisfy { round in
                        let byte = UInt8(truncatingIfNeeded: task * 31 + round)
                        let secret = unsafe SecretBytes(count: 1 + round % 130) { buffer in
                            for index in buffer.indices { unsafe buffer[index] = byte }
                        }
                        return unsafe secret.withUnsafeBytes { unsafe $0.allSatisfy { $0 == byte } }
                    }
                }
            }
            for await intact in group { #expect(intact) }
        }
    }

    @Test func `has no secrets of zero or too many bytes`() async {
        await #expect(processExitsWith: .failure) { _ = unsafe SecretBytes(count: 0) { _ in } }
        await #expect(processExitsWith: .failure) {
            _ = unsafe SecretBytes(count: SecretMemory.greatestLength + 1) { _ in }
        }
    }
}
