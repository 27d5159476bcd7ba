internal import GRDB

/// The form of the database, as numbered steps that are never changed once released.
enum Schema {
    /// "orcl": tells our files from those of other programs.
    static let applicationId: Int32 = 0x6f72_636c

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 ground") { db in
            try db.execute(sql: ground)
        }
        migrator.registerMigration("0002 log trees") { db in
            try db.execute(sql: logTrees)
            try StoredTree.plant(in: db)
        }
        migrator.registerMigration("0003 log starts") { db in
            try db.execute(sql: logStarts)
        }
        return migrator
    }

    /// Row order (`rowid`) is the order of storing wherever a comment says so.
    private static let ground = """
        CREATE TABLE incarnation (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            value INTEGER NOT NULL CHECK (value > 0)
        ) STRICT;

        -- Small values, each replaced as a whole; the checksum is over name, version and value.
        CREATE TABLE states (
            name TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            value BLOB NOT NULL,
            checksum BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Sealed by the caller, whose seal shows damage.
        CREATE TABLE secrets (
            name TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT;

        CREATE TABLE certificates (
            kind INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            view INTEGER NOT NULL,
            version INTEGER NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (kind, epoch, view)
        ) STRICT;

        -- In the order of storing; an author's entries are consecutive from 1.
        CREATE TABLE log_entries (
            position INTEGER PRIMARY KEY,
            author BLOB NOT NULL CHECK (length(author) = 32),
            sequence INTEGER NOT NULL CHECK (sequence > 0),
            epoch INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            bytes BLOB NOT NULL,
            UNIQUE (author, sequence)
        ) STRICT;
        CREATE INDEX log_entries_by_epoch ON log_entries (epoch, position);

        CREATE TABLE log_forks (
            author BLOB NOT NULL CHECK (length(author) = 32),
            sequence INTEGER NOT NULL CHECK (sequence > 0),
            epoch INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            bytes BLOB NOT NULL,
            PRIMARY KEY (author, sequence, digest)
        ) STRICT;

        -- In the order of storing.
        CREATE TABLE evidence (
            position INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
            culprit BLOB NOT NULL CHECK (length(culprit) = 32),
            epoch INTEGER NOT NULL,
            version INTEGER NOT NULL,
            value BLOB NOT NULL
        ) STRICT;

        -- In the order of first storing.
        CREATE TABLE outbox (
            position INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
            version INTEGER NOT NULL,
            value BLOB NOT NULL
        ) STRICT;
        """

    /// Written with the entries, so that a tree is always that of all of them.
    private static let logTrees = """
        CREATE TABLE log_trees (
            author BLOB PRIMARY KEY CHECK (length(author) = 32),
            size INTEGER NOT NULL CHECK (size > 0),
            peaks BLOB NOT NULL CHECK (length(peaks) % 32 = 0)
        ) STRICT, WITHOUT ROWID;
        """

    /// Entries of the author before the first are not read, whether they are still there or not; the checksum is over
    /// author, first, peaks and value.
    private static let logStarts = """
        CREATE TABLE log_starts (
            author BLOB PRIMARY KEY CHECK (length(author) = 32),
            first INTEGER NOT NULL CHECK (first > 1),
            peaks BLOB NOT NULL CHECK (length(peaks) % 32 = 0),
            value BLOB NOT NULL,
            checksum BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
