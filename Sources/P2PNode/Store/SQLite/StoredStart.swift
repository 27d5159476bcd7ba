internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// Logs that begin in the middle.
enum StoredStart {
    /// Begins a log at a place, in the transaction that appends its entry if that is not there.
    static func begin(_ start: StoredLogStart, in db: Database) throws {
        let author = start.author
        let size = try StoredTree.tree(of: author, in: db).size
        let before = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT first FROM log_starts WHERE author = ?"),
            arguments: [author.data]
        )
        guard UInt64(before ?? 0) <= start.first else {
            throw StoreError.refused(.conflict(author: author.description, sequence: start.first))
        }
        // What the log comes to with all its entries stays as it is, unless these end before the new beginning.
        if size < start.first { try StoredTree.keep(start.tree, of: author.data, in: db) }
        try db.cachedStatement(
            sql: "REPLACE INTO log_starts (author, first, peaks, value, checksum) VALUES (?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                author.data, try start.first.stored, start.tree.peakData, Data(start.bytes),
                start.checksum.data,
            ]
        )
    }

    /// Forgets entries before the beginning of a log, the oldest first.
    static func sweep(_ author: Identity, limit: Int, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM log_entries WHERE position IN (
                    SELECT position FROM log_entries
                    WHERE author = ?1 AND sequence < (SELECT first FROM log_starts WHERE author = ?1)
                    ORDER BY sequence LIMIT ?2
                )
                """
        ).execute(arguments: [author.data, limit])
    }
}

extension StoredLogStart {
    /// Author, first, peaks, value, checksum; the digest of the first entry, which must be there.
    init(row: Row) throws {
        let first = try UInt64(row, 1, least: 2)
        self.init(
            author: try FixedBytes(row, 0),
            first: first,
            tree: try LogTree(size: first - 1, row: row, 2),
            bytes: Array(try row.decode(Data.self, atIndex: 3))
        )
        guard try row.decode(Data.self, atIndex: 4) == checksum.data else {
            throw DamagedRow(detail: "where \(author)'s log begins does not match its checksum")
        }
        guard try row.decode(Data?.self, atIndex: 5) != nil else {
            throw DamagedRow(detail: "the log of \(author) lacks the entry with which it begins")
        }
    }

    /// Finds a row that the disk gave back changed.
    var checksum: Digest {
        var hash = SHA256()
        hash.update(author)
        hash.update(first.sszBytes)
        for peak in tree.peaks { hash.update(peak) }
        hash.update(bytes)
        return hash.finalize()
    }
}
