import Primitives
import Testing

@Suite struct BytesTests {
    @Test func `hexadecimal goes both ways and refuses what is not`() {
        #expect(Hex.encode([0, 15, 255]) == "000fff")
        #expect(Hex.decode("0x000FfF") == [0, 15, 255])
        #expect(Hex.decode("") == [])
        for wrong in ["0", "0x0", "0g", " 00", "00 ", "x0", "٠٠"] {
            #expect(Hex.decode(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `a fixed byte string takes its own length only`() {
        #expect(Digest([UInt8](repeating: 1, count: 32)) != nil)
        #expect(Digest([UInt8](repeating: 1, count: 31)) == nil)
        #expect(Digest([UInt8](repeating: 1, count: 33)) == nil)
        #expect(
            Address(hex: "0x" + String(repeating: "ab", count: 20))?.hex == String(repeating: "ab", count: 20)
        )
    }

    @Test func `fixed byte strings order as their bytes do`() {
        var low = Digest()
        var high = Digest()
        low[31] = 255
        high[0] = 1
        #expect(low < high)
        #expect(!(high < low))
        #expect(!(low < low))
        #expect(Digest().isZero && !low.isZero)
    }

    @Test func `hashes the standard's examples`() {
        #expect(
            SHA256.hash([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        var hash = SHA256()
        hash.update("ab")
        hash.update(Array("c".utf8))
        #expect(
            hash.finalize().hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func `a node of a hash tree is the hash of its two children's bytes`() {
        var left = SHA256.hash([])
        for round in 0..<UInt8(64) {
            let right = SHA256.hash([round])
            #expect(SHA256.hash(left, right) == SHA256.hash(left.array + right.array))
            left = SHA256.hash(left, right)
        }
    }

    @Test func `the jitter generator gives the reference sequence`() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
    }
}
