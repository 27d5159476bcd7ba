/// The Merkle tree of RFC 9162 section 2.1 over an append-only log, in the form that takes least room to go on from.
///
/// Of the entries seen only the roots of the largest full subtrees are kept, one for each one-bit of their number.
/// Unlike the trees of Simple Serialize it has no limit, and leaves and nodes are told apart by a byte before them.
package struct LogTree: Hashable, Sendable {
    /// How many entries there are.
    package private(set) var size: UInt64
    /// The roots of the full subtrees from left to right, each larger than the next.
    package private(set) var peaks: [Digest]

    /// The tree of a log without entries.
    package init() {
        size = 0
        peaks = []
    }

    /// The tree that had these peaks; `nil` when a tree of that size has more or fewer.
    package init?(size: UInt64, peaks: [Digest]) {
        guard peaks.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// The tree of these leaves.
    package init(_ leaves: some Sequence<Digest>) {
        self.init()
        for leaf in leaves { append(leaf) }
    }

    /// Appends a leaf, as ``leaf(_:)`` makes it from an entry.
    ///
    /// - Complexity: one hash on average, as many as there are peaks at most.
    package mutating func append(_ leaf: Digest) {
        var hash = leaf
        // Each one-bit at the end of the size is a full subtree as large as the one that is now complete beside it.
        for _ in 0..<(~size).trailingZeroBitCount { hash = Self.node(peaks.removeLast(), hash) }
        peaks.append(hash)
        size += 1
    }

    /// MTH, the hash of the whole tree.
    ///
    /// - Complexity: a hash for each peak but the last.
    package var root: Digest {
        guard let last = peaks.last else { return Self.emptyRoot }
        return peaks.dropLast().reversed().reduce(last) { Self.node($1, $0) }
    }
}

// MARK: - Hashes

extension LogTree {
    /// The root of a tree without leaves: the hash of nothing.
    package static let emptyRoot = SHA256.hash([])

    /// The leaf of an entry.
    package static func leaf(_ entry: [UInt8]) -> Digest {
        SHA256.hash([0] + entry)
    }

    /// The leaf of an entry that a digest stands for.
    package static func leaf(_ entry: Digest) -> Digest {
        leaf(entry.array)
    }

    /// The node above two others.
    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        var hash = SHA256()
        hash.update([1])
        hash.update(left)
        hash.update(right)
        return hash.finalize()
    }
}

// MARK: - Which subtrees prove something

extension LogTree {
    /// The subtrees whose roots lead from an entry, counted from 0, to the root of a tree, from the bottom up (section
    /// 2.1.3.1); `nil` when the tree has no such entry.
    package static func inclusionPath(of index: UInt64, in size: UInt64) -> [Range<UInt64>]? {
        guard index < size else { return nil }
        var path: [Range<UInt64>] = []
        var subtree = 0..<size
        while subtree.upperBound - subtree.lowerBound > 1 {
            let (left, right) = halves(of: subtree)
            path.append(index < right.lowerBound ? right : left)
            subtree = index < right.lowerBound ? left : right
        }
        return path.reversed()
    }

    /// The subtrees whose roots show that one tree is the beginning of another (section 2.1.4.1); `nil` unless the first
    /// has entries, and the second no fewer.
    package static func consistencyPath(from first: UInt64, to second: UInt64) -> [Range<UInt64>]? {
        guard first > 0, first <= second else { return nil }
        var path: [Range<UInt64>] = []
        var subtree = 0..<second
        while subtree.upperBound > first {
            let (left, right) = halves(of: subtree)
            path.append(first <= right.lowerBound ? right : left)
            subtree = first <= right.lowerBound ? left : right
        }
        // The verifier knows the first tree's root; a part of that tree it has to be told.
        if subtree.lowerBound > 0 { path.append(subtree) }
        return path.reversed()
    }

    /// The two parts of more than one leaf, the left one the largest full tree that leaves something over.
    private static func halves(of subtree: Range<UInt64>) -> (Range<UInt64>, Range<UInt64>) {
        let last = subtree.upperBound - subtree.lowerBound - 1
        let middle = subtree.lowerBound + 1 << (63 - UInt64(last.leadingZeroBitCount))
        return (subtree.lowerBound..<middle, middle..<subtree.upperBound)
    }
}
