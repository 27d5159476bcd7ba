import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct KeccakTests {
    private struct Cases: Decodable {
        struct Repeated: Decodable {
            let byte: UInt8
            let count: Int
            let digest: String
        }
        let message: String
        let prefixDigests: [String]
        let repeated: [Repeated]
    }

    @Test func `differs from SHA-3 in its padding`() {
        let empty = Keccak256.hash([])
        #expect(empty.hex == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    }

    @Test func `gives the known answers`() {
        #expect(
            Keccak256.hash(Array("abc".utf8)).hex
                == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
        )
        #expect(
            Keccak256.hash(Array("Transfer(address,address,uint256)".utf8)).hex
                == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
        )
    }

    @Test func `hashes messages of every length up to three blocks`() throws {
        let cases: Cases = try Fixture.load("ethereum/keccak.json")
        let message = try #require(Hex.decode(cases.message))
        try #require(cases.prefixDigests.count == message.count + 1)
        for (length, digest) in cases.prefixDigests.enumerated() {
            #expect(Keccak256.hash(Array(message.prefix(length))) == Digest(hex: digest))
        }
        for repeated in cases.repeated {
            let message = [UInt8](repeating: repeated.byte, count: repeated.count)
            #expect(Keccak256.hash(message) == Digest(hex: repeated.digest))
        }
    }

    @Test func `does not care how a message is cut`() {
        let message = (0..<700).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let whole = Keccak256.hash(message)
        for step in [1, 3, 7, 8, 9, 135, 136, 137, 271] {
            var hash = Keccak256()
            for start in stride(from: 0, to: message.count, by: step) {
                hash.update(Array(message[start..<min(start + step, message.count)]))
            }
            #expect(hash.finalize() == whole)
        }
    }
}
