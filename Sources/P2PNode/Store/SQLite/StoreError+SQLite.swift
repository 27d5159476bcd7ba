internal import GRDB

extension StoreError {
    /// What an error of the database's engine means to the node.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        case let row as DamagedRow: self = .corrupt(path: path, detail: row.detail)
        // Its description quotes the row.
        case is RowDecodingError:
            self = .corrupt(path: path, detail: "a row has nothing where a value belongs")
        case is CancellationError: self = .closed
        default: self = .unexpected(path: path, detail: "\(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = "\(error.message ?? "no message"), SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, detail: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy(path: path)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            self = .io(path: path, detail: detail)
        case .SQLITE_MISUSE where error.message == "Connection is closed": self = .closed
        default: self = .unexpected(path: path, detail: detail)
        }
    }
}
