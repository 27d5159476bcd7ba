import ArgumentParser
import Glibc
import P2PNode
import SystemPackage

/// A file named on the command line.
enum InputFile {
    /// The content of a file, or of standard input for `-`; one byte more than the limit at most.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        guard path != "-" else { return try read(.standardInput, limit: limit) }
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        return try file.closeAfter { try read(file, limit: limit) }
    }

    /// What a file says, for a command that can do nothing without it: else says why and ends with ``Exit/failed``.
    static func parsed<Value>(
        _ path: String,
        limit: Int,
        _ body: ([UInt8]) throws(OfflineError) -> Value
    ) throws -> Value {
        do {
            return try body(read(path, limit: limit))
        } catch {
            Terminal.complain("\(name(path)): \(error)")
            throw ExitCode(Exit.failed)
        }
    }

    /// What people call it.
    static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

    private static func read(_ file: FileDescriptor, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { break }
            bytes += buffer[..<min(count, limit + 1 - bytes.count)]
        }
        return bytes
    }
}
