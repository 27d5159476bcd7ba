import Primitives
import Testing

@Suite struct SSZTests {
    private let roster = Roster(
        epoch: Epoch(3),
        members: SSZList(
            (1...5).map { number in
                Member(
                    account: Address([UInt8](repeating: UInt8(number), count: 20))!,
                    identity: Identity([UInt8](repeating: UInt8(number + 10), count: 32))!,
                    encryptionKey: CompressedPoint([UInt8](repeating: 2, count: 33))!,
                    endpoint: ByteList(Array("127.0.0.1:\(7000 + number)".utf8))!
                )
            }
        )!
    )

    @Test func `decodes what it encodes`() throws {
        #expect(try Roster(ssz: roster.sszBytes) == roster)
    }

    @Test func `refuses every shortened encoding`() {
        let bytes = roster.sszBytes
        for count in 0..<bytes.count {
            let decoded = try? Roster(ssz: Array(bytes.prefix(count)))
            #expect(decoded == nil || decoded?.sszBytes.count == count)
            #expect(decoded != roster)
        }
    }

    @Test func `has one encoding for each value`() {
        let bytes = roster.sszBytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                if let decoded = try? Roster(ssz: changed) { #expect(decoded.sszBytes == changed) }
            }
        }
    }

    @Test func `roots of small values follow the specification`() {
        #expect(UInt64(0x0102).hashTreeRoot().hex.hasPrefix("0201000000"))
        let empty = SSZList<UInt64, 4>()
        #expect(empty.hashTreeRoot() == SHA256.hash(Digest(), Digest()))
    }
}
