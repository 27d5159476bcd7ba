/// The Merkle trees of Simple Serialize (`ssz/simple-serialize.md`, "Merkleization").
@usableFromInline
package enum MerkleTree {
    /// `zeroHashes[d]` is the root of a tree of depth `d` whose leaves are all zero.
    private static let zeroHashes: [Digest] = {
        var hashes = [Digest()]
        for depth in 0..<40 { hashes.append(SHA256.hash(hashes[depth], hashes[depth])) }
        return hashes
    }()

    /// Cuts bytes into 32-byte chunks, the last filled up with zeros.
    @usableFromInline
    package static func chunks(of bytes: [UInt8]) -> [Digest] {
        var chunks = Array(repeating: Digest(), count: (bytes.count + 31) / 32)
        unsafe chunks.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
        return chunks
    }

    /// The root over `chunks` in a tree with room for `limit` of them, empty places being zero.
    ///
    /// - Complexity: O(chunks) hashes plus one for each level of the tree.
    @usableFromInline
    package static func root(of chunks: consuming [Digest], limit: Int) -> Digest {
        precondition(chunks.count <= max(limit, 1), "more chunks than the type has room for")
        let depth = depth(for: limit)
        var count = chunks.count
        guard count > 0 else { return zeroHashes[depth] }
        for height in 0..<depth {
            // Each level is written over the beginning of the one below it.
            for index in 0..<(count + 1) / 2 {
                let right = 2 * index + 1 < count ? chunks[2 * index + 1] : zeroHashes[height]
                chunks[index] = SHA256.hash(chunks[2 * index], right)
            }
            count = (count + 1) / 2
        }
        return chunks[0]
    }

    /// Binds a list's length to the root of its elements.
    @usableFromInline
    package static func mixIn(length: Int, to root: Digest) -> Digest {
        SHA256.hash(root, UInt64(length).hashTreeRoot())
    }

    private static func depth(for limit: Int) -> Int {
        limit <= 1 ? 0 : Int.bitWidth - (limit - 1).leadingZeroBitCount
    }
}
