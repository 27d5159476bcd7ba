import P2PNode
import Primitives
import Synchronization

/// A store that forgets everything with the process, for tests of what stands above it.
final class MemoryStore: Store {
    struct Contents {
        var incarnation: UInt64 = 0
        var states: [StateName: VersionedBytes] = [:]
        var secrets: [StateName: VersionedBytes] = [:]
        var certificates: [StoredCertificate] = []
        var log: [StoredLogEntry] = []
        var forks: [StoredLogEntry] = []
        var evidence: [StoredEvidence] = []
        var outbox: [OutboxEntry] = []
        var starts: [Identity: StoredLogStart] = [:]

        /// The entries of a log that are to be read.
        func log(of author: Identity) -> [StoredLogEntry] {
            log.filter { $0.author == author && $0.sequence >= starts[author]?.first ?? 1 }
        }

        /// What a log comes to.
        func tree(of author: Identity) -> LogTree {
            var tree = starts[author]?.tree ?? LogTree()
            for entry in log(of: author) { tree.append(LogTree.leaf(entry.digest)) }
            return tree
        }
    }

    private let contents = Mutex(Contents())

    func beginIncarnation() async throws(StoreError) -> UInt64 {
        contents.withLock { contents in
            contents.incarnation += 1
            return contents.incarnation
        }
    }

    func commit(_ writes: [StoreWrite]) async throws(StoreError) {
        let refusal = contents.withLock { contents -> StoreError? in
            var changed = contents
            do throws(StoreError) {
                for write in writes { try changed.apply(write) }
            } catch {
                return error
            }
            contents = changed
            return nil
        }
        if let refusal { throw refusal }
    }

    func state(_ name: StateName) async throws(StoreError) -> VersionedBytes? {
        contents.withLock { $0.states[name] }
    }

    func states(startingWith prefix: String) async throws(StoreError) -> [NamedState] {
        contents.withLock { $0.states }
            .filter { $0.key.rawValue.hasPrefix(prefix) }
            .map { NamedState(name: $0.key, value: $0.value) }
            .sorted { $0.name.rawValue < $1.name.rawValue }
    }

    func secret(_ name: StateName) async throws(StoreError) -> VersionedBytes? {
        contents.withLock { $0.secrets[name] }
    }

    func newestCertificate(_ kind: StoredCertificate.Kind) async throws(StoreError) -> StoredCertificate? {
        contents.withLock { $0.certificates.last { $0.kind == kind } }
    }

    func certificates(
        _ kind: StoredCertificate.Kind,
        epoch: Epoch,
        from view: View,
        limit: Int
    ) async throws(StoreError) -> [StoredCertificate] {
        let all = contents.withLock { $0.certificates }
        return Array(all.filter { $0.kind == kind && $0.epoch == epoch && $0.view >= view }.prefix(limit))
    }

    func logHeads() async throws(StoreError) -> [LogHead] {
        let contents = contents.withLock { $0 }
        return Set(contents.log.map(\.author)).sorted().compactMap { author in
            contents.log(of: author).last.map {
                LogHead(
                    author: author,
                    sequence: $0.sequence,
                    digest: $0.digest,
                    epoch: $0.epoch,
                    tree: contents.tree(of: author)
                )
            }
        }
    }

    func logStarts() async throws(StoreError) -> [StoredLogStart] {
        contents.withLock { $0.starts }.values.sorted { $0.author < $1.author }
    }

    func unsweptLog() async throws(StoreError) -> Identity? {
        contents.withLock { contents in
            contents.log.first { $0.sequence < contents.starts[$0.author]?.first ?? 1 }?.author
        }
    }

    func logDigests(
        of author: Identity,
        from sequence: UInt64,
        limit: Int
    ) async throws(StoreError) -> [Digest] {
        let entries = contents.withLock { $0.log(of: author) }.filter { $0.sequence >= sequence }
        return entries.prefix(limit).map(\.digest)
    }

