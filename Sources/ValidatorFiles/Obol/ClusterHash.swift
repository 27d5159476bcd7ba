internal import Primitives

/// The few forms of Simple Serialize's roots that Obol's hashes are made of.
enum ClusterHash {
    /// A container of fields with these roots.
    static func container(_ fields: [Digest]) -> Digest {
        MerkleTree.root(of: fields, limit: fields.count)
    }

    /// A list of elements with these roots.
    static func list(_ elements: [Digest], limit: Int) -> Digest {
        MerkleTree.mixIn(length: elements.count, to: MerkleTree.root(of: elements, limit: limit))
    }

    /// A list of bytes.
    static func bytes(_ bytes: [UInt8], limit: Int) -> Digest {
        let root = MerkleTree.root(of: MerkleTree.chunks(of: bytes), limit: (limit + 31) / 32)
        return MerkleTree.mixIn(length: bytes.count, to: root)
    }

    /// A text.
    static func text(_ text: String, limit: Int) -> Digest { bytes(Array(text.utf8), limit: limit) }

    /// A list of numbers.
    static func numbers(_ numbers: [UInt64], limit: Int) -> Digest {
        var bytes: [UInt8] = []
        for number in numbers { number.encode(to: &bytes) }
        let root = MerkleTree.root(of: MerkleTree.chunks(of: bytes), limit: (limit * 8 + 31) / 32)
        return MerkleTree.mixIn(length: numbers.count, to: root)
    }

    /// A vector of bytes.
    static func vector(_ bytes: [UInt8]) -> Digest {
        let chunks = MerkleTree.chunks(of: bytes)
        return MerkleTree.root(of: chunks, limit: chunks.count)
    }
}
