package import Consensus
internal import Cryptography
internal import Ethereum
internal import Primitives
package import SystemPackage

/// What a file of logs holds, checked entry by entry without a node and without a network.
package struct LogFileReport: Codable, Hashable, Sendable {
    /// One member's log.
    package struct Log: Codable, Hashable, Sendable {
        /// The author's identity.
        package var identity: String
        /// Its position in the newest committee that has it.
        package var member: UInt16
        /// The first entry in the file.
        package var first: UInt64
        /// The last entry in the file.
        package var last: UInt64
        /// The last entry's digest.
        package var head: String
        /// What the log comes to, if the file has it from its first entry on.
        package var root: String?
        /// As far as the attested list covers it: so many entries; `nil` when it does not.
        package var attested: UInt64?
    }

    /// A list that the group has signed and that the logs in the file agree with.
    package struct Attestation: Codable, Hashable, Sendable {
        /// The epoch whose key signed.
        package var epoch: UInt64
        /// The anchor's number.
        package var number: UInt64
        /// The anchor's root.
        package var root: String
        /// The key.
        package var groupKey: String
    }

    /// The registry.
    package var registry: String
    /// Its chain.
    package var chainId: UInt64
    /// The logs, in the order of the file.
    package var logs: [Log] = []
    /// The newest list in the file that is signed, if there is one.
    package var attestation: Attestation?
    /// Whether the committees were compared with a record that the reader trusts.
    package var isCommitteeGiven: Bool

    /// Checks a file from its beginning to its end.
    ///
    /// - Parameters:
    ///   - path: The file, which is read twice.
    ///   - record: A committee's record that the reader trusts; the file's of that epoch has to be the same.
    ///   - progress: Told now and then how many entries were checked.
    /// - Throws: ``LogFileError`` for the first thing that does not hold; `Errno`.
    package init(
        on path: FilePath,
        by record: CommitteeRecord?,
        progress: (UInt64) -> Void = { _ in }
    ) throws {
        var check = LogFileCheck(record)
        try Self.read(path) { piece throws(LogFileError) in try check.take(piece, progress) }
        self = try check.finish()
        guard let list = check.newestList else { return }
        var comparison = ListComparison(list, check.positions(in: list.epoch))
        try Self.read(path) { piece throws(LogFileError) in comparison.take(piece) }
        try comparison.finish(&self)
    }

    private static func read(
        _ path: FilePath,
        _ body: (LogFile.Piece) throws(LogFileError) -> Void
    ) throws {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        var reader = try LogFileReader(file)
        while let piece = try reader.next() { try body(piece) }
    }
}

/// The first reading: every entry, and which list the group has signed last.
private struct LogFileCheck {
    /// How many of the last lists of each author are remembered until a signature is found, and how many signatures.
    private static let listLimit = 8

    private let record: CommitteeRecord?
    private var deployment: Deployment?
    private var records: [Epoch: CommitteeRecord] = [:]
    private var committees: [Epoch: Committee] = [:]
    private var follower: LogFollower?
    private var seen: Set<Identity> = []
    private var logs: [LogFileReport.Log] = []
    private var count: UInt64 = 0
    private var lists: [Identity: [AttestedLogs]] = [:]
    private var anchors: [LatestProof: ProofAnchor] = [:]

    init(_ record: CommitteeRecord?) { self.record = record }

    /// The newest list that is signed.
    var newestList: AttestedLogs? { newest.flatMap { list(of: $0.place) } }

    private var newest: ProofAnchor? {
        anchors.values.filter { list(of: $0.place) != nil }.max { $0.number < $1.number }
    }

    private func list(of place: LatestProof) -> AttestedLogs? {
        lists.values.lazy.joined().first { $0.number == place.number && $0.hashTreeRoot() == place.root }
    }

