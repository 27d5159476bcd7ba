internal import Consensus
internal import Glibc
internal import Primitives
package import SystemPackage

/// Writes the logs that a data directory holds to a file, whether its node runs or not.
package struct LogExport {
    /// How many entries are read at a time.
    private static let pageSize: UInt64 = 256

    private let store: SQLiteStore
    private let records: [CommitteeRecord]
    private let heads: [LogHead]

    /// How many entries there are to write.
    package var total: UInt64 { heads.reduce(0) { $0 + $1.sequence } }

    /// The logs of a directory, or of one member, as long as they are now.
    ///
    /// - Throws: ``StoreError``, ``DataDirectoryError``, or ``LogFileError/wrong(_:)``.
    package init(of directory: DataDirectory, member: UInt16?) async throws {
        store = try SQLiteStore(reading: directory)
        records = try await EpochMemory.records(in: store)
        guard let newest = records.last else { throw LogFileError.wrong(Self.noCommittee) }
        let heads = try await store.logHeads()
        guard let member else {
            self.heads = heads
            return
        }
        let members = newest.roster.members
        guard member > 0, members.indices.contains(Int(member) - 1) else {
            throw LogFileError.wrong("the committee of epoch \(newest.roster.epoch) has no member \(member)")
        }
        self.heads = heads.filter { $0.author == members[Int(member) - 1].identity }
    }

    static let noCommittee = """
        this data directory knows no committee with a group key yet; start its node, and try again once \
        'oracle status' shows a key
        """

    /// Writes the file, in the place of one that is there; after a crash it is whole or as before.
    package func write(to target: FilePath, progress: (UInt64) -> Void = { _ in }) async throws {
        let temporary = FilePath(target.string + ".new")
        let file = try FileDescriptor.open(
            temporary,
            .writeOnly,
            options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite
        )
        do {
            do {
                try await write(to: file, progress)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
            guard unsafe rename(temporary.string, target.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unsafe unlink(temporary.string)
            throw error
        }
        let directory = target.removingLastComponent()
        try AtomicFile.syncDirectory(directory.isEmpty ? "." : directory)
    }

    private func write(to file: FileDescriptor, _ progress: (UInt64) -> Void) async throws {
        guard let deployment = records.last?.deployment else { throw LogFileError.wrong(Self.noCommittee) }
        var writer = try LogFileWriter(file, of: deployment, records)
        var done: UInt64 = 0
        for head in heads {
            try writer.begin(head.author)
            var next: UInt64 = 1
            while next <= head.sequence {
                let count = min(Self.pageSize, head.sequence - next + 1)
                let page = try await store.logEntries(
                    of: head.author,
                    from: next,
                    limit: Int(count),
                    byteLimit: 1 << 20
                )
                guard let last = page.last, last.sequence >= next else {
                    throw LogFileError.wrong("the log of \(head.author) ends at entry \(next - 1) meanwhile")
                }
                try writer.write(try page.map { try SignedObject(ssz: $0.bytes) })
                next = last.sequence + 1
                done += UInt64(page.count)
                progress(done)
            }
        }
        try writer.finish()
    }
}
