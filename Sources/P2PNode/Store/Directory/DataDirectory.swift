internal import Glibc
package import SystemPackage

/// The one directory in which a node keeps all it must not lose.
///
/// It belongs to the user that runs the node and is closed to everybody else; a directory that is not is refused
/// rather than repaired, because somebody may have read it already.
package struct DataDirectory: Hashable, Sendable {
    /// Where it is.
    package let path: FilePath

    /// Opens a directory that exists.
    ///
    /// - Throws: ``DataDirectoryError`` when it is missing, not a directory, another user's or open to others.
    package init(opening path: FilePath) throws(DataDirectoryError) {
        let status: Stat
        do {
            status = try path.stat()
        } catch {
            throw error == .noSuchFileOrDirectory ? .missing(path.string) : .unusable(path.string, "\(error)")
        }
        guard status.type == .directory else { throw .unusable(path.string, "it is not a directory") }
        guard status.userID.rawValue == geteuid() else {
            throw .foreign(path.string, owner: status.userID.rawValue)
        }
        let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
        guard status.permissions.isDisjoint(with: others) else { throw .open(path.string) }
        self.path = path
    }

    /// Makes the directory with mode 0700 where there is none, its parents being there already, and opens it.
    package init(creating path: FilePath) throws(DataDirectoryError) {
        if unsafe mkdir(path.string, 0o700) != 0, errno != EEXIST {
            throw .unusable(path.string, "it cannot be made: \(Errno(rawValue: errno))")
        }
        try self.init(opening: path)
    }

    /// The database of ``SQLiteStore``.
    package var database: FilePath { path.appending("oracle.sqlite") }
    /// Says that ``database`` has been made once, so that its loss is noticed.
    package var databaseMarker: FilePath { path.appending("database-exists") }
    /// What of ``database`` has been written and not yet moved into it; there while the database is open.
    package var databaseLog: FilePath { path.appending("oracle.sqlite-wal") }
    /// Says that ``databaseLog`` has been made, so that its loss is noticed.
    package var databaseLogMarker: FilePath { path.appending("database-open") }
    /// The file whose lock ``DirectoryLock`` holds.
    package var lockFile: FilePath { path.appending("lock") }
    /// The member's public record, as `oracle keys new` wrote it.
    package var memberCard: FilePath { path.appending("member.json") }
    /// The operator's public record, as `oracle keys new --operator` wrote it.
    package var operatorCard: FilePath { path.appending("operator.json") }
    /// The directory of the sealed keys.
    package var keys: FilePath { path.appending("keys") }
    /// Where the status API listens unless configured otherwise.
    package var statusSocket: FilePath { path.appending("oracle.sock") }
}

/// Why a data directory cannot be used.
package enum DataDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is nothing at the path.
    case missing(String)
    /// Another user owns it.
    case foreign(String, owner: UInt32)
    /// Group or others may enter.
    case open(String)
    /// Another process holds its lock; the number is 0 when it could not be read.
    case inUse(String, process: Int32)
    /// The system refused something.
    case unusable(String, String)

    package var description: String {
        switch self {
        case .missing(let path):
            "there is no data directory at \(path). Make one with: oracle keys new --data \(path)"
        case .foreign(let path, let owner):
            "the data directory \(path) belongs to user \(owner). Run the node as that user, or give the directory "
                + "to the user that runs it: chown -R USER \(path)"
        case .open(let path):
            "the data directory \(path) is open to other users. Close it: chmod 700 \(path)"
        case .inUse(let path, let process):
            "the data directory \(path) is in use by \(process > 0 ? "process \(process)" : "another process"). "
                + "Two nodes on one directory would break each other's promises: stop that one first"
        case .unusable(let path, let reason):
            "the data directory \(path) cannot be used: \(reason)"
        }
    }
}
