internal import Glibc
internal import SystemPackage

/// The right to be the only process that works in a data directory.
///
/// It is an advisory lock of the kernel on an open file, so it ends with the process however that dies, and a
/// stale file left behind means nothing. Held as long as the value lives.
package final class DirectoryLock: Sendable {
    let descriptor: FileDescriptor

    /// Takes the lock without waiting.
    ///
    /// - Throws: ``DataDirectoryError/inUse(_:process:)`` when another process has it.
    package init(_ directory: DataDirectory) throws(DataDirectoryError) {
        let path = directory.path.string
        // Kept only once it is claimed: were it the property already, an initializer that throws would run `deinit`,
        // and the file would be closed twice, the second time perhaps another thread's.
        let opened: FileDescriptor
        do {
            opened = try FileDescriptor.open(
                directory.lockFile,
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite
            )
        } catch {
            throw .unusable(path, "its lock file cannot be opened: \(error)")
        }
        do {
            try Self.claim(opened, in: path)
        } catch {
            try? opened.close()
            throw error
        }
        descriptor = opened
    }

    deinit {
        // Closing alone leaves the lock with a child process that has not come to its own program yet.
        _ = flock(descriptor.rawValue, LOCK_UN)
        // Nothing can be done about a failure, and the kernel ends the lock with the process in any case.
        try? descriptor.close()
    }

    private static func claim(_ descriptor: FileDescriptor, in path: String) throws(DataDirectoryError) {
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else {
                throw .unusable(path, "its lock cannot be taken: \(Errno(rawValue: errno))")
            }
            throw .inUse(path, process: holder(of: descriptor))
        }
        // For people, and for the message above: the lock itself does not depend on it.
        do {
            try descriptor.resize(to: 0)
            try descriptor.writeAll("\(getpid())\n".utf8)
        } catch {
            throw .unusable(path, "its lock file cannot be written: \(error)")
        }
    }

    private static func holder(of descriptor: FileDescriptor) -> Int32 {
        var text = [UInt8](repeating: 0, count: 16)
        let count = unsafe try? text.withUnsafeMutableBytes {
            try unsafe descriptor.read(fromAbsoluteOffset: 0, into: $0)
        }
        return Int32(String(decoding: text[..<(count ?? 0)], as: UTF8.self).prefix { $0.isNumber }) ?? 0
    }
}
