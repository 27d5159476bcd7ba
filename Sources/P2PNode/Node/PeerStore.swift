internal import Consensus
internal import Cryptography
internal import Gossip
internal import Peer
internal import Primitives

/// Translates between what a member's machine keeps and what the store knows.
struct PeerStore: Sendable {
    private static let version: UInt16 = 1
    /// How many log entries are read at a time.
    private static let pageSize = 256

    let store: any Store
    let committee: Committee

    private var names: EpochNames { EpochNames(committee) }

    // MARK: Writing

    /// The writes that make a record durable.
    func writes(for record: PeerRecord) -> [StoreWrite] {
        switch record {
        case .view(let record):
            var writes = [StoreWrite.setState(names.view, versioned(record))]
            if let certificate = record.viewCertificate.first {
                writes.append(.keepCertificate(stored(certificate, .view, certificate.view)))
            }
            if let certificate = record.electionCertificate.first {
                writes.append(.keepCertificate(stored(certificate, .election, certificate.view)))
            }
            return writes
        case .votes(let lock): return [.setState(names.votes, versioned(lock))]
        case .log(.entries(let author, let entries)):
            return stored(entries, of: author).map { .appendToLog($0) }
        case .log(.start(let author, let start)):
            guard let tree = start.treeBefore, start.first > 1 else { return [] }
            let begins = StoredLogStart(author: author, first: start.first, tree: tree, bytes: start.sszBytes)
            return [.beginLog(begins), .appendToLog(stored(start.entry, of: author))]
        case .log(.fork(let author, let proof)): return [.keepFork(stored(proof.second, of: author))]
        case .evidence(let conviction, let proof): return evidence(conviction, proof)
        }
    }

    private func evidence(_ conviction: Conviction, _ proof: Evidence) -> [StoreWrite] {
        // What is too large for a record stands in the logs, where everyone finds it again.
        guard let record = EvidenceRecord(proof), let culprit = committee[conviction.member] else {
            return []
        }
        var id = SHA256()
        id.update(culprit.identity)
        id.update(conviction.epoch.sszBytes + [conviction.crime.rawValue])
        let kept = StoredEvidence(
            id: id.finalize(),
            culprit: culprit.identity,
            epoch: conviction.epoch,
            value: versioned(record)
        )
        return [.keepEvidence(kept)]
    }

    private func versioned(_ value: some SSZValue) -> VersionedBytes {
        VersionedBytes(version: Self.version, bytes: value.sszBytes)
    }

    private func stored(
        _ certificate: some SSZValue,
        _ kind: StoredCertificate.Kind,
        _ view: View
    ) -> StoredCertificate {
        StoredCertificate(kind: kind, epoch: committee.epoch, view: view, value: versioned(certificate))
    }

    /// Consecutive entries of one log: each but the first names the digest of the one before it, so that only the last
    /// is hashed.
    private func stored(_ entries: [SignedObject], of author: Identity) -> [StoredLogEntry] {
        entries.indices.map { index in
            let next = entries[(index + 1)...].first?.object.payload.bytes.prefix(Digest.byteCount)
            return stored(entries[index], of: author, digest: next.flatMap { Digest($0) })
        }
    }

    private func stored(
        _ entry: SignedObject,
        of author: Identity,
        digest: Digest? = nil
    ) -> StoredLogEntry {
        StoredLogEntry(
            author: author,
            sequence: entry.object.order.sequence,
            epoch: entry.object.epoch,
            digest: digest ?? entry.hashTreeRoot(),
            bytes: entry.sszBytes
        )
    }

    // MARK: Reading

    /// All that is stored of the epoch.
    func beginning(membersHash: Digest, firstView: View) async throws -> EpochBeginning {
        var beginning = EpochBeginning(committee: committee, membersHash: membersHash, firstView: firstView)
        beginning.viewRecord = try await value(ViewRecord.self, names.view)
        beginning.votes = try await value(VoteLock.self, names.votes)
        let starts = try await starts()
        for head in try await store.logHeads() where committee.index(of: head.author) != nil {
            let last = Gossip.LogHead(sequence: head.sequence, digest: head.digest)
            beginning.logs.append(
                StoredLog(
                    author: head.author,
                    head: last,
                    tree: head.tree,
                    epoch: head.epoch,
                    start: starts[head.author],
                    fork: try await fork(of: head)
                )
            )
        }
        var cursor: Int64 = 0
        // What is for people only may be much, and nobody needs more of it here than where the last of it stands.
        var forPeople: [Identity: SignedObject] = [:]
        while true {
            let page = try await store.logPage(epoch: committee.epoch, after: cursor, limit: Self.pageSize)
            if page.entries.isEmpty { break }
            for stored in page.entries {
                let object = try decode(stored)
                if object.isForPeople {
                    forPeople[stored.author] = object
                } else {
                    beginning.entries.append(object)
                }
            }
            cursor = page.cursor
        }
        beginning.entries += forPeople.values.sorted { $0.object.author < $1.object.author }
        for kept in try await store.evidence() where kept.epoch == committee.epoch {
            beginning.evidence.append(try EvidenceRecord(ssz: bytes(kept.value)).evidence())
        }
        return beginning
    }

    /// Where logs begin whose earlier entries are not kept.
    private func starts() async throws -> [Identity: LogStart] {
        var starts: [Identity: LogStart] = [:]
        for stored in try await store.logStarts() { starts[stored.author] = try LogStart(ssz: stored.bytes) }
        return starts
    }

    /// The stored proof that an author signed two histories.
    private func fork(of head: LogHead) async throws -> Contradiction? {
        guard let fork = try await store.forks(of: head.author).first else { return nil }
        let rival = try decode(fork)
        // The proof is the stored entry at the same place, or the one before it whose successor this claims to be.
        for sequence in [fork.sequence, fork.sequence - 1] where sequence > 0 {
            let entries = try await store.logEntries(of: head.author, from: sequence, limit: 1, byteLimit: 0)
            if let held = entries.first, let proof = Contradiction(try decode(held), rival) { return proof }
        }
        return nil
    }

    /// What there is of a log from a place on.
    func read(_ read: LogRead) async throws -> [SignedObject] {
        try await store.logEntries(
            of: read.author,
            from: read.first,
            limit: read.count,
            byteLimit: read.enoughBytes
        ).map { try decode($0) }
    }

    private func decode(_ entry: StoredLogEntry) throws -> SignedObject {
        try SignedObject(ssz: entry.bytes)
    }

    private func value<Value: SSZValue>(_: Value.Type, _ name: StateName) async throws -> Value? {
        guard let stored = try await store.state(name) else { return nil }
        return try Value(ssz: bytes(stored))
    }

    private func bytes(_ value: VersionedBytes) throws -> [UInt8] {
        guard value.version == Self.version else { throw NodeError.newerStore(value.version) }
        return value.bytes
    }
}

extension SignedObject {
    /// Whether it is an entry that no part of a member acts on: what an operator publishes, or of a later version.
    fileprivate var isForPeople: Bool {
        guard let entry = try? Primitives.LogEntry(ssz: object.payload.bytes) else { return false }
        let topic = LogTopic(rawValue: entry.topic)
        return topic == nil || topic == .publication
    }
}