    func logEntries(
        of author: Identity,
        from sequence: UInt64,
        limit: Int,
        byteLimit: Int
    ) async throws(StoreError) -> [StoredLogEntry] {
        let log = contents.withLock { $0.log(of: author) }.filter { $0.sequence >= sequence }
        var bytes = 0
        return log.prefix(limit).enumerated()
            .prefix { offset, entry in
                bytes += entry.bytes.count
                return offset == 0 || bytes <= byteLimit
            }
            .map(\.element)
    }

    func logPage(epoch: Epoch, after cursor: Int64, limit: Int) async throws(StoreError) -> LogPage {
        let found = contents.withLock { $0.log }.enumerated()
            .filter { $0.element.epoch == epoch && $0.offset >= Int(cursor) }
            .prefix(limit)
        return LogPage(
            entries: found.map(\.element),
            cursor: found.last.map { Int64($0.offset + 1) } ?? cursor
        )
    }

    func forks(of author: Identity) async throws(StoreError) -> [StoredLogEntry] {
        contents.withLock { $0.forks }
            .filter { $0.author == author }
            .sorted { ($0.sequence, $0.digest) < ($1.sequence, $1.digest) }
    }

    func evidence() async throws(StoreError) -> [StoredEvidence] {
        contents.withLock { $0.evidence }
    }

    func outbox() async throws(StoreError) -> [OutboxEntry] {
        contents.withLock { $0.outbox }
    }
}

extension MemoryStore.Contents {
    fileprivate mutating func apply(_ write: StoreWrite) throws(StoreError) {
        switch write {
        case .setState(let name, let value): states[name] = value
        case .removeState(let name): states[name] = nil
        case .setSecret(let name, let value): secrets[name] = value
        case .eraseSecret(let name): secrets[name] = nil
        case .keepCertificate(let certificate): keep(certificate)
        case .appendToLog(let entry): try append(entry)
        case .beginLog(let start): try begin(start)
        case .sweepLog(let author, let limit):
            let old = log.filter { $0.author == author && $0.sequence < starts[author]?.first ?? 1 }
            let swept = Set(old.sorted { $0.sequence < $1.sequence }.prefix(limit))
            log.removeAll { swept.contains($0) }
        case .keepFork(let entry): if !forks.contains(entry) { forks.append(entry) }
        case .keepEvidence(let new):
            if !evidence.contains(where: { $0.id == new.id }) { evidence.append(new) }
        case .putInOutbox(let entry):
            if let place = outbox.firstIndex(where: { $0.id == entry.id }) {
                outbox[place] = entry
            } else {
                outbox.append(entry)
            }
        case .removeFromOutbox(let id): outbox.removeAll { $0.id == id }
        }
    }

    private mutating func keep(_ certificate: StoredCertificate) {
        let isThere = certificates.contains {
            $0.kind == certificate.kind && $0.epoch == certificate.epoch && $0.view == certificate.view
        }
        guard !isThere else { return }
        certificates.append(certificate)
        certificates.sort { ($0.epoch, $0.view) < ($1.epoch, $1.view) }
        if certificates.count(where: { $0.kind == certificate.kind }) > StoredCertificate.keptPerKind,
            let lowest = certificates.firstIndex(where: { $0.kind == certificate.kind })
        {
            certificates.remove(at: lowest)
        }
    }

    private mutating func begin(_ start: StoredLogStart) throws(StoreError) {
        guard starts[start.author]?.first ?? 1 <= start.first else {
            throw .refused(.conflict(author: start.author.description, sequence: start.first))
        }
        starts[start.author] = start
    }

    private mutating func append(_ entry: StoredLogEntry) throws(StoreError) {
        let own = log(of: entry.author)
        let expected = tree(of: entry.author).size + 1
        let author = entry.author.description
        guard entry.sequence > 0, entry.sequence <= expected else {
            throw .refused(.gap(author: author, sequence: entry.sequence, expected: expected))
        }
        guard entry.sequence < expected else { return log.append(entry) }
        guard own.first(where: { $0.sequence == entry.sequence })?.digest == entry.digest else {
            throw .refused(.conflict(author: author, sequence: entry.sequence))
        }
    }
}
