internal import FoundationEssentials
internal import GRDB
internal import Primitives

extension SQLiteStore {
    /// One synced transaction.
    package func beginIncarnation() async throws(StoreError) -> UInt64 {
        let number = try await write { db in
            try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO incarnation (id, value) VALUES (1, 1)
                    ON CONFLICT (id) DO UPDATE SET value = value + 1
                    RETURNING value
                    """
            )
        }
        guard let number, number > 0 else {
            throw .unexpected(path: path, detail: "counting the start returned no number")
        }
        return UInt64(number)
    }

    /// Sets the count of starts of a database that has none yet.
    func restoreIncarnation(_ value: UInt64) async throws(StoreError) {
        let number = try value.stored
        try await write { db in try db.run("INSERT INTO incarnation (id, value) VALUES (1, ?)", [number]) }
    }

    /// One synced transaction, and after an erasure another sync to empty the write-ahead log.
    package func commit(_ writes: [StoreWrite]) async throws(StoreError) {
        try await write { db in
            var growth: LogGrowth?
            for write in writes {
                guard case .appendToLog(let entry) = write else {
                    if case .beginLog = write {
                        try growth?.finish(in: db)
                        growth = nil
                    }
                    try Self.apply(write, in: db)
                    continue
                }
                if growth?.author != entry.author {
                    try growth?.finish(in: db)
                    growth = try LogGrowth(of: entry.author, in: db)
                }
                try growth?.append(entry, in: db)
            }
            try growth?.finish(in: db)
        }
        if writes.contains(where: \.erasesSecret) { try await emptyLog() }
    }

    /// Moves the write-ahead log into the database and cuts it to nothing, because erased pages still stand there.
    private func emptyLog() async throws(StoreError) {
        do {
            try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch DatabaseError.SQLITE_BUSY {
            // A reader stayed on the old pages for longer than the busy timeout. The erasure itself is durable; the
            // pages go with the next checkpoint.
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// One transaction, on disk when it returns.
    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.write(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Makes one write; entries of logs have their own way, ``LogGrowth``.
    private static func apply(_ write: StoreWrite, in db: Database) throws {
        switch write {
        case .setState(let name, let value):
            try db.run(
                "REPLACE INTO states (name, version, value, checksum) VALUES (?, ?, ?, ?)",
                [name.rawValue, Int(value.version), Data(value.bytes), StateChecksum.of(name, value).data]
            )
        case .removeState(let name):
            try db.run("DELETE FROM states WHERE name = ?", [name.rawValue])
        case .setSecret(let name, let sealed):
            try db.run(
                "REPLACE INTO secrets (name, version, sealed) VALUES (?, ?, ?)",
                [name.rawValue, Int(sealed.version), Data(sealed.bytes)]
            )
        case .eraseSecret(let name):
            try db.run("DELETE FROM secrets WHERE name = ?", [name.rawValue])
        case .keepCertificate(let certificate):
            try keep(certificate, in: db)
        case .appendToLog: break
        case .beginLog(let start):
            try StoredStart.begin(start, in: db)
        case .sweepLog(let author, let limit):
            try StoredStart.sweep(author, limit: limit, in: db)
        case .keepFork(let entry):
            try db.run(
                "INSERT OR IGNORE INTO log_forks (author, sequence, epoch, digest, bytes) VALUES (?, ?, ?, ?, ?)",
                try entry.columns
            )
        case .keepEvidence(let evidence):
            try db.run(
                "INSERT OR IGNORE INTO evidence (id, culprit, epoch, version, value) VALUES (?, ?, ?, ?, ?)",
                [
                    evidence.id.data, evidence.culprit.data, try evidence.epoch.rawValue.stored,
                    Int(evidence.value.version), Data(evidence.value.bytes),
                ]
            )
        case .putInOutbox(let entry):
            try db.run(
                """
                INSERT INTO outbox (id, version, value) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET version = excluded.version, value = excluded.value
                """,
                [entry.id.data, Int(entry.value.version), Data(entry.value.bytes)]
            )
        case .removeFromOutbox(let id):
            try db.run("DELETE FROM outbox WHERE id = ?", [id.data])
        }
    }

    private static func keep(_ certificate: StoredCertificate, in db: Database) throws {
        try db.run(
            "INSERT OR IGNORE INTO certificates (kind, epoch, view, version, value) VALUES (?, ?, ?, ?, ?)",
            [
                Int(certificate.kind.rawValue), try certificate.epoch.rawValue.stored,
                try certificate.view.rawValue.stored, Int(certificate.value.version),
                Data(certificate.value.bytes),
            ]
        )
        try db.run(
            """
            DELETE FROM certificates WHERE kind = ?1 AND (epoch, view) <= (
                SELECT epoch, view FROM certificates WHERE kind = ?1
                ORDER BY epoch DESC, view DESC LIMIT 1 OFFSET ?2
            )
            """,
            [Int(certificate.kind.rawValue), StoredCertificate.keptPerKind]
        )
    }
}

extension StoreWrite {
    fileprivate var erasesSecret: Bool {
        switch self {
        case .setSecret, .eraseSecret: true
        default: false
        }
    }
}

extension Database {
    fileprivate func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
