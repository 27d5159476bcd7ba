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
        let log = contents.withLock { $0.log }
        return Set(log.map(\.author)).sorted().compactMap { author in
            let entries = log.filter { $0.author == author }
            return entries.last.map {
                LogHead(
                    author: author,
                    sequence: $0.sequence,
                    digest: $0.digest,
                    tree: LogTree(entries.map { LogTree.leaf($0.digest) })
                )
            }
        }
    }

    func logEntries(
        of author: Identity,
        from sequence: UInt64,
        limit: Int,
        byteLimit: Int
    ) async throws(StoreError) -> [StoredLogEntry] {
        let log = contents.withLock { $0.log }.filter { $0.author == author && $0.sequence >= sequence }
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

    private mutating func append(_ entry: StoredLogEntry) throws(StoreError) {
        let own = log.filter { $0.author == entry.author }
        let expected = UInt64(own.count) + 1
        let author = entry.author.description
        guard entry.sequence > 0, entry.sequence <= expected else {
            throw .refused(.gap(author: author, sequence: entry.sequence, expected: expected))
        }
        guard entry.sequence < expected else { return log.append(entry) }
        guard own[Int(entry.sequence) - 1].digest == entry.digest else {
            throw .refused(.conflict(author: author, sequence: entry.sequence))
        }
    }
}
