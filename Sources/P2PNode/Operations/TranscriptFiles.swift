internal import Glibc
package import KeyOperations
internal import Primitives
internal import SystemPackage
internal import ValidatorFiles

/// Keeps transcripts of operations, and the files that other tools take, where people find them.
///
/// ```
/// <directory>/<request id>/attempt-<n>/transcript.ssz
///                                      deposit_data.json, keyshares.json or exit.json
/// ```
package enum TranscriptFiles {
    /// What was done.
    package struct Outcome: Hashable, Sendable {
        /// The attempt's folder.
        package let folder: String
        /// The files that were not there before, or not so.
        package let written: [String]
        /// Why a file that such an attempt usually makes is not there.
        package let omitted: [String]
    }

    /// Writes what there is of an attempt, each file whole or not at all.
    ///
    /// May be called again at any time: a file that is there already and right stays as it is, and a transcript with
    /// more reports takes the place of the one before.
    ///
    /// - Throws: ``SystemPackage/Errno`` of the step that failed.
    package static func write(
        _ transcript: OperationTranscript,
        of attempt: OperationAttempt,
        to directory: String
    ) throws -> Outcome {
        let root = FilePath(directory)
        let requests = root.appending(transcript.plan.request.hex)
        let folder = requests.appending("attempt-\(transcript.plan.attempt)")
        for path in [root, requests, folder] { try make(path) }
        let others = OperationFiles(of: attempt, createdAt: WallTime.now.utc)
        var written: [String] = []
        for file in others.files {
            // It says when it was made, so that another would differ though it says the same.
            do {
                try AtomicFile.write(
                    unsafe file.bytes.span.bytes,
                    to: folder.appending(file.name),
                    replacing: false
                )
                written.append(file.name)
            } catch Errno.fileExists {}
        }
        // Last, so that whoever sees the transcript finds the rest beside it.
        let name = "transcript.ssz"
        let bytes = transcript.encoded
        if !holds(folder.appending(name), bytes) {
            try AtomicFile.write(unsafe bytes.span.bytes, to: folder.appending(name), replacing: true)
            written.append(name)
        }
        return Outcome(folder: folder.string, written: written, omitted: others.omitted.map { "\($0)" })
    }

    private static func make(_ path: FilePath) throws {
        guard unsafe mkdir(path.string, 0o700) == 0 else {
            let fault = Errno(rawValue: errno)
            guard fault == .fileExists else { throw fault }
            return
        }
        let parent = path.removingLastComponent()
        try AtomicFile.syncDirectory(parent.isEmpty ? "." : parent)
    }

    /// Whether a file has these bytes; one that cannot be read has not.
    private static func holds(_ path: FilePath, _ bytes: [UInt8]) -> Bool {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow]) else {
            return false
        }
        let found = try? file.closeAfter {
            var found = [UInt8](repeating: 0, count: bytes.count + 1)
            var filled = 0
            while filled < found.count {
                let count = try unsafe found.withUnsafeMutableBytes { room in
                    try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
                }
                if count == 0 { break }
                filled += count
            }
            return found[..<filled]
        }
        return found.map { $0.elementsEqual(bytes) } ?? false
    }
}
