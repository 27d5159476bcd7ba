internal import Consensus
internal import Cryptography
internal import Peer
internal import Primitives

/// Finds in the stored logs what shows that an entry was said and attested.
///
/// Logs only grow, so the newest anchored list of an epoch covers every entry that any earlier one of it does. What only an
/// earlier epoch's covers, because the later one has none yet or the author is a member no more, is shown by that one's.
struct ProofArchive: Sendable {
    /// How many entries are read at a time.
    private static let pageSize: UInt64 = 256
    /// How far back in each log the newest anchored list is looked for; one that was anchored stands near the end.
    private static let searchLimit: UInt64 = 16_384
    /// How many entries of one log are listed at most.
    static let listLimit = 200

    let store: any Store
    /// The committee in office, and those before it, the newest first.
    let eras: [ProofEra]

    /// An archive over a store; of the chain's newest anchor, which may be an earlier epoch's, each epoch has its own.
    init(store: any Store, eras: [ProofEra]) {
        self.store = store
        self.eras = eras.enumerated().map { place, era in
            let isEarlier = eras.dropFirst(place + 1).contains { $0.newest == era.newest }
            return isEarlier ? ProofEra(committee: era.committee, newest: .none, record: nil) : era
        }
    }

    /// The newest list of an epoch that the group has signed and the chain has.
    private struct Attested {
        let logs: AttestedLogs
        let signature: GroupSignature
    }

    // MARK: Listing

    /// The newest entries of each log, oldest first, and which of them are anchored.
    ///
    /// What members publish stands among much else: with `published` the newest of these are looked for.
    func list(_ count: Int, of only: MemberIndex?, published: Bool = false) async throws -> [ProofItem] {
        guard let current = eras.first else { return [] }
        let count = min(max(count, 0), Self.listLimit)
        let lists = try await attestedLists()
        var items: [ProofItem] = []
        for head in try await store.logHeads() {
            guard let author = current.position(of: head.author), only == nil || only == author else {
                continue
            }
            var found: [ProofItem] = []
            try await search(head, limit: published ? Self.searchLimit : UInt64(count)) { object in
                guard found.count < count else { return true }
                let anchor = lists.first { list in
                    list.era.position(of: head.author).flatMap { list.logs[$0] }
                        .map { $0.size >= object.object.order.sequence } ?? false
                }
                let item = ProofItem(author, object, anchor: anchor?.logs.number)
                if !published || item.title != nil { found.append(item) }
                return found.count == count
            }
            items += found.reversed()
        }
        return items.sorted { $0.author < $1.author }
    }

    /// The newest confirmed anchor of the epoch in office, if it covers an entry.
    func covering(
        _ author: MemberIndex,
        _ sequence: UInt64
    ) async throws -> (place: LatestProof, record: ProofAnchorRecord?)? {
        guard let era = eras.first, let log = try await attested(in: era)?.logs[author], log.size >= sequence
        else { return nil }
        return (era.newest, era.record)
    }

    /// The newest lists of the epoch in office and of the one before it that has any.
    private func attestedLists() async throws -> [(era: ProofEra, logs: AttestedLogs)] {
        var lists: [(era: ProofEra, logs: AttestedLogs)] = []
        for era in eras where lists.count < 2 {
            if let attested = try await attested(in: era) { lists.append((era, attested.logs)) }
        }
        return lists
    }

    // MARK: Proving

    /// The bundle of an entry, or why there is none.
    ///
    /// The author is named by its position in the committee in office, or in that of an epoch if one is given.
    func bundle(
        of author: MemberIndex,
        _ sequence: UInt64,
        in epoch: Epoch? = nil
    ) async throws -> Result<ProofBundle, ProofRefusal> {
        let eras = eras.filter { epoch == nil || $0.epoch == epoch }
        guard let first = eras.first else {
            return .failure(ProofRefusal(reason: "this node does not know the committee of that epoch"))
        }
        guard let identity = first.identity(author) else {
            return .failure(ProofRefusal(reason: "the committee has no member \(author)"))
        }
        let tree = try await tree(of: identity)
        guard sequence == 0 || sequence >= tree.first else {
            return .failure(
                ProofRefusal(
                    reason: """
                        entries 1 to \(tree.first - 1) of member \(author)'s log are of epochs long over and not kept by this \
                        node; ask a member that keeps all (logs.keepEpochs), or take the proof that was exported then
                        """
                )
            )
        }
        guard sequence > 0, let entry = try await entries(of: identity, from: sequence, count: 1).first,
            entry.object.order.sequence == sequence
        else {
            return .failure(
                ProofRefusal(reason: "this node holds no entry \(sequence) of member \(author)'s log")
            )
        }
        var refusal: ProofRefusal?
        var isUninformed = true
        for era in eras {
            guard let position = era.position(of: identity) else { continue }
            switch try await bundle(entry, of: identity, position, in: era) {
            case .success(let bundle): return .success(bundle)
            case .failure(let reason):
                // That an epoch has no anchor yet says less than what the one before it has.
                if refusal == nil || (era.newest.number > 0 && isUninformed) {
                    refusal = reason
                    isUninformed = era.newest.number == 0
                }
            }
        }
        return .failure(refusal ?? ProofRefusal(reason: "the author is a member of no committee known here"))
    }

