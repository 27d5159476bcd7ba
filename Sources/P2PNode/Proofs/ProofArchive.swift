internal import Consensus
internal import Cryptography
internal import Peer
internal import Primitives

/// Finds in the stored logs what shows that an entry was said and attested.
///
/// Logs only grow, so the newest anchored list covers every entry that any earlier one does.
struct ProofArchive: Sendable {
    /// How many entries are read at a time.
    private static let pageSize: UInt64 = 256
    /// How far back in each log the newest anchored list is looked for; one that was anchored stands near the end.
    private static let searchLimit: UInt64 = 16_384
    /// How many entries of one log are listed at most.
    static let listLimit = 200

    let store: any Store
    let committee: CommitteeRecord
    /// The newest anchor that the chain shows as deep as the node asks for.
    let newest: LatestProof
    /// The record of that anchor, if the node has seen it come.
    let record: ProofAnchorRecord?

    /// The newest list that the group has signed and the chain has.
    private struct Attested {
        let logs: AttestedLogs
        let signature: GroupSignature
    }

    // MARK: Listing

    /// The newest entries of each log, oldest first, and which of them are anchored.
    ///
    /// What members publish stands among much else: with `published` the newest of these are looked for.
    func list(_ count: Int, of only: MemberIndex?, published: Bool = false) async throws -> [ProofItem] {
        let attested = try await attested()
        let count = min(max(count, 0), Self.listLimit)
        var items: [ProofItem] = []
        for (author, head) in try await heads() where only == nil || only == author {
            let size = attested?.logs[author]?.size ?? 0
            var found: [ProofItem] = []
            try await search(head, limit: published ? Self.searchLimit : UInt64(count)) { object in
                guard found.count < count else { return true }
                let isCovered = size >= object.object.order.sequence
                let item = ProofItem(author, object, anchor: isCovered ? attested?.logs.number : nil)
                if !published || item.title != nil { found.append(item) }
                return found.count == count
            }
            items += found.reversed()
        }
        return items
    }

    /// The newest confirmed anchor, if it covers an entry.
    func covering(
        _ author: MemberIndex,
        _ sequence: UInt64
    ) async throws -> (place: LatestProof, record: ProofAnchorRecord?)? {
        guard let log = try await attested()?.logs[author], log.size >= sequence else { return nil }
        return (newest, record)
    }

    // MARK: Proving

    /// The bundle of an entry, or why there is none.
    func bundle(of author: MemberIndex, _ sequence: UInt64) async throws -> Result<ProofBundle, ProofRefusal>
    {
        guard committee.roster.members.indices.contains(author.offset) else {
            return .failure(ProofRefusal(reason: "the committee has no member \(author)"))
        }
        let identity = committee.roster.members[author.offset].identity
        guard sequence > 0, let entry = try await entries(of: identity, from: sequence, count: 1).first,
            entry.object.order.sequence == sequence
        else {
            return .failure(
                ProofRefusal(reason: "this node holds no entry \(sequence) of member \(author)'s log")
            )
        }
        guard newest.number > 0 else {
            return .failure(ProofRefusal(reason: "no anchor of the logs is confirmed on the chain yet"))
        }
        guard let attested = try await attested() else {
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
        guard let inclusion = try await inclusion(of: sequence - 1, in: log, identity) else {
            return .failure(
                ProofRefusal(reason: "this node does not hold all \(log.size) entries of the attested log")
            )
        }
        let place = record.map { ProofBundle.Place(block: $0.block, transaction: $0.transaction) }
        return .success(
            ProofBundle(
                committee: committee,
                author: author,
                entry: entry,
                inclusion: inclusion,
                logs: attested.logs,
                signature: attested.signature,
                place: place
            )
        )
    }

    /// The way from an entry to the attested root, from the entries up to there.
    private func inclusion(of index: UInt64, in log: Checkpoint, _ author: Identity) async throws
        -> InclusionProof?
    {
        guard let ranges = LogTree.inclusionPath(of: index, in: log.size) else { return nil }
        var trees = [Range<UInt64>: LogTree](uniqueKeysWithValues: ranges.map { ($0, LogTree()) })
        var next: UInt64 = 0
        while next < log.size {
            let count = min(Self.pageSize, log.size - next)
            let page = try await stored(of: author, from: next + 1, count: count)
            if page.isEmpty { return nil }
            for entry in page {
                if let range = ranges.first(where: { $0.contains(next) }) {
                    trees[range]?.append(LogTree.leaf(entry.digest))
                }
                next += 1
            }
        }
        return InclusionProof(of: index, in: log.size) { trees[$0]?.root ?? LogTree.emptyRoot }
    }

    // MARK: Finding the newest anchored list

    private func attested() async throws -> Attested? {
        guard newest.number > 0 else { return nil }
        var signature = record?.anchor.signature
        var logs: AttestedLogs?
        for (_, head) in try await heads() where logs == nil || signature == nil {
            try await search(head, limit: Self.searchLimit) { object in
                guard let entry = try? Primitives.LogEntry(ssz: object.object.payload.bytes) else {
                    return false
                }
                if logs == nil { logs = list(in: entry) }
                if signature == nil { signature = self.signature(in: entry) }
                return logs != nil && signature != nil
            }
        }
        guard let logs, let signature else { return nil }
        return Attested(logs: logs, signature: signature)
    }

    private func list(in entry: Primitives.LogEntry) -> AttestedLogs? {
        guard entry.topic == LogTopic.attestedLogs.rawValue,
            let logs = try? AttestedLogs(ssz: entry.body.bytes),
            logs.number == newest.number, logs.hashTreeRoot() == newest.root
        else { return nil }
        return logs
    }

    /// Anybody can write anything into its log; only what the group has signed counts.
    private func signature(in entry: Primitives.LogEntry) -> GroupSignature? {
        guard entry.topic == LogTopic.proofAnchor.rawValue,
            let anchor = try? ProofAnchor(ssz: entry.body.bytes), anchor.place == newest,
            let key = try? GroupPublicKey(committee.groupKey),
            anchor.isValid(by: key, in: StatementDomain(committee.deployment))
        else { return nil }
        return anchor.signature
    }

    // MARK: Reading

    /// Goes through the newest entries of a log, the newest first, until one is what is looked for.
    private func search(
        _ head: LogHead,
        limit: UInt64,
        until isFound: (SignedObject) -> Bool
    ) async throws {
        var end = head.sequence
        let last = end > limit ? end - limit : 0
        while end > last {
            let first = max(last, end > Self.pageSize ? end - Self.pageSize : 0)
            let page = try await entries(of: head.author, from: first + 1, count: end - first)
            for object in page.reversed() where isFound(object) { return }
            end = first
        }
    }

    private func heads() async throws -> [(author: MemberIndex, head: LogHead)] {
        let heads = try await store.logHeads()
        return committee.roster.members.enumerated().compactMap { offset, member in
            heads.first { $0.author == member.identity }.map { (MemberIndex(offset + 1), $0) }
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
