internal import FoundationEssentials
internal import GRDB
internal import Primitives

/// A row that the store never wrote in this form.
///
/// Columns are read with `decode`, which throws where nothing stands; a subscript of a row ends the process there.
struct DamagedRow: Error {
    let detail: String
}

extension NamedState {
    /// Name, version, value, checksum.
    init(row: Row) throws {
        self.init(
            name: StateName(rawValue: try row.decode(String.self, atIndex: 0)),
            value: try VersionedBytes(row, 1)
        )
        guard try row.decode(Data.self, atIndex: 3) == StateChecksum.of(name, value).data else {
            throw DamagedRow(detail: "the state '\(name)' does not match its checksum")
        }
    }
}

extension VersionedBytes {
    /// A version and the blob in the column after it.
    init(_ row: Row, _ column: Int) throws {
        let number = try row.decode(Int64.self, atIndex: column)
        guard let version = UInt16(exactly: number) else {
            throw DamagedRow(detail: "\(number) stands where a version belongs")
        }
        self.init(version: version, bytes: Array(try row.decode(Data.self, atIndex: column + 1)))
    }
}

extension StoredCertificate {
    /// Epoch, view, version, value.
    init(_ kind: Kind, _ row: Row) throws {
        self.init(
            kind: kind,
            epoch: Epoch(rawValue: try UInt64(row, 0)),
            view: View(rawValue: try UInt64(row, 1)),
            value: try VersionedBytes(row, 2)
        )
    }
}

extension StoredLogEntry {
    /// Author, sequence, epoch, digest, bytes.
    init(row: Row) throws {
        self.init(
            author: try FixedBytes(row, 0),
            sequence: try UInt64(row, 1, least: 1),
            epoch: Epoch(rawValue: try UInt64(row, 2)),
            digest: try FixedBytes(row, 3),
            bytes: Array(try row.decode(Data.self, atIndex: 4))
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
    init(_ row: Row, _ column: Int) throws {
        let blob = try row.decode(Data.self, atIndex: column)
        guard let bytes = Self(blob) else {
            throw DamagedRow(detail: "\(blob.count) bytes stand where \(Self.byteCount) belong")
        }
        self = bytes
    }
}

extension UInt64 {
    /// From an integer column.
    init(_ row: Row, _ column: Int, least: UInt64 = 0) throws {
        let integer = try row.decode(Int64.self, atIndex: column)
        guard let number = UInt64(exactly: integer), number >= least else {
            throw DamagedRow(detail: "\(integer) stands where a number from \(least) on belongs")
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
