import Cryptography
import Primitives

/// Hashes in the place of the curve's formulas.
enum CountingHash {
    static func digest(_ what: StaticString, _ numbers: UInt64..., bytes: [UInt8] = []) -> Digest {
        var hash = SHA256()
        hash.update(what)
        for number in numbers { hash.update(number.sszBytes) }
        hash.update(bytes)
        return hash.finalize()
    }

    /// Something that looks like a point.
    static func point(_ digest: Digest) -> CompressedPoint {
        var point = CompressedPoint()
        point[0] = 2
        for index in 0..<32 { point[index + 1] = digest[index] }
        return point
    }

    /// Twice the digest: as long as most signatures and proofs.
    static func double<Tag>(_ digest: Digest) -> FixedBytes<Tag, 64> {
        var bytes = FixedBytes<Tag, 64>()
        for index in 0..<32 {
            bytes[index] = digest[index]
            bytes[32 + index] = digest[index]
        }
        return bytes
    }
}
