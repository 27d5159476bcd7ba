internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// A row that the store never wrote in this form.
struct DamagedRow: Error {
    let detail: String
}

extension NamedState {
    /// Name, version, value, checksum.
    init(row: Row) throws {
        self.init(name: StateName(rawValue: row[0]), value: VersionedBytes(row, 1))
        guard row[3] == StateChecksum.of(name, value).data else {
            throw DamagedRow(detail: "the state '\(name)' does not match its checksum")
        }
    }
}

extension VersionedBytes {
    /// A version and the blob in the column after it.
    init(_ row: Row, _ column: Int) {
        self.init(
            version: UInt16(truncatingIfNeeded: row[column] as Int64),
            bytes: Array(row[column + 1] as Data)
        )
    }
}

extension StoredCertificate {
    /// Epoch, view, version, value.
    init(_ kind: Kind, _ row: Row) throws {
        self.init(
            kind: kind,
            epoch: Epoch(rawValue: try UInt64(integer: row[0])),
            view: View(rawValue: try UInt64(integer: row[1])),
            value: VersionedBytes(row, 2)
        )
    }
}

extension StoredLogEntry {
    /// Author, sequence, epoch, digest, bytes.
    init(row: Row) throws {
        self.init(
            author: try FixedBytes(blob: row[0]),
            sequence: try UInt64(integer: row[1]),
            epoch: Epoch(rawValue: try UInt64(integer: row[2])),
            digest: try FixedBytes(blob: row[3]),
            bytes: Array(row[4] as Data)
        )
    }

    /// In the order of ``init(row:)``.
    var columns: StatementArguments {
        get throws {
            [author.data, try sequence.stored, try epoch.rawValue.stored, digest.data, Data(bytes)]
        }
    }
}

extension FixedBytes {
    /// For a blob column.
    var data: Data { Data(array) }

    /// From a blob column of as many bytes as the type has.
    init(blob: Data) throws {
        guard let bytes = Self(blob) else {
            throw DamagedRow(detail: "\(blob.count) bytes stand where \(Self.byteCount) belong")
        }
        self = bytes
    }
}

extension UInt64 {
    /// From an integer column.
    init(integer: Int64) throws {
        guard let number = UInt64(exactly: integer) else {
            throw DamagedRow(detail: "\(integer) stands where no negative number belongs")
        }
        self = number
    }

    /// For an integer column.
    var stored: Int64 {
        get throws(StoreError) {
            guard let number = Int64(exactly: self) else { throw .refused(.number(self)) }
            return number
        }
    }
}

/// Finds a small state that the disk gave back changed; SQLite checks only its own structure.
enum StateChecksum {
    static func of(_ name: StateName, _ value: VersionedBytes) -> Digest {
        var hash = SHA256()
        hash.update(Array(name.rawValue.utf8))
        hash.update([0, UInt8(value.version & 0xff), UInt8(value.version >> 8)])
        hash.update(value.bytes)
        return hash.finalize()
    }
}
