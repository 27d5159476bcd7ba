internal import GRDB
internal import Primitives
internal import Synchronization
internal import SystemPackage

/// The store of the product: one SQLite database in the data directory.
///
/// Write-ahead log, one writing connection with `synchronous = FULL`, so that a commit has reached the disk when it
/// returns, and a few reading ones that never wait for it. The data directory's lock is held as long as the value
/// lives.
package final class SQLiteStore: Store {
    let pool: DatabasePool
    let path: String
    /// Held while the store may write.
    private let lock: DirectoryLock?
    private let file: DatabaseFile?
    private let isClosed = Atomic(false)

    /// Opens the database of a data directory, makes it on the very first start, and checks it.
    ///
    /// Reads all of an existing database once (`PRAGMA quick_check`). A damaged or lost one is never replaced.
    ///
    /// - Throws: ``DataDirectoryError`` when another process uses the directory; ``StoreError``.
    package init(in directory: DataDirectory) throws {
        lock = try DirectoryLock(directory)
        let file = DatabaseFile(directory)
        self.file = file
        let isNew = try file.prepare()
        // An opening that fails may move the log into the database; that is no loss.
        try file.unmarkLog()
        path = directory.database.string
        pool = try Self.open(path: path, isNew: isNew)
        if isNew { try file.markAsMade() }
        try file.markLog()
    }

    /// Opens a data directory's database to look into it, whether a node runs on it or not; every write fails.
    ///
    /// What is read is not checked as a whole, only what SQLite and each reading notice.
    ///
    /// - Throws: ``StoreError``.
    package init(reading directory: DataDirectory) throws(StoreError) {
        (lock, file) = (nil, nil)
        path = directory.database.string
        try DatabaseFile(directory).checkLog()
        do {
            guard try directory.database.stat().size > 0 else { throw StoreError.missing(path: path) }
        } catch let error as StoreError {
            throw error
        } catch {
            throw .missing(path: path)
        }
        do {
            var configuration = Self.configuration(path: path, isNew: false)
            configuration.readonly = true
            pool = try DatabasePool(path: path, configuration: configuration)
            let path = path
            try pool.read { db in
                guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationId else {
                    throw StoreError.foreign(path: path)
                }
                guard try !Schema.migrator.hasBeenSuperseded(db) else { throw StoreError.newer(path: path) }
                guard try Schema.migrator.hasCompletedMigrations(db) else {
                    throw StoreError.older(path: path)
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    deinit {
        guard !isClosed.load(ordering: .relaxed) else { return }
        // The pool, which is closed after this, removes the write-ahead log; a note that stays says too much, not
        // too little.
        try? file?.unmarkLog()
    }

    /// Ends all work, for a process that goes on without the store.
    ///
    /// Later calls throw ``StoreError/closed``.
    package func close() throws(StoreError) {
        do {
            isClosed.store(true, ordering: .relaxed)
            try file?.unmarkLog()
            // With readers gone the writing connection is the last, and moves the write-ahead log into the database.
            pool.releaseMemory()
            try pool.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func open(path: String, isNew: Bool) throws(StoreError) -> DatabasePool {
        do {
            let pool = try DatabasePool(path: path, configuration: configuration(path: path, isNew: isNew))
            try pool.writeWithoutTransaction { db in
                // Opening a pool sets NORMAL, with which a loss of power undoes the last commits.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(sql: "PRAGMA journal_size_limit = 16777216")
            }
            try Schema.migrator.migrate(pool)
            return pool
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func configuration(path: String, isNew: Bool) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "store"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            try db.execute(sql: "PRAGMA cache_size = -1024")
            guard !db.configuration.readonly else { return }
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try checkIntegrity(db, path: path, isNew: isNew)
        }
        return configuration
    }

    /// Before anything is written, also by the opening itself.
    private static func checkIntegrity(_ db: Database, path: String, isNew: Bool) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0 > 0 else {
            guard isNew else { throw StoreError.corrupt(path: path, detail: "it holds nothing") }
            // The first thing a new database holds, so that one whose making is cut short is known as ours.
            return try db.execute(sql: "PRAGMA application_id = \(Schema.applicationId)")
        }
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        guard application == Schema.applicationId else { throw StoreError.foreign(path: path) }
        let report = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard report == "ok" else {
            throw StoreError.corrupt(path: path, detail: report ?? "the check reported nothing")
        }
        // What was made once holds tables; without them what came after the first page was lost.
        guard try isNew || db.tableExists("grdb_migrations") else {
            throw StoreError.corrupt(path: path, detail: "it holds no tables")
        }
        guard try !Schema.migrator.hasBeenSuperseded(db) else { throw StoreError.newer(path: path) }
    }
}
