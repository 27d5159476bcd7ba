internal import Gossip
internal import Primitives

/// What of the members' logs need not be kept, once the committee has attested it on the chain.
///
/// Entries of the present epoch are never passed over, nor those of the epochs that are to be kept beside it; of the
/// epochs before, the last entry of each log stays, to show that what was before it is as old. A forked log stays whole:
/// the proof of the fork stands in it.
struct LogCompaction: Sendable {
    let store: any Store
    let committee: Committee
    let list: AttestedLogs
    let signature: GroupSignature
    /// How many past epochs are kept; all when `nil`.
    let keptEpochs: UInt64?

    /// Where logs are to begin, or to be shown to begin under this list.
    func starts() async throws -> [LogStart] {
        guard list.epoch == committee.epoch else { return [] }
        let stored = Dictionary(
            try await store.logStarts().map { ($0.author, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var starts: [LogStart] = []
        for log in list.logs {
            guard let author = committee[log.author]?.identity else { continue }
            let tree = StoredLogTree(store: store, author: author, start: stored[author])
            if let start = try await start(of: log, tree) { starts.append(start) }
        }
        return starts
    }

    private func start(of log: Checkpoint, _ tree: StoredLogTree) async throws -> LogStart? {
        guard try await store.forks(of: tree.author).isEmpty else { return nil }
        let last = try await lastOfOldEpochs(in: tree, upTo: log.size)
        // What is cut already is shown anew in each epoch, since nobody can check the lists of those before.
        let isOutdated = try tree.start.map { try LogStart(ssz: $0.bytes).list.epoch < list.epoch } ?? false
        let first = max(last ?? 0, tree.first)
        guard first > tree.first || (isOutdated && first > 1), first <= log.size else { return nil }
        guard
            let entry = try await entry(first, of: tree.author),
            let path = try await tree.path(of: first - 1, in: log.size),
            let path = SSZList<Digest, 64>(path)
        else { return nil }
        let start = LogStart(author: log.author, list: list, signature: signature, entry: entry, path: path)
        return start.isSound(in: committee) ? start : nil
    }

    /// The last entry of the epochs that need not be kept; epochs do not go back within a log.
    private func lastOfOldEpochs(in tree: StoredLogTree, upTo size: UInt64) async throws -> UInt64? {
        guard let keptEpochs, list.epoch.rawValue > keptEpochs else { return nil }
        let oldest = Epoch(rawValue: list.epoch.rawValue - keptEpochs)
        // The last entry known to be old, and the first known not to be.
        var (old, kept) = (tree.first - 1, size + 1)
        while kept - old > 1 {
            let middle = old + (kept - old) / 2
            guard let entry = try await entry(middle, of: tree.author) else { return nil }
            if entry.object.epoch < oldest { old = middle } else { kept = middle }
        }
        return old >= tree.first ? old : nil
    }

    private func entry(_ sequence: UInt64, of author: Identity) async throws -> SignedObject? {
        let found = try await store.logEntries(of: author, from: sequence, limit: 1, byteLimit: 0).first
        guard let found, found.sequence == sequence else { return nil }
        return try SignedObject(ssz: found.bytes)
    }
}
