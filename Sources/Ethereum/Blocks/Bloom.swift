internal import Cryptography
package import Primitives

/// The 2048-bit filter over the addresses and topics of a block's logs (Yellow Paper, section 4.3.1).
///
/// "No" is certain, "yes" may be wrong.
package struct Bloom: Hashable, Sendable {
    /// The bits, the highest first.
    package var bytes: FixedBytes<ByteTag.Opaque, 256>

    /// A filter as headers hold it.
    package init(_ bytes: FixedBytes<ByteTag.Opaque, 256> = FixedBytes()) {
        self.bytes = bytes
    }

    /// Whether a log of this address may be in the block.
    package func mayContain(_ address: Address) -> Bool { mayContain(address.array) }

    /// Whether a log with this topic may be in the block.
    package func mayContain(_ topic: Digest) -> Bool { mayContain(topic.array) }

    /// Enters an address or a topic.
    package mutating func insert(_ entry: [UInt8]) {
        for (index, mask) in Self.places(of: entry) { bytes[index] |= mask }
    }

    private func mayContain(_ entry: [UInt8]) -> Bool {
        Self.places(of: entry).allSatisfy { bytes[$0.index] & $0.mask != 0 }
    }

    /// Three bits, each named by 11 bits of the entry's hash.
    private static func places(of entry: [UInt8]) -> [(index: Int, mask: UInt8)] {
        let hash = Keccak256.hash(entry)
        return [0, 2, 4].map { start in
            let bit = (Int(hash[start]) << 8 | Int(hash[start + 1])) & 2047
            return (255 - bit / 8, 1 << UInt8(bit % 8))
        }
    }
}