    private func bundle(
        _ entry: SignedObject,
        of identity: Identity,
        _ author: MemberIndex,
        in era: ProofEra
    ) async throws -> Result<ProofBundle, ProofRefusal> {
        let sequence = entry.object.order.sequence
        let newest = era.newest
        guard newest.number > 0 else {
            return .failure(ProofRefusal(reason: "no anchor of the logs is confirmed on the chain yet"))
        }
        guard let attested = try await attested(in: era) else {
            return .failure(
                ProofRefusal(
                    reason:
                        "this node does not hold the list and signature of anchor \(newest.number); ask another"
                )
            )
        }
        guard let log = attested.logs[author], log.size >= sequence else {
            let size = attested.logs[author]?.size ?? 0
            return .failure(
                ProofRefusal(
                    reason: """
                        the newest anchor, number \(newest.number), covers \(size) entries of member \(author)'s log, and \
                        not entry \(sequence) yet; ask again after the next
                        """
                )
            )
        }
        guard let path = try await tree(of: identity).path(of: sequence - 1, in: log.size),
            let path = SSZList<Digest, 64>(path)
        else {
            return .failure(
                ProofRefusal(reason: "this node does not hold all \(log.size) entries of the attested log")
            )
        }
        let place = era.record.map { ProofBundle.Place(block: $0.block, transaction: $0.transaction) }
        return .success(
            ProofBundle(
                committee: era.committee,
                author: author,
                entry: entry,
                inclusion: InclusionProof(index: sequence - 1, size: log.size, path: path),
                logs: attested.logs,
                signature: attested.signature,
                place: place
            )
        )
    }

    private func tree(of author: Identity) async throws -> StoredLogTree {
        let start = try await store.logStarts().first { $0.author == author }
        return StoredLogTree(store: store, author: author, start: start)
    }

    // MARK: Finding the newest anchored list

    private func attested(in era: ProofEra) async throws -> Attested? {
        guard era.newest.number > 0 else { return nil }
        var signature = era.record?.anchor.signature
        var logs: AttestedLogs?
        for head in try await store.logHeads() where logs == nil || signature == nil {
            // Lists and signatures of an epoch are written in it.
            guard era.position(of: head.author) != nil, let end = try await end(of: era, in: head) else {
                continue
            }
            try await search(head, before: end, limit: Self.searchLimit) { object in
                guard let entry = try? Primitives.LogEntry(ssz: object.object.payload.bytes) else {
                    return false
                }
                if logs == nil { logs = list(in: entry, era) }
                if signature == nil { signature = self.signature(in: entry, era) }
                return logs != nil && signature != nil
            }
        }
        guard let logs, let signature else { return nil }
        return Attested(logs: logs, signature: signature)
    }

    /// The last entry of a log that is of an epoch or an earlier one: the epochs of a log's entries rise.
    private func end(of era: ProofEra, in head: LogHead) async throws -> UInt64? {
        if era.epoch == eras.first?.epoch { return head.sequence }
        var (low, high): (UInt64, UInt64) = (0, head.sequence)
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let entry = try await stored(of: head.author, from: middle, count: 1).first else {
                return nil
            }
            if entry.epoch <= era.epoch { low = middle } else { high = middle - 1 }
        }
        return low > 0 ? low : nil
    }

    private func list(in entry: Primitives.LogEntry, _ era: ProofEra) -> AttestedLogs? {
        guard entry.topic == LogTopic.attestedLogs.rawValue,
            let logs = try? AttestedLogs(ssz: entry.body.bytes),
            logs.number == era.newest.number, logs.hashTreeRoot() == era.newest.root
        else { return nil }
        return logs
    }

    /// Anybody can write anything into its log; only what the group has signed counts.
    private func signature(in entry: Primitives.LogEntry, _ era: ProofEra) -> GroupSignature? {
        guard entry.topic == LogTopic.proofAnchor.rawValue,
            let anchor = try? ProofAnchor(ssz: entry.body.bytes), anchor.place == era.newest,
            let key = try? GroupPublicKey(era.committee.groupKey),
            anchor.isValid(by: key, in: StatementDomain(era.committee.deployment))
        else { return nil }
        return anchor.signature
    }

    // MARK: Reading

    /// Goes through the newest entries of a log, the newest first, until one is what is looked for.
    private func search(
        _ head: LogHead,
        before end: UInt64? = nil,
        limit: UInt64,
        until isFound: (SignedObject) -> Bool
    ) async throws {
        var end = end ?? head.sequence
        let last = end > limit ? end - limit : 0
        while end > last {
            let first = max(last, end > Self.pageSize ? end - Self.pageSize : 0)
            let page = try await entries(of: head.author, from: first + 1, count: end - first)
            // Where a log begins in the middle, a page that begins before that goes on beyond its end.
            for object in page.reversed() where object.object.order.sequence <= end {
                if isFound(object) { return }
            }
            end = first
        }
    }

    private func stored(of author: Identity, from sequence: UInt64, count: UInt64) async throws
        -> [StoredLogEntry]
    {
        try await store.logEntries(of: author, from: sequence, limit: Int(count), byteLimit: 16 << 20)
    }

    private func entries(of author: Identity, from sequence: UInt64, count: UInt64) async throws
        -> [SignedObject]
    {
        try await stored(of: author, from: sequence, count: count).map { try SignedObject(ssz: $0.bytes) }
    }
}
