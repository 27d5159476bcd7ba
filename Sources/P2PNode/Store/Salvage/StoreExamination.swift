internal import Consensus
internal import GRDB
internal import Peer
internal import Primitives
internal import SystemPackage

/// What of a database is whole: table by table, and what its node has promised.
///
/// SQLite finds damage to its own structure, checksums and hashes that to what the node relies on. Logs come back from the
/// other members. What guards against contradicting oneself does not: the votes, what was wished, and the node's own log, to
/// which it must not append again what others have of it already.
package struct StoreExamination: Sendable {
    /// How a table was found.
    package struct Table: Codable, Hashable, Sendable {
        /// Its name.
        package var name: String
        /// How many rows could be read.
        package var rows: Int
        /// What is wrong; `nil` when nothing is.
        package var problem: String?
    }

    /// Something that the node must not forget.
    package struct Promise: Codable, Hashable, Sendable {
        /// What it is.
        package var name: String
        /// Whether all of it is there for certain.
        package var isKept: Bool
        /// Why it is held to be so.
        package var reason: String
    }

    /// The tables.
    package var tables: [Table] = []
    /// The promises.
    package var promises: [Promise] = []

    /// Whether nothing is wrong.
    package var isSound: Bool { tables.allSatisfy { $0.problem == nil } && promises.allSatisfy(\.isKept) }
    /// Whether what is whole makes a database with which the node may go on.
    package var isSalvageable: Bool { promises.allSatisfy(\.isKept) }

    /// What a new database takes over.
    var carried = Carried()

    struct Carried: Sendable {
        var incarnation: UInt64?
        var states: [NamedState] = []
        var secrets: [NamedState] = []
        var certificates: [StoredCertificate] = []
        var evidence: [StoredEvidence] = []
        var outbox: [OutboxEntry] = []
        /// Other histories under the node's own identity, if there are any.
        var ownForks: [StoredLogEntry] = []
        /// How the own log is read, once it is known to be whole.
        var ownLog: OwnLog?
    }

    /// Looks at a directory's database, whether a node runs on it or not.
    ///
    /// - Throws: ``StoreError`` when there is nothing to look at, or what is there cannot be opened at all.
    package init(of directory: DataDirectory) throws {
        let identity = try? MemberCard(reading: directory.memberCard).identity
        let queue = try Self.open(directory)
        defer { try? queue.close() }
        try queue.unsafeRead { db in
            // One picture of a database that a node goes on writing. Taken back rather than committed: the end of a transaction
            // in which damage was met fails.
            try db.execute(sql: "BEGIN")
            defer { try? db.execute(sql: "ROLLBACK") }
            carried.incarnation =
                read(db, "incarnation", "SELECT value FROM incarnation") { row in
                    try UInt64(row, 0, least: 1)
                }.first
            carried.states = read(
                db,
                "states",
                "SELECT name, version, value, checksum FROM states",
                NamedState.init(row:)
            )
            carried.secrets = read(db, "secrets", "SELECT name, version, sealed FROM secrets") { row in
                NamedState(
                    name: StateName(rawValue: try row.decode(String.self, atIndex: 0)),
                    value: try VersionedBytes(row, 1)
                )
            }
            for kind in StoredCertificate.Kind.allCases {
                carried.certificates += read(
                    db,
                    "certificates",
                    "SELECT epoch, view, version, value FROM certificates WHERE kind = \(kind.rawValue) ORDER BY epoch, view"
                ) { try StoredCertificate(kind, $0) }
            }
            carried.evidence = read(
                db,
                "evidence",
                "SELECT id, culprit, epoch, version, value FROM evidence ORDER BY position"
            ) { row in
                StoredEvidence(
                    id: try FixedBytes(row, 0),
                    culprit: try FixedBytes(row, 1),
                    epoch: Epoch(rawValue: try UInt64(row, 2)),
                    value: try VersionedBytes(row, 3)
                )
            }
            carried.outbox = read(db, "outbox", "SELECT id, version, value FROM outbox ORDER BY position") {
                row in
                OutboxEntry(id: try FixedBytes(row, 0), value: try VersionedBytes(row, 1))
            }
            carried.ownForks = read(
                db,
                "log_forks",
                "SELECT author, sequence, epoch, digest, bytes FROM log_forks",
                StoredLogEntry.init(row:)
            ).filter { $0.author == identity }
            for (table, column) in [
                ("log_entries", "bytes"), ("log_trees", "peaks"), ("log_starts", "value"),
            ] {
                count(db, table, "SELECT length(\(column)) FROM \(table)")
            }
            promises = [
                votes(db), Self.own(db, identity, &carried),
                Promise(
                    name: "the count of starts",
                    isKept: true,
                    reason: "a new count from the clock is above every earlier one"
                ),
            ]
        }
    }

    /// Opens without the checks that a node makes, and for reading only.
    static func open(_ directory: DataDirectory) throws(StoreError) -> DatabaseQueue {
        let path = directory.database.string
        try DatabaseFile(directory).checkLog()
        do {
            guard let status = try? directory.database.stat(), status.size > 0 else {
                throw StoreError.missing(path: path)
            }
            var configuration = GRDB.Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA trusted_schema = OFF")
                try db.execute(sql: "PRAGMA cell_size_check = ON")
            }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.unsafeRead { db in
                guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationId else {
                    throw StoreError.foreign(path: path)
                }
                guard try !Schema.migrator.hasBeenSuperseded(db) else { throw StoreError.newer(path: path) }
                guard try Schema.migrator.hasCompletedMigrations(db) else {
                    throw StoreError.older(path: path)
                }
            }
            return queue
        } catch {
            throw StoreError(error, path: path)
        }
    }

    // MARK: Tables

    /// The rows of a table that can be read, and a note on the table.
    private mutating func read<Value>(
        _ db: Database,
        _ table: String,
        _ sql: String,
        _ value: (Row) throws -> Value
    ) -> [Value] {
        var values: [Value] = []
        var problem = Self.structure(db, table)
        do {
            let rows = try Row.fetchCursor(db, sql: sql)
            while let row = try rows.next() {
                do {
                    values.append(try value(row))
                } catch let damage as DamagedRow {
                    problem = problem ?? damage.detail
                } catch is RowDecodingError {
                    problem = problem ?? "a row has nothing where a value belongs"
                }
            }
        } catch {
            problem = problem ?? Self.words(error)
        }
        note(table, values.count, problem)
        return values
    }

    private mutating func count(_ db: Database, _ table: String, _ sql: String) {
        var rows = 0
        var problem = Self.structure(db, table)
        do {
            let cursor = try Row.fetchCursor(db, sql: sql)
            while try cursor.next() != nil { rows += 1 }
        } catch {
            problem = problem ?? Self.words(error)
        }
        note(table, rows, problem)
    }

    private mutating func note(_ table: String, _ rows: Int, _ problem: String?) {
        guard let place = tables.firstIndex(where: { $0.name == table }) else {
            return tables.append(Table(name: table, rows: rows, problem: problem))
        }
        tables[place].rows += rows
        tables[place].problem = tables[place].problem ?? problem
    }

    /// What SQLite finds wrong with a table and its indexes.
    private static func structure(_ db: Database, _ table: String) -> String? {
        do {
            let report = try String.fetchOne(db, sql: "PRAGMA quick_check('\(table)')")
            return report == "ok" ? nil : report ?? "the check reported nothing"
        } catch {
            return words(error)
        }
    }

    static func words(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        case let damage as DamagedRow: damage.detail
        default: "\(error)"
        }
    }

    // MARK: Promises

    /// Whom the node has voted for, and what it has wished.
    ///
    /// Each is one row that is found by its name: if the way to it is whole and its checksum holds, it is what was written
    /// last, whatever else is damaged. That there is none counts only where nothing can be lost.
    private func votes(_ db: Database) -> Promise {
        let name = "the votes given"
        if tables.first(where: { $0.name == "states" })?.problem == nil {
            return Promise(name: name, isKept: true, reason: "the states are whole")
        }
        guard let epoch = state("chain.epoch", db).flatMap({ try? RememberedEpoch(ssz: $0.value.bytes) }),
            let committee = try? Committee(epoch.record.roster)
        else {
            return Promise(
                name: name,
                isKept: false,
                reason: "the states are damaged, and which epoch it is is lost too"
            )
        }
        let names = EpochNames(committee)
        let isKept =
            state(names.votes, db).flatMap { try? VoteLock(ssz: $0.value.bytes) } != nil
            && state(names.view, db).flatMap { try? ViewRecord(ssz: $0.value.bytes) } != nil
        return Promise(
            name: name,
            isKept: isKept,
            reason: isKept
                ? "the votes and wishes of epoch \(epoch.epoch) are whole"
                : "those of epoch \(epoch.epoch) cannot be read"
        )
    }

    private func state(_ name: StateName, _ db: Database) -> NamedState? {
        let row = try? Row.fetchOne(
            db,
            sql: "SELECT name, version, value, checksum FROM states WHERE name = ?",
            arguments: [name.rawValue]
        )
        return row.flatMap { try? NamedState(row: $0) }
    }

    /// All that the node has said in its own log.
    private static func own(_ db: Database, _ identity: Identity?, _ carried: inout Carried) -> Promise {
        let name = "the node's own log"
        guard let identity else {
            return Promise(
                name: name,
                isKept: false,
                reason: "member.json, which says whose it is, cannot be read"
            )
        }
        var reason = ""
        for log in [OwnLog(author: identity, isIndexed: true), OwnLog(author: identity, isIndexed: false)] {
            do {
                let size = try log.size(in: db)
                carried.ownLog = log
                return Promise(name: name, isKept: true, reason: "all \(size) entries are whole")
            } catch {
                if reason.isEmpty { reason = words(error) }
            }
        }
        return Promise(name: name, isKept: false, reason: reason)
    }
}
