internal import Primitives

/// The hashes of one stored log's tree, also of entries that are not kept.
struct StoredLogTree: Sendable {
    /// How many digests are read at a time.
    private static let pageSize = 1_024

    let store: any Store
    let author: Identity
    /// Where the log begins, if entries before that are not kept.
    let start: StoredLogStart?

    /// The place of the first entry that is kept.
    var first: UInt64 { start?.first ?? 1 }

    /// The siblings on the way from an entry, counted from 0, to the root of the first `size` entries.
    ///
    /// `nil` when the entry is not kept, or the log has not as many.
    func path(of index: UInt64, in size: UInt64) async throws -> [Digest]? {
        guard index + 1 >= first, let ranges = LogTree.inclusionPath(of: index, in: size) else { return nil }
        // All subtrees to the left together are the tree of the entries before, whose peaks they are.
        var before = start?.tree ?? LogTree()
        let right = ranges.filter { $0.lowerBound > index }
        var trees = [Range<UInt64>: LogTree](uniqueKeysWithValues: right.map { ($0, LogTree()) })
        var next = before.size
        while next < size {
            let limit = Int(min(UInt64(Self.pageSize), size - next))
            let page = try await store.logDigests(of: author, from: next + 1, limit: limit)
            if page.isEmpty { return nil }
            for digest in page {
                let leaf = LogTree.leaf(digest)
                if next < index {
                    before.append(leaf)
                } else if let range = right.first(where: { $0.contains(next) }) {
                    trees[range]?.append(leaf)
                }
                next += 1
            }
        }
        var left = before.peaks
        return ranges.map { range in
            range.lowerBound > index ? trees[range]?.root ?? LogTree.emptyRoot : left.removeLast()
        }
    }
}
