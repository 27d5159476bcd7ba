import Cryptography
import Primitives
import Testing

@Suite struct NoiseCipherStateTests {
    private static func pair(nonce: UInt64 = 0) throws -> Pair {
        let key = try secret(String(repeating: "ab", count: 32))
        return Pair(
            sealing: CipherState(key: key, nonce: nonce),
            opening: CipherState(key: key, nonce: nonce)
        )
    }

    struct Pair: ~Copyable {
        var sealing: CipherState
        var opening: CipherState
    }

    @Test(arguments: [0, 1, 15, 16, 17, 64, 1_000, 16_384, 65_519])
    func `opens what was sealed`(count: Int) throws {
        var pair = try Self.pair()
        let plaintext = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for _ in 0..<3 {
            let sealed = try pair.sealing.seal(plaintext)
            #expect(sealed.count == count + 16)
            #expect(try pair.opening.open(sealed) == plaintext)
        }
        #expect(pair.sealing.nonce == 3)
        #expect(pair.opening.nonce == 3)
    }

    @Test func `refuses any changed bit, any cut and any replay`() throws {
        var pair = try Self.pair()
        let sealed = try pair.sealing.seal([1, 2, 3, 4, 5])
        for bit in 0..<(sealed.count * 8) {
            var changed = sealed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: NoiseError.notAuthentic) { try pair.opening.open(changed) }
        }
        for count in 0..<sealed.count {
            #expect(throws: NoiseError.notAuthentic) { try pair.opening.open(Array(sealed.prefix(count))) }
        }
        #expect(try pair.opening.open(sealed) == [1, 2, 3, 4, 5])
        #expect(throws: NoiseError.notAuthentic) { try pair.opening.open(sealed) }
    }

    @Test func `refuses messages out of order`() throws {
        var pair = try Self.pair()
        _ = try pair.sealing.seal([1])
        let second = try pair.sealing.seal([2])
        #expect(throws: NoiseError.notAuthentic) { try pair.opening.open(second) }
    }

    @Test func `stops before the nonces are used up`() throws {
        var pair = try Self.pair(nonce: CipherState.nonceLimit - 1)
        let last = try pair.sealing.seal([1])
        #expect(try pair.opening.open(last) == [1])
        #expect(throws: NoiseError.exhausted) { try pair.sealing.seal([2]) }
        #expect(throws: NoiseError.exhausted) { try pair.opening.open(last) }
        #expect(pair.sealing.nonce == 1 << 63)
    }

    @Test func `goes on with another key and the same count after rekeying`() throws {
        var pair = try Self.pair()
        _ = try pair.opening.open(pair.sealing.seal([1]))
        pair.sealing.rekey()
        let sealed = try pair.sealing.seal([2])
        #expect(throws: NoiseError.notAuthentic) { try pair.opening.open(sealed) }
        pair.opening.rekey()
        #expect(try pair.opening.open(sealed) == [2])
        #expect(pair.sealing.nonce == 2)
    }
}
