import Ethereum
import Primitives
import TestSupport
import Testing

@Suite struct RLPTests {
    private let vectors: JSON

    init() throws {
        vectors = try JSONFixture.load("ethereum/rlp.json")
    }

    @Test func `writes and reads the known encodings`() throws {
        for vector in try vectors.list("values") {
            let item = try item(try #require(vector["value"]))
            let encoded = try vector.bytes("encoded")
            #expect(item.encoded == encoded)
            #expect(try RLP(decoding: encoded) == item)
        }
    }

    @Test func `writes numbers without leading zeros`() throws {
        for vector in try vectors.list("integers") {
            let number = try #require(vector["value"]).wideQuantity("value")
            let encoded = try vector.bytes("encoded")
            #expect(RLP.number(number).encoded == encoded)
            #expect(try RLP(decoding: encoded).wideNumber("number") == number)
        }
    }

    @Test func `refuses what is not in its only form`() throws {
        for vector in try vectors.list("notCanonical") {
            let encoded = try vector.bytes("encoded")
            #expect(throws: RLPError.self, "\(vector)") { try RLP(decoding: encoded) }
        }
        for vector in try vectors.list("notIntegers") {
            let encoded = try vector.bytes("encoded")
            #expect(throws: RLPError.self, "\(vector)") { try RLP(decoding: encoded).wideNumber("number") }
        }
    }

    @Test func `refuses lists within lists beyond its depth`() throws {
        func nested(_ depth: Int) -> RLP { depth == 0 ? .list([]) : .list([nested(depth - 1)]) }
        #expect(try RLP(decoding: nested(RLP.maxDepth).encoded) == nested(RLP.maxDepth))
        #expect(throws: RLPError.tooDeep) { try RLP(decoding: nested(RLP.maxDepth + 1).encoded) }
    }

    @Test func `refuses more items than its limit`() {
        let bytes = RLP.list(Array(repeating: .bytes([1]), count: RLP.maxItems)).encoded
        #expect(throws: RLPError.tooMany) { try RLP(decoding: bytes) }
    }

    @Test func `never reads a changed byte as the same item`() throws {
        let item = RLP.list([
            .number(300 as UInt64), .list([.bytes([1, 2, 3]), .bytes([])]), .bytes(Array(0..<60)),
        ])
        let bytes = item.encoded
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                guard let other = try? RLP(decoding: changed) else { continue }
                #expect(other != item)
                #expect(other.encoded == changed)
            }
        }
    }

    private func item(_ json: JSON) throws -> RLP {
        if case .array(let elements) = json { return .list(try elements.map(item)) }
        return .bytes(try json.data("value", atMost: 1_000_000))
    }
}
