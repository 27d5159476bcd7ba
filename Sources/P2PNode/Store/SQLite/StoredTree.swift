internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// The trees of the stored logs, kept as what it takes to go on from them.
enum StoredTree {
    /// The tree of an author's log, empty without entries.
    static func tree(of author: Identity, in db: Database) throws -> LogTree {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT size, peaks FROM log_trees WHERE author = ?"),
            arguments: [author.data]
        )
        return try row.map { try LogTree(row: $0, 0) } ?? LogTree()
    }

    /// Makes the trees of logs that were stored without.
    static func plant(in db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT author, sequence, digest FROM log_entries ORDER BY author, sequence"
        )
        var last: (author: Data, tree: LogTree)?
        while let row = try rows.next() {
            let author = try row.decode(Data.self, atIndex: 0)
            var tree = LogTree()
            if let last {
                if last.author == author {
                    tree = last.tree
                } else {
                    try keep(last.tree, of: last.author, in: db)
                }
            }
            guard try UInt64(row, 1) == tree.size + 1 else {
                throw DamagedRow(detail: "a log has a gap after entry \(tree.size)")
            }
            tree.append(LogTree.leaf(try Digest(row, 2)))
            last = (author, tree)
        }
        if let last { try keep(last.tree, of: last.author, in: db) }
    }

    /// Writes a tree, in the transaction that adds to the log.
    static func keep(_ tree: LogTree, of author: Data, in db: Database) throws {
        try db.cachedStatement(sql: "REPLACE INTO log_trees (author, size, peaks) VALUES (?, ?, ?)")
            .execute(arguments: [author, try tree.size.stored, tree.peakData])
    }
}

extension LogTree {
    /// The peaks, for a blob column.
    var peakData: Data { Data(peaks.flatMap { $0.array }) }

    /// Size, peaks.
    init(row: Row, _ column: Int) throws {
        try self.init(size: try UInt64(row, column, least: 1), row: row, column + 1)
    }

    /// Peaks.
    init(size: UInt64, row: Row, _ column: Int) throws {
        let peaks = Array(try row.decode(Data.self, atIndex: column))
        let digests = stride(from: 0, to: peaks.count, by: 32).compactMap { start in
            Digest(peaks[start..<min(start + 32, peaks.count)])
        }
        guard digests.count * 32 == peaks.count, let tree = LogTree(size: size, peaks: digests) else {
            throw DamagedRow(detail: "a log tree of \(size) entries has \(peaks.count) bytes")
        }
        self = tree
    }
}
