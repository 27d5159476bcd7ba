internal import Glibc
internal import SystemPackage

/// The database's file and the markers beside it, which tell "never made" from "lost".
///
/// SQLite takes a missing or empty file for a new database, and a missing write-ahead log for an empty one; a node that
/// took them so would forget its votes.
struct DatabaseFile {
    private static let markerText = Array(
        "The database beside this file has been made. If it is missing, it was lost.\n".utf8
    )
    private static let logMarkerText = Array(
        "The database beside this file is open, or was not closed: its write-ahead log holds votes.\n".utf8
    )
    private let directory: DataDirectory

    init(_ directory: DataDirectory) {
        self.directory = directory
    }

    /// Makes an empty file on the first start and answers whether the marker is still to be set.
    func prepare() throws(StoreError) -> Bool {
        let path = directory.database.string
        let isMarked = try status(of: directory.databaseMarker) != nil
        let size = try status(of: directory.database)?.size ?? 0
        if isMarked && size == 0 { throw .missing(path: path) }
        try checkLog()
        if size == 0 {
            do {
                // SQLite would make it readable for others; its companion files take over this one's mode.
                try FileDescriptor.open(
                    directory.database,
                    .readWrite,
                    options: [.create, .closeOnExec, .noFollow],
                    permissions: .ownerReadWrite
                ).close()
            } catch {
                throw .io(path: path, detail: "\(error)")
            }
        }
        return !isMarked
    }

    /// Finds the loss of the write-ahead log.
    ///
    /// To be asked before SQLite opens the database, also for reading only: that makes an empty log where there is none, and
    /// nobody would find the loss any more.
    func checkLog() throws(StoreError) {
        if try status(of: directory.databaseLogMarker) != nil, try status(of: directory.databaseLog) == nil {
            throw .logMissing(path: directory.databaseLog.string)
        }
    }

    /// Sets the marker, once the database is on disk.
    func markAsMade() throws(StoreError) {
        do {
            try AtomicFile.write(
                unsafe Self.markerText.span.bytes,
                to: directory.databaseMarker,
                replacing: true
            )
        } catch {
            throw .io(path: directory.databaseMarker.string, detail: "\(error)")
        }
    }

    /// Notes that there is a write-ahead log, once there is, and makes both durable.
    func markLog() throws(StoreError) {
        do {
            try AtomicFile.write(
                unsafe Self.logMarkerText.span.bytes,
                to: directory.databaseLogMarker,
                replacing: true
            )
        } catch Errno.noSpace {
            throw .full(path: directory.databaseLogMarker.string)
        } catch {
            throw .io(path: directory.databaseLogMarker.string, detail: "\(error)")
        }
    }

    /// Takes the note back, before the write-ahead log is moved into the database and removed.
    func unmarkLog() throws(StoreError) {
        do {
            guard unsafe unlink(directory.databaseLogMarker.string) == 0 else {
                if errno == ENOENT { return }
                throw Errno(rawValue: errno)
            }
            try AtomicFile.syncDirectory(directory.path)
        } catch {
            throw .io(path: directory.databaseLogMarker.string, detail: "\(error)")
        }
    }

    private func status(of file: FilePath) throws(StoreError) -> Stat? {
        do {
            return try file.stat()
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw .io(path: file.string, detail: "\(error)")
        }
    }
}
