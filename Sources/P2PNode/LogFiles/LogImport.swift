package import Consensus
internal import Gossip
package import Primitives
package import SystemPackage

/// Brings the entries of a file of logs into the data directory of a node that does not run.
///
/// Nothing is believed: an entry is taken only if it goes on from what the directory holds of its log, is signed by the log's
/// author, and that one is a member of a committee that the directory, or a given record, knows.
package struct LogImport {
    /// What has come of one log.
    package struct Outcome: Sendable {
        /// Whose log.
        package var identity: Identity
        /// How many entries were held before.
        package var held: UInt64 = 0
        /// How many were taken.
        package var taken: UInt64 = 0
        /// The place at which the author has signed two histories.
        package var fork: UInt64?
        /// Why nothing more was taken.
        package var reason: String?
    }

    private let store: SQLiteStore
    private let deployment: Deployment
    private let committees: [Epoch: Committee]
    private var outcomes: [Outcome] = []
    private var follower: LogFollower?
    /// The last entry that the directory holds of the log, and what waits to be written.
    private var held: (sequence: UInt64, digest: Digest) = (0, Digest())
    private var last: SignedObject?
    private var waiting: [SignedObject] = []
    private var count: UInt64 = 0

    /// For a directory, whose lock is held from now on.
    ///
    /// - Throws: ``DataDirectoryError`` while the node runs; ``StoreError``; ``LogFileError/wrong(_:)``.
    package init(into directory: DataDirectory, by record: CommitteeRecord?) async throws {
        store = try SQLiteStore(in: directory)
        let records = try await EpochMemory.records(in: store) + [record].compactMap(\.self)
        guard let deployment = records.first?.deployment else {
            throw LogFileError.wrong(LogExport.noCommittee)
        }
        guard records.allSatisfy({ $0.deployment == deployment }) else {
            throw LogFileError.wrong(
                "the given record is of another registry, chain or version than the directory"
            )
        }
        self.deployment = deployment
        var committees: [Epoch: Committee] = [:]
        for record in records { committees[record.roster.epoch] = try Committee(record.roster) }
        self.committees = committees
    }

    /// Takes what goes on from what is held; what was taken stays, also when the file turns out spoilt further on.
    package mutating func run(
        from path: FilePath,
        progress: (UInt64) -> Void = { _ in }
    ) async throws -> [Outcome] {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        var reader = try LogFileReader(file)
        while let piece = try reader.next() {
            switch piece {
            case .deployment(let named):
                guard named == deployment else {
                    throw LogFileError.wrong("it is of another registry, chain or version than the directory")
                }
            case .committee: break
            case .log(let author): try await begin(author)
            case .entries(let entries):
                for entry in entries {
                    if follower != nil { try await take(entry) }
                    count += 1
                }
                try await flush()
                progress(count)
            case .end: break
            }
        }
        return outcomes
    }

    /// Moves the database's last writes into it and lets the directory go.
    package func close() throws { try store.close() }

    private mutating func begin(_ author: Identity) async throws {
        var outcome = Outcome(identity: author)
        follower = nil
        last = nil
        let head = try await store.logHeads().first { $0.author == author }
        held = (head?.sequence ?? 0, head?.digest ?? Digest())
        outcome.held = held.sequence
        if !committees.values.contains(where: { $0.index(of: author) != nil }) {
            outcome.reason = "it is of no member that is known here"
        } else if try await !store.forks(of: author).isEmpty {
            outcome.reason = "its author stands convicted of two histories already"
        } else {
            follower = LogFollower(author, deployment, committees)
        }
        outcomes.append(outcome)
    }

    private mutating func take(_ entry: SignedObject) async throws {
        let place = entry.object.order.sequence
        do throws(LogFileError) {
            if last == nil, place > held.sequence + 1 {
                throw .wrong("it begins at entry \(place): those from \(held.sequence + 1) on are missing")
            }
            if place <= held.sequence + 1, try await contradicts(entry, place) { return }
            try follower?.take(entry)
        } catch {
            return end(error.description)
        }
        last = entry
        if place > held.sequence { waiting.append(entry) }
    }

    /// Compares an entry with what is held at its place and before; keeps the proof if its author has signed two.
    private mutating func contradicts(_ entry: SignedObject, _ place: UInt64) async throws(LogFileError)
        -> Bool
    {
        guard let author = follower?.author else { return false }
        let rival: SignedObject
        do {
            let first = place > held.sequence ? place - 1 : place
            guard first > 0,
                let stored = try await store.logEntries(of: author, from: first, limit: 1, byteLimit: 0)
                    .first,
                stored.sequence == first
            else { return false }
            rival = try SignedObject(ssz: stored.bytes)
            guard Contradiction(rival, entry) != nil else { return false }
        } catch {
            throw .wrong("the directory's own copy cannot be read: \(error)")
        }
        // Only what the author has signed is held against it.
        _ = try follower?.check(entry)
        do {
            try await store.commit([.keepFork(Self.stored(entry, of: author))])
        } catch {
            throw .wrong("\(error)")
        }
        outcomes[outcomes.count - 1].fork = place
        end("its author has signed two histories at entry \(place): the proof is kept, nothing more is taken")
        return true
    }

    private mutating func end(_ reason: String) {
        outcomes[outcomes.count - 1].reason = reason
        follower = nil
    }

    private mutating func flush() async throws {
        guard !waiting.isEmpty, let author = outcomes.last?.identity else { return }
        try await store.commit(waiting.map { .appendToLog(Self.stored($0, of: author)) })
        outcomes[outcomes.count - 1].taken += UInt64(waiting.count)
        waiting = []
    }

    private static func stored(_ entry: SignedObject, of author: Identity) -> StoredLogEntry {
        StoredLogEntry(
            author: author,
            sequence: entry.object.order.sequence,
            epoch: entry.object.epoch,
            digest: entry.hashTreeRoot(),
            bytes: entry.sszBytes
        )
    }
}
