internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Primitives
package import SystemPackage

/// Makes a new database of what is whole in a damaged one, and sets the damaged one aside.
package enum StoreSalvage {
    /// What was done.
    package struct Outcome: Sendable {
        /// What was found.
        package var examination: StoreExamination
        /// Where the damaged database is now.
        package var aside: FilePath
        /// How many entries of the node's own log were carried over.
        package var entries: UInt64
    }

    /// Salvages the database of a node that does not run.
    ///
    /// Nothing is changed unless every promise is kept. A crash on the way leaves either the damaged database or none, and no
    /// node starts on either.
    ///
    /// - Throws: ``DataDirectoryError`` while a node runs; ``StoreError``; ``SalvageError``.
    package static func run(in directory: DataDirectory) async throws -> Outcome {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let examination = try StoreExamination(of: directory)
        guard !examination.isSound else { throw SalvageError.sound }
        guard examination.isSalvageable else {
            throw SalvageError.lost(examination.promises.filter { !$0.isKept })
        }
        let place = directory.path.appending("salvage")
        try clear(place)
        let entries = try await write(examination, of: directory, to: DataDirectory(creating: place))
        let aside = FilePath(directory.database.string + ".damaged-\(Int(Date().timeIntervalSince1970))")
        // The write-ahead log goes first: without it no node takes the damaged database, and no other gets it.
        for suffix in ["-wal", "-shm", ""] {
            let old = directory.database.string + suffix
            if unsafe rename(old, aside.string + suffix) != 0, suffix.isEmpty || errno != ENOENT {
                throw Errno(rawValue: errno)
            }
        }
        try AtomicFile.syncDirectory(directory.path)
        try DatabaseFile(directory).unmarkLog()
        guard unsafe rename(place.appending("oracle.sqlite").string, directory.database.string) == 0 else {
            throw Errno(rawValue: errno)
        }
        try AtomicFile.syncDirectory(directory.path)
        try clear(place)
        return Outcome(examination: examination, aside: aside, entries: entries)
    }

    private static func clear(_ place: FilePath) throws {
        guard FileManager.default.fileExists(atPath: place.string) else { return }
        try FileManager.default.removeItem(atPath: place.string)
    }

    /// Writes what is carried over, and answers how many entries of the own log.
    private static func write(
        _ examination: StoreExamination,
        of old: DataDirectory,
        to new: DataDirectory
    ) async throws -> UInt64 {
        let store = try SQLiteStore(in: new)
        let carried = examination.carried
        try await store.commit(
            carried.states.map { .setState($0.name, $0.value) }
                + carried.secrets.map { .setSecret($0.name, $0.value) }
                + carried.certificates.map { .keepCertificate($0) }
                + carried.evidence.map { .keepEvidence($0) }
                + carried.outbox.map { .putInOutbox($0) }
                + carried.ownForks.map { .keepFork($0) }
        )
        // No node starts more often than once a second, so this is above every count that there was.
        let clock = UInt64(max(0, Date().timeIntervalSince1970))
        try await store.restoreIncarnation(max(carried.incarnation ?? 0, clock))
        let count = try carried.ownLog.map { try copy($0, from: old, to: store) } ?? 0
        try store.close()
        return count
    }

    private static func copy(
        _ log: OwnLog,
        from old: DataDirectory,
        to store: SQLiteStore
    ) throws -> UInt64 {
        let queue = try StoreExamination.open(old)
        defer { try? queue.close() }
        return try queue.unsafeRead { db in
            var count: UInt64 = 0
            let start = log.start(in: db)
            try store.pool.write { new in
                if let start { try StoredStart.begin(start, in: new) }
                var growth: LogGrowth?
                try log.forEach(in: db) { entry in
                    if growth == nil { growth = try LogGrowth(of: entry.author, in: new) }
                    try growth?.append(entry, in: new)
                    count += 1
                }
                try growth?.finish(in: new)
            }
            return count
        }
    }
}

/// Why nothing was salvaged.
package enum SalvageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing is wrong.
    case sound
    /// These promises cannot be kept.
    case lost([StoreExamination.Promise])

    package var description: String {
        switch self {
        case .sound: "the database is sound: there is nothing to salvage"
        case .lost(let promises):
            """
            \(promises.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")). A node that goes on without this may \
            contradict what it has signed, and would be convicted for it: it must not start again with its keys. Move the \
            data directory away, make new keys with 'oracle keys new' and have the committee replace this member
            """
        }
    }
}
