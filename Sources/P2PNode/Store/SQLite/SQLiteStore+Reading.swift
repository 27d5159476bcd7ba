internal import FoundationEssentials
internal import GRDB
package import Primitives

extension SQLiteStore {
    /// One lookup by key, with the checksum verified.
    package func state(_ name: StateName) async throws(StoreError) -> VersionedBytes? {
        try await fetch(
            "SELECT name, version, value, checksum FROM states WHERE name = ?",
            [name.rawValue],
            as: NamedState.init(row:)
        ).first?.value
    }

    /// One pass over all names, of which there are few.
    package func states(startingWith prefix: String) async throws(StoreError) -> [NamedState] {
        try await fetch(
            "SELECT name, version, value, checksum FROM states WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
            [prefix],
            as: NamedState.init(row:)
        )
    }

    /// One lookup by key.
    package func secret(_ name: StateName) async throws(StoreError) -> VersionedBytes? {
        try await fetch("SELECT version, sealed FROM secrets WHERE name = ?", [name.rawValue]) { row in
            try VersionedBytes(row, 0)
        }.first
    }

    /// The end of an index.
    package func newestCertificate(
        _ kind: StoredCertificate.Kind
    ) async throws(StoreError) -> StoredCertificate? {
        try await fetch(
            """
            SELECT epoch, view, version, value FROM certificates
            WHERE kind = ? ORDER BY epoch DESC, view DESC LIMIT 1
            """,
            [Int(kind.rawValue)],
            as: { try StoredCertificate(kind, $0) }
        ).first
    }

    /// A range of an index.
    package func certificates(
        _ kind: StoredCertificate.Kind,
        epoch: Epoch,
        from view: View,
        limit: Int
    ) async throws(StoreError) -> [StoredCertificate] {
        try await fetch(
            """
            SELECT epoch, view, version, value FROM certificates
            WHERE kind = ? AND epoch = ? AND view >= ? ORDER BY view LIMIT ?
            """,
            [Int(kind.rawValue), Int64(clamping: epoch.rawValue), Int64(clamping: view.rawValue), limit],
            as: { try StoredCertificate(kind, $0) }
        )
    }

    /// One pass over the index of all entries.
    package func logHeads() async throws(StoreError) -> [LogHead] {
        // SQLite takes the digest from the row of the maximum.
        try await fetch(
            """
            SELECT e.author, max(e.sequence), e.digest, t.size, t.peaks, e.epoch
            FROM log_entries e LEFT JOIN log_trees t ON t.author = e.author
            GROUP BY e.author ORDER BY e.author
            """,
            []
        ) { row in
            let head = LogHead(
                author: try FixedBytes(row, 0),
                sequence: try UInt64(row, 1, least: 1),
                digest: try FixedBytes(row, 2),
                epoch: Epoch(rawValue: try UInt64(row, 5)),
                tree: try LogTree(row: row, 3)
            )
            guard head.tree.size == head.sequence else {
                throw DamagedRow(detail: "the tree of \(head.author)'s log is not that of all its entries")
            }
            return head
        }
    }

    /// One pass over the table, of one row for each author at most.
    package func logStarts() async throws(StoreError) -> [StoredLogStart] {
        try await fetch(
            """
            SELECT s.author, s.first, s.peaks, s.value, s.checksum, e.digest
            FROM log_starts s LEFT JOIN log_entries e ON e.author = s.author AND e.sequence = s.first
            ORDER BY s.author
            """,
            [],
            as: StoredLogStart.init(row:)
        )
    }

    /// A lookup by key for each log that begins in the middle.
    package func unsweptLog() async throws(StoreError) -> Identity? {
        try await fetch(
            """
            SELECT s.author FROM log_starts s WHERE EXISTS (
                SELECT 1 FROM log_entries e WHERE e.author = s.author AND e.sequence < s.first
            ) LIMIT 1
            """,
            [],
            as: { try Identity($0, 0) }
        ).first
    }

    /// A range of an index.
    package func logDigests(
        of author: Identity,
        from sequence: UInt64,
        limit: Int
    ) async throws(StoreError) -> [Digest] {
        try await fetch(
            """
            SELECT digest FROM log_entries
            WHERE author = ?1 AND sequence >= max(?2, ifnull((SELECT first FROM log_starts WHERE author = ?1), 1))
            ORDER BY sequence LIMIT ?3
            """,
            [author.data, Int64(clamping: sequence), limit],
            as: { try Digest($0, 0) }
        )
    }

    /// A range of an index.
    package func logEntries(
        of author: Identity,
        from sequence: UInt64,
        limit: Int,
        byteLimit: Int
    ) async throws(StoreError) -> [StoredLogEntry] {
        try await fetch(
            """
            SELECT author, sequence, epoch, digest, bytes FROM log_entries
            WHERE author = ?1 AND sequence >= max(?2, ifnull((SELECT first FROM log_starts WHERE author = ?1), 1))
            ORDER BY sequence LIMIT ?3
            """,
            [author.data, Int64(clamping: sequence), limit],
            byteLimit: byteLimit,
            as: StoredLogEntry.init(row:)
        )
    }

    /// A range of an index.
    package func logPage(epoch: Epoch, after cursor: Int64, limit: Int) async throws(StoreError) -> LogPage {
        let rows = try await fetch(
            """
            SELECT author, sequence, epoch, digest, bytes, position FROM log_entries
            WHERE epoch = ? AND position > ? ORDER BY position LIMIT ?
            """,
            [Int64(clamping: epoch.rawValue), cursor, limit],
            as: { (entry: try StoredLogEntry(row: $0), position: try $0.decode(Int64.self, atIndex: 5)) }
        )
        return LogPage(entries: rows.map(\.entry), cursor: rows.last?.position ?? cursor)
    }

    /// A range of an index.
    package func forks(of author: Identity) async throws(StoreError) -> [StoredLogEntry] {
        try await fetch(
            """
            SELECT author, sequence, epoch, digest, bytes FROM log_forks
            WHERE author = ? ORDER BY sequence, digest
            """,
            [author.data],
            as: StoredLogEntry.init(row:)
        )
    }

    /// One pass over the table.
    package func evidence() async throws(StoreError) -> [StoredEvidence] {
        try await fetch(
            "SELECT id, culprit, epoch, version, value FROM evidence ORDER BY position",
            []
        ) { row in
            StoredEvidence(
                id: try FixedBytes(row, 0),
                culprit: try FixedBytes(row, 1),
                epoch: Epoch(rawValue: try UInt64(row, 2)),
                value: try VersionedBytes(row, 3)
            )
        }
    }

    /// One pass over the table.
    package func outbox() async throws(StoreError) -> [OutboxEntry] {
        try await fetch("SELECT id, version, value FROM outbox ORDER BY position", []) { row in
            OutboxEntry(id: try FixedBytes(row, 0), value: try VersionedBytes(row, 1))
        }
    }

    /// Reads rows on a connection that does not wait for the writing one.
    ///
    /// `byteLimit` ends the rows, after the first, before their fifth columns sum up to more.
    private func fetch<Value: Sendable>(
        _ sql: String,
        _ arguments: StatementArguments,
        byteLimit: Int? = nil,
        as value: @escaping @Sendable (Row) throws -> Value
    ) async throws(StoreError) -> [Value] {
        do {
            return try await pool.read { db in
                let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
                var values: [Value] = []
                var bytes = 0
                while let row = try rows.next() {
                    if let byteLimit {
                        bytes += try row.decode(Data.self, atIndex: 4).count
                        if bytes > byteLimit && !values.isEmpty { break }
                    }
                    values.append(try value(row))
                }
                return values
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