    /// Who has which position in an epoch.
    func positions(in epoch: Epoch) -> [Identity: MemberIndex] {
        guard let committee = committees[epoch] else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: committee.indices.compactMap { member in
                committee.identity(of: member).map { ($0, member) }
            }
        )
    }

    mutating func take(_ piece: LogFile.Piece, _ progress: (UInt64) -> Void) throws(LogFileError) {
        switch piece {
        case .deployment(let named):
            if let record, record.deployment != named {
                throw .wrong("it is of another registry, chain or version than the given record")
            }
            deployment = named
        case .committee(let named): try take(named)
        case .log(let author):
            try endLog()
            guard let deployment else { throw .malformed("a log of no registry") }
            guard seen.insert(author).inserted else { throw .wrong("the log of \(author) is there twice") }
            follower = LogFollower(author, deployment, committees)
        case .entries(let entries):
            for entry in entries {
                try follower?.take(entry)
                note(entry)
                count += 1
                if count.isMultiple(of: 64) { progress(count) }
            }
        case .end: try endLog()
        }
    }

    private mutating func take(_ named: CommitteeRecord) throws(LogFileError) {
        let epoch = named.roster.epoch
        guard named.deployment == deployment else { throw .wrong("a committee is of another registry") }
        guard RegistryMembers.hash(named.roster.members) == named.membersHash else {
            throw .wrong("the members' hash of epoch \(epoch) is not that of its members")
        }
        if let record, record.roster.epoch == epoch, record != named {
            throw .wrong("the committee of epoch \(epoch), or its key, is another than the given record's")
        }
        do throws(CommitteeError) {
            committees[epoch] = try Committee(named.roster)
            records[epoch] = named
        } catch {
            throw .wrong("the committee of epoch \(epoch): \(error)")
        }
    }

    private mutating func endLog() throws(LogFileError) {
        guard let follower, follower.last > 0 else { return }
        let position = committees.sorted { $0.key > $1.key }.lazy.compactMap { $1.index(of: follower.author) }
            .first
        logs.append(
            LogFileReport.Log(
                identity: "\(follower.author)",
                member: position?.rawValue ?? 0,
                first: follower.first,
                last: follower.last,
                head: "\(follower.head)",
                root: follower.root.map { "\($0)" }
            )
        )
        self.follower = nil
    }

    /// Remembers lists, and which of them the group has signed.
    private mutating func note(_ signed: SignedObject) {
        guard let entry = try? Primitives.LogEntry(ssz: signed.object.payload.bytes) else { return }
        switch LogTopic(rawValue: entry.topic) {
        case .attestedLogs:
            guard let author = follower?.author, let list = try? AttestedLogs(ssz: entry.body.bytes) else {
                return
            }
            lists[author] = Array(((lists[author] ?? []) + [list]).suffix(Self.listLimit))
        case .proofAnchor:
            guard let anchor = try? ProofAnchor(ssz: entry.body.bytes), anchors[anchor.place] == nil,
                let record = records[anchor.epoch], let key = try? GroupPublicKey(record.groupKey),
                anchor.isValid(by: key, in: StatementDomain(record.deployment))
            else { return }
            anchors[anchor.place] = anchor
            if anchors.count > Self.listLimit, let oldest = anchors.keys.min(by: { $0.number < $1.number }) {
                anchors[oldest] = nil
            }
        default: break
        }
    }

    func finish() throws(LogFileError) -> LogFileReport {
        guard let deployment else { throw .malformed("it is of no registry") }
        return LogFileReport(
            registry: deployment.registry.checksummed,
            chainId: deployment.chainId,
            logs: logs,
            attestation: newest.flatMap { anchor in
                records[anchor.epoch].map {
                    LogFileReport.Attestation(
                        epoch: anchor.epoch.rawValue,
                        number: anchor.number,
                        root: "\(anchor.root)",
                        groupKey: "\($0.groupKey)"
                    )
                }
            },
            isCommitteeGiven: record != nil
        )
    }
}

extension LogFileReport {
    fileprivate init(
        registry: String,
        chainId: UInt64,
        logs: [Log],
        attestation: Attestation?,
        isCommitteeGiven: Bool
    ) {
        self.registry = registry
        self.chainId = chainId
        self.logs = logs
        self.attestation = attestation
        self.isCommitteeGiven = isCommitteeGiven
    }
}

/// The second reading: whether each log comes to what the list says at the size that it says.
private struct ListComparison {
    private let list: AttestedLogs
    private let positions: [Identity: MemberIndex]
    private var author: Identity?
    private var tree = LogTree()
    private var results: [Identity: (size: UInt64, isSame: Bool)] = [:]

    init(_ list: AttestedLogs, _ positions: [Identity: MemberIndex]) {
        self.list = list
        self.positions = positions
    }

    mutating func take(_ piece: LogFile.Piece) {
        switch piece {
        case .log(let identity): (author, tree) = (identity, LogTree())
        case .entries(let entries):
            guard let author, let log = positions[author].flatMap({ list[$0] }) else { return }
            for entry in entries where entry.object.order.sequence == tree.size + 1 && tree.size < log.size {
                tree.append(LogTree.leaf(entry.hashTreeRoot()))
                if tree.size == log.size { results[author] = (log.size, tree.root == log.root) }
            }
        case .deployment, .committee, .end: break
        }
    }

    func finish(_ report: inout LogFileReport) throws(LogFileError) {
        for place in report.logs.indices {
            guard let identity = Identity(hex: report.logs[place].identity), let result = results[identity]
            else {
                continue
            }
            guard result.isSame else {
                throw .wrong(
                    "the first \(result.size) entries of the log of \(identity) are not those that list \(list.number) attests"
                )
            }
            report.logs[place].attested = result.size
        }
    }
}
