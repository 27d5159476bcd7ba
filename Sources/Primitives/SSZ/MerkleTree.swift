/// The Merkle trees of Simple Serialize (`ssz/simple-serialize.md`, "Merkleization").
package enum MerkleTree {
    /// `zeroHashes[d]` is the root of a tree of depth `d` whose leaves are all zero.
    private static let zeroHashes: [Digest] = {
        var hashes = [Digest()]
        for depth in 0..<40 { hashes.append(SHA256.hash(hashes[depth], hashes[depth])) }
        return hashes
    }()

    /// Cuts bytes into 32-byte chunks, the last filled up with zeros.
    package static func chunks(of bytes: [UInt8]) -> [Digest] {
        stride(from: 0, to: bytes.count, by: 32).map { start in
            var chunk = Digest()
            for index in start..<min(start + 32, bytes.count) { chunk[index - start] = bytes[index] }
            return chunk
        }
    }

    /// The root over `chunks` in a tree with room for `limit` of them, empty places being zero.
    ///
    /// - Complexity: O(chunks) hashes plus one for each level of the tree.
    package static func root(of chunks: [Digest], limit: Int) -> Digest {
        precondition(chunks.count <= max(limit, 1), "more chunks than the type has room for")
        let depth = depth(for: limit)
        var level = chunks
        for height in 0..<depth {
            if level.isEmpty { return zeroHashes[depth] }
            var next: [Digest] = []
            next.reserveCapacity((level.count + 1) / 2)
            for index in stride(from: 0, to: level.count, by: 2) {
                let right = index + 1 < level.count ? level[index + 1] : zeroHashes[height]
                next.append(SHA256.hash(level[index], right))
            }
            level = next
        }
        return level.first ?? zeroHashes[depth]
    }

    /// Binds a list's length to the root of its elements.
    package static func mixIn(length: Int, to root: Digest) -> Digest {
        SHA256.hash(root, UInt64(length).hashTreeRoot())
    }

    private static func depth(for limit: Int) -> Int {
        limit <= 1 ? 0 : Int.bitWidth - (limit - 1).leadingZeroBitCount
    }
}
