internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// A node's own log in a database that may be damaged: whole, or not there.
struct OwnLog: Sendable {
    let author: Identity
    /// Whether entries are found by the index, or by going through the table.
    let isIndexed: Bool

    /// How many entries there are, all of them whole, each after the one before, and as many as the tree is of.
    ///
    /// Entries and tree are written together, so that a tree that agrees says that none is missing at the end.
    func size(in db: Database) throws -> UInt64 {
        var tree = start(in: db)?.tree ?? LogTree()
        try forEach(in: db) { tree.append(LogTree.leaf($0.digest)) }
        let row = try Row.fetchOne(
            db,
            sql: "SELECT size, peaks FROM log_trees WHERE author = ?",
            arguments: [author.data]
        )
        let kept = try row.map { try LogTree(row: $0, 0) } ?? LogTree()
        guard kept == tree else {
            throw DamagedRow(detail: "\(tree.size) entries can be read, and there were \(kept.size)")
        }
        return tree.size
    }

    /// Where the log begins, if entries before that were forgotten.
    ///
    /// A beginning that cannot be read is as none: then all entries are there from the first on, or the log is not whole.
    func start(in db: Database) -> StoredLogStart? {
        let row = try? Row.fetchOne(
            db,
            sql: "SELECT author, first, peaks, value, checksum, x'00' FROM log_starts WHERE author = ?",
            arguments: [author.data]
        )
        return row.flatMap { try? StoredLogStart(row: $0) }
    }

    /// Goes through the entries from the first that is kept to the last.
    func forEach(in db: Database, _ body: (StoredLogEntry) throws -> Void) throws {
        let first = start(in: db)?.first ?? 1
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT author, sequence, epoch, digest, bytes FROM log_entries \(isIndexed ? "" : "NOT INDEXED")
                WHERE author = ? AND sequence >= ? ORDER BY \(isIndexed ? "sequence" : "position")
                """,
            arguments: [author.data, try first.stored]
        )
        var (last, head): (UInt64, Digest?) = (first - 1, first == 1 ? Digest() : nil)
        while let row = try rows.next() {
            let entry = try StoredLogEntry(row: row)
            guard let object = try? SignedObject(ssz: entry.bytes), object.hashTreeRoot() == entry.digest,
                object.object.order.sequence == entry.sequence, entry.sequence == last + 1,
                let content = try? Primitives.LogEntry(ssz: object.object.payload.bytes),
                head == nil || content.previous == head
            else { throw DamagedRow(detail: "entry \(last + 1) is damaged") }
            (last, head) = (entry.sequence, entry.digest)
            try body(entry)
        }
    }
}
