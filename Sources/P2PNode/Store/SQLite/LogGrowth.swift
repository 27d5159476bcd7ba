internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// One stored log while a transaction adds to it: its end is read once, and its tree is written once.
struct LogGrowth {
    let author: Identity
    private var last: UInt64
    private var tree: LogTree
    private var hasGrown = false

    /// The log of an author as the transaction finds it.
    init(of author: Identity, in db: Database) throws {
        self.author = author
        let stored = try Int64.fetchOne(
            // A log that is begun beyond its end has not its first entry yet.
            db.cachedStatement(
                sql: """
                    SELECT max(
                        ifnull((SELECT max(sequence) FROM log_entries WHERE author = ?1), 0),
                        ifnull((SELECT first - 1 FROM log_starts WHERE author = ?1), 0)
                    )
                    """
            ),
            arguments: [author.data]
        )
        guard let last = UInt64(exactly: stored ?? 0) else {
            throw DamagedRow(detail: "the log of \(author) has a negative number")
        }
        self.last = last
        tree = try StoredTree.tree(of: author, in: db)
        guard tree.size == last else {
            throw DamagedRow(detail: "the tree of \(author)'s log is not that of all its entries")
        }
    }

    /// Adds an entry, which is the next one or there already.
    mutating func append(_ entry: StoredLogEntry, in db: Database) throws {
        guard entry.sequence <= last + 1, entry.sequence > 0 else {
            throw StoreError.refused(
                .gap(author: author.description, sequence: entry.sequence, expected: last + 1)
            )
        }
        guard entry.sequence == last + 1 else { return try checkPresent(entry, in: db) }
        try db.cachedStatement(
            sql: "INSERT INTO log_entries (author, sequence, epoch, digest, bytes) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: try entry.columns)
        last = entry.sequence
        tree.append(LogTree.leaf(entry.digest))
        hasGrown = true
    }

    /// Writes the tree, if the log has grown.
    func finish(in db: Database) throws {
        if hasGrown { try StoredTree.keep(tree, of: author.data, in: db) }
    }

    private func checkPresent(_ entry: StoredLogEntry, in db: Database) throws {
        let digest = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT digest FROM log_entries WHERE author = ? AND sequence = ?"),
            arguments: [author.data, try entry.sequence.stored]
        )
        guard digest == entry.digest.data else {
            throw StoreError.refused(.conflict(author: author.description, sequence: entry.sequence))
        }
    }
}
