import Foundation
import P2PNode
import SystemPackage

/// A private directory that is gone when the value is.
final class TemporaryDirectory: Sendable {
    let path: FilePath

    init() throws {
        // Short, because the path of a socket may have 107 bytes only.
        let name = "oracle-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        path = FilePath(NSTemporaryDirectory()).appending(name)
        try FileManager.default.createDirectory(
            atPath: path.string,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// The same place as a node's data directory.
    var data: DataDirectory {
        get throws { try DataDirectory(opening: path) }
    }
}

/// What a file holds.
func contents(of path: FilePath) throws -> Data {
    try Data(contentsOf: URL(filePath: path.string))
}

/// The permission bits of a file.
func mode(of path: FilePath) throws -> FilePermissions {
    try path.stat().permissions
}
