import Ethereum
import Gossip
import Peer
import Primitives

/// A disk that makes writes durable in groups, as the product's store does: one synced transaction after the other.
///
/// A transaction is whole or not there, whatever happens while it runs.
struct SimulatedDisk {
    /// What waits for the disk.
    enum Errand {
        case write(PeerRecord, PersistTicket)
        case chore(SecretChore)
        case chain(ChainWrite, ticket: UInt64?)
        case epoch(RememberedEpoch?)
        case read(LogRead)
    }

    /// How the disk treats syncs.
    enum Health: Hashable {
        case sound
        /// The next sync fails: the disk is full, or broken.
        case failing
        /// Syncs are acknowledged and lost at a crash; no machine can keep its promises on it.
        case lying
    }

    private(set) var contents: DiskContents
    /// What a lying disk brings back after a crash.
    private var truth: DiskContents?
    private var waiting: [Errand] = []
    private(set) var running: [Errand] = []
    var health = Health.sound

    init(size: Int) {
        contents = DiskContents(size: size)
    }

    /// Adds an errand; answers whether a transaction begins now.
    mutating func submit(_ errand: Errand) -> Bool {
        waiting.append(errand)
        return beginNext()
    }

    /// Begins a transaction with all that waits, unless one runs.
    mutating func beginNext() -> Bool {
        guard running.isEmpty, !waiting.isEmpty else { return false }
        swap(&running, &waiting)
        return true
    }

    /// The running transaction is synced; answers what was in it, or `nil` when it failed.
    mutating func commit(in committee: Committee) -> [Errand]? {
        guard health != .failing else { return nil }
        if health == .lying, truth == nil { truth = contents }
        let done = running
        running = []
        apply(done, in: committee)
        return done
    }

    private mutating func apply(_ errands: [Errand], in committee: Committee) {
        for errand in errands {
            switch errand {
            case .write(let record, _): contents.write(record, in: committee)
            case .chore(let chore): contents.write(chore)
            case .chain(let change, _): contents.chain.take(change)
            case .epoch(let epoch): contents.epoch = epoch
            case .read: break
            }
        }
    }

    /// The process ends; a transaction that was under way may have become durable all the same.
    ///
    /// - Returns: What has become durable.
    mutating func crash(keepingRunning: Bool, in committee: Committee) -> [Errand] {
        let kept = keepingRunning && health == .sound ? running : []
        apply(kept, in: committee)
        running = []
        waiting = []
        if let truth {
            let incarnation = contents.incarnation
            contents = truth
            contents.incarnation = incarnation
        }
        truth = nil
        return kept
    }

    /// Counts a start of the node.
    mutating func beginIncarnation() -> UInt64 {
        contents.incarnation += 1
        return contents.incarnation
    }
}
