internal import Glibc
package import SystemPackage

/// Writes a private file so that after a crash it is either whole or as before.
package enum AtomicFile {
    /// Writes beside the target, syncs, moves into place and syncs the directory.
    ///
    /// The file's mode is 0600. Unless `replacing`, a file that is there already stays and `Errno.fileExists` is
    /// thrown; any other `Errno` is that of the step that failed. The temporary file is gone in either case.
    package static func write(_ bytes: RawSpan, to target: FilePath, replacing: Bool) throws {
        let directory = target.removingLastComponent()
        let temporary = FilePath(target.string + ".new")
        let file = try FileDescriptor.open(
            temporary,
            .writeOnly,
            options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite
        )
        do {
            try file.closeAfter {
                try unsafe bytes.withUnsafeBytes { _ = try unsafe file.writeAll($0) }
                try check(fsync(file.rawValue))
            }
            // A link fails where there is a file, a rename replaces it.
            if replacing {
                try check(unsafe rename(temporary.string, target.string))
            } else {
                try check(unsafe link(temporary.string, target.string))
                try check(unsafe unlink(temporary.string))
            }
        } catch {
            unsafe unlink(temporary.string)
            throw error
        }
        try syncDirectory(directory.isEmpty ? "." : directory)
    }

    /// Makes durable which files a directory has.
    package static func syncDirectory(_ path: FilePath) throws {
        let directory = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        try directory.closeAfter { try check(fsync(directory.rawValue)) }
    }

    private static func check(_ result: Int32) throws(Errno) {
        if result != 0 { throw Errno(rawValue: errno) }
    }
}
