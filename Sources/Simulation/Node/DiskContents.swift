import Consensus
import Ethereum
import Gossip
import Peer
import Primitives

/// What a member's disk holds once it is synced.
struct DiskContents {
    var incarnation: UInt64 = 0
    var view: ViewRecord?
    var votes: VoteLock?
    /// The entries of each author, by offset, in order.
    var logs: [[SignedObject]]
    /// The trees of these entries, by offset.
    private var trees: [LogTree]
    /// What each log came to with each of its entries, by offset.
    private(set) var checkpoints: [[Checkpoint]]
    /// Where the logs begin whose earlier entries are not kept, by offset.
    private var starts: [Int: LogStart] = [:]
    var forks: [Identity: Contradiction] = [:]
    var evidence: [Evidence] = []
    var shares: [KeptShare] = []
    var hasEncryptionKey = true
    var chain = ChainMemory()
    var epoch: RememberedEpoch?

    init(size: Int) {
        logs = Array(repeating: [], count: size)
        trees = Array(repeating: LogTree(), count: size)
        checkpoints = Array(repeating: [], count: size)
    }

    mutating func write(_ record: PeerRecord, in committee: Committee) {
        switch record {
        case .view(let record): view = record
        case .votes(let lock): votes = lock
        case .log(.entries(let author, let entries)):
            guard let author = committee.index(of: author) else { return }
            logs[author.offset] += entries
            for entry in entries { grow(author, by: entry.hashTreeRoot(), in: committee.epoch) }
        case .log(.start(let author, let start)):
            guard let author = committee.index(of: author) else { return }
            begin(author, at: start, in: committee.epoch)
        case .log(.fork(let author, let proof)): forks[author] = proof
        case .evidence(_, let proof):
            // The product's store keeps what fits a record; the rest stands in the logs.
            if EvidenceRecord(proof) != nil { evidence.append(proof) }
        }
    }

    /// Cuts a log, or goes on with it from a place beyond its end.
    private mutating func begin(_ author: MemberIndex, at start: LogStart, in epoch: Epoch) {
        let isCut = logs[author.offset].last.map { $0.object.order.sequence >= start.first } ?? false
        starts[author.offset] = start
        if isCut {
            logs[author.offset].removeAll { $0.object.order.sequence < start.first }
            checkpoints[author.offset].removeAll { $0.size < start.first }
        } else if let before = start.treeBefore {
            logs[author.offset] = [start.entry]
            checkpoints[author.offset] = []
            trees[author.offset] = before
            grow(author, by: start.entry.hashTreeRoot(), in: epoch)
        }
    }

    private mutating func grow(_ author: MemberIndex, by entry: Digest, in epoch: Epoch) {
        trees[author.offset].append(LogTree.leaf(entry))
        checkpoints[author.offset].append(
            Checkpoint(
                epoch: epoch,
                author: author,
                size: trees[author.offset].size,
                root: trees[author.offset].root,
                head: entry
            )
        )
    }

    /// Whether the copy of a log came to this.
    func holds(_ checkpoint: Checkpoint) -> Bool {
        guard checkpoints.indices.contains(checkpoint.author.offset) else { return false }
        let known = checkpoints[checkpoint.author.offset]
        guard let first = known.first, let last = known.last,
            (first.size...last.size).contains(checkpoint.size)
        else { return false }
        return known[Int(checkpoint.size - first.size)] == checkpoint
    }

    mutating func write(_ chore: SecretChore) {
        switch chore {
        case .keepShare(let share): shares = [share]
        case .eraseEncryptionKey: hasEncryptionKey = false
        }
    }

    func read(_ read: LogRead, in committee: Committee) -> [SignedObject] {
        guard let author = committee.index(of: read.author) else { return [] }
        let log = logs[author.offset]
        guard let first = log.first?.object.order.sequence, read.first >= first,
            read.first - first < UInt64(log.count)
        else { return [] }
        var bytes = 0
        var found: [SignedObject] = []
        for entry in log[Int(read.first - first)...].prefix(read.count) {
            if !found.isEmpty, bytes >= read.enoughBytes { break }
            found.append(entry)
            bytes += entry.sszSize
        }
        return found
    }

    /// With what a process of the member enters the epoch.
    func beginning(of committee: Committee, membersHash: Digest) -> EpochBeginning {
        let heads = committee.indices.compactMap { author -> StoredLog? in
            guard let last = logs[author.offset].last, let member = committee[author] else { return nil }
            return StoredLog(
                author: member.identity,
                head: LogHead(last),
                tree: trees[author.offset],
                epoch: last.object.epoch,
                start: starts[author.offset],
                fork: forks[member.identity]
            )
        }
        return EpochBeginning(
            committee: committee,
            membersHash: membersHash,
            firstView: View(1),
            viewRecord: view,
            votes: votes,
            logs: heads,
            entries: logs.flatMap(\.self),
            evidence: evidence
        )
    }
}
