/// Shows that an entry stands in a log of which only the root of its ``LogTree`` is known (RFC 9162 section 2.1.3).
package struct InclusionProof: SSZContainer {
    /// The entry's place, counted from 0.
    package var index: UInt64
    /// How many entries the tree has.
    package var size: UInt64
    /// The roots of the subtrees on the way from the entry to the root.
    package var path: SSZList<Digest, 64>

    /// Joins the parts; nothing is checked.
    package init(index: UInt64, size: UInt64, path: SSZList<Digest, 64>) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// A proof of the entry at `index`; `nil` when the tree has no such entry.
    ///
    /// `subtree` gives the root of the ``LogTree`` of a range of the log's entries.
    package init?(of index: UInt64, in size: UInt64, subtree: (Range<UInt64>) -> Digest) {
        guard
            let ranges = LogTree.inclusionPath(of: index, in: size),
            let path = SSZList<Digest, 64>(ranges.map(subtree))
        else { return nil }
        self.index = index
        self.size = size
        self.path = path
    }

    /// Whether the leaf stands at ``index`` in the tree of ``size`` entries with this root.
    package func holds(for leaf: Digest, in root: Digest) -> Bool {
        before(leaf, in: root) != nil
    }

    /// The tree of the entries before the one that the leaf stands for, if it stands at ``index`` in the tree of ``size``
    /// entries with this root; else `nil`.
    ///
    /// On the way to the root the siblings to the left are the full subtrees of all that stands before the leaf. So who
    /// has the proof can go on with the log from there, and has none of the entries before.
    package func before(_ leaf: Digest, in root: Digest) -> LogTree? {
        guard index < size else { return nil }
        var (place, last) = (index, size - 1)
        var hash = leaf
        var left: [Digest] = []
        for sibling in path {
            guard last > 0 else { return nil }
            if place & 1 == 1 || place == last {
                hash = LogTree.node(sibling, hash)
                left.append(sibling)
                skipMissing(&place, &last)
            } else {
                hash = LogTree.node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        guard last == 0, hash == root else { return nil }
        return LogTree(size: index, peaks: left.reversed())
    }

    package static let fields = [
        SSZField("index", UInt64.self),
        SSZField("size", UInt64.self),
        SSZField("path", SSZList<Digest, 64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(index)
        visitor.field(size)
        visitor.field(path)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        index = try reader.field()
        size = try reader.field()
        path = try reader.field()
    }
}

/// Shows that a log has only been appended to between two roots of its ``LogTree`` (RFC 9162 section 2.1.4).
package struct ConsistencyProof: SSZContainer {
    /// How many entries the earlier tree has, at least one.
    package var first: UInt64
    /// How many entries the later tree has, no fewer.
    package var second: UInt64
    /// The roots of the subtrees that both trees' roots follow from.
    package var path: SSZList<Digest, 65>

    /// A proof about two sizes; `nil` unless the first is positive and the second no less.
    ///
    /// `subtree` gives the root of the ``LogTree`` of a range of the log's entries.
    package init?(from first: UInt64, to second: UInt64, subtree: (Range<UInt64>) -> Digest) {
        guard
            let ranges = LogTree.consistencyPath(from: first, to: second),
            let path = SSZList<Digest, 65>(ranges.map(subtree))
        else { return nil }
        self.first = first
        self.second = second
        self.path = path
    }

    /// Whether the tree of ``first`` entries with one root is the beginning of that of ``second`` with the other.
    package func holds(from firstRoot: Digest, to secondRoot: Digest) -> Bool {
        guard first > 0, first <= second else { return false }
        if first == second { return path.isEmpty && firstRoot == secondRoot }
        var siblings = path.elements[...]
        // A full first tree is itself a node of the second.
        let isFull = first & (first - 1) == 0
        guard let start = isFull ? firstRoot : siblings.popFirst() else { return false }
        var (place, last) = (first - 1, second - 1)
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        var (earlier, later) = (start, start)
        for sibling in siblings {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                earlier = LogTree.node(sibling, earlier)
                later = LogTree.node(sibling, later)
                skipMissing(&place, &last)
            } else {
                later = LogTree.node(later, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && earlier == firstRoot && later == secondRoot
    }

    package static let fields = [
        SSZField("first", UInt64.self),
        SSZField("second", UInt64.self),
        SSZField("path", SSZList<Digest, 65>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(first)
        visitor.field(second)
        visitor.field(path)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        first = try reader.field()
        second = try reader.field()
        path = try reader.field()
    }
}

/// Goes up past the levels on which a node at the right edge has no sibling.
private func skipMissing(_ place: inout UInt64, _ last: inout UInt64) {
    while place & 1 == 0, place > 0 {
        place >>= 1
        last >>= 1
    }
}
