internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// The trees of the stored logs, kept as what it takes to go on from them.
enum StoredTree {
    /// Adds an entry to its author's tree, in the transaction that adds it to the log.
    static func append(_ entry: StoredLogEntry, in db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT size, peaks FROM log_trees WHERE author = ?"),
            arguments: [entry.author.data]
        )
        var tree = try row.map { try LogTree(row: $0, 0) } ?? LogTree()
        guard tree.size + 1 == entry.sequence else {
            throw DamagedRow(detail: "the tree of \(entry.author)'s log is not that of all entries before")
        }
        tree.append(LogTree.leaf(entry.digest))
        try keep(tree, of: entry.author.data, in: db)
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

    private static func keep(_ tree: LogTree, of author: Data, in db: Database) throws {
        try db.cachedStatement(sql: "REPLACE INTO log_trees (author, size, peaks) VALUES (?, ?, ?)")
            .execute(arguments: [author, try tree.size.stored, Data(tree.peaks.flatMap { $0.array })])
    }
}

extension LogTree {
    /// Size, peaks.
    init(row: Row, _ column: Int) throws {
        let size = try UInt64(row, column, least: 1)
        let peaks = Array(try row.decode(Data.self, atIndex: column + 1))
        let digests = stride(from: 0, to: peaks.count, by: 32).compactMap { start in
            Digest(peaks[start..<min(start + 32, peaks.count)])
        }
        guard digests.count * 32 == peaks.count, let tree = LogTree(size: size, peaks: digests) else {
            throw DamagedRow(detail: "a log tree of \(size) entries has \(peaks.count) bytes")
        }
        self = tree
    }
}
