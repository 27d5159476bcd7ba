import Consensus
import Cryptography
import Gossip
import Primitives

/// `attests-the-truth`: a member signs a list of logs only if its disk holds them so; what is anchored, enough honest
/// disks hold so, and each anchor is the next.
struct AttestationCheck {
    private let domain: StatementDomain
    /// How many of the disks must be those of honest members.
    private let honestShares: Int
    /// The lists that honest members have read, by the digest of the statement about them.
    private var lists: [Digest: AttestedLogs] = [:]
    private var anchored: [(number: UInt64, root: Digest, list: AttestedLogs?)] = []

    init(committee: Committee, honest: [Bool], domain: StatementDomain) {
        self.domain = domain
        honestShares = committee.quorum - honest.count { !$0 }
    }

    /// The newest anchored list.
    var newest: AttestedLogs? { anchored.last?.list }

    mutating func stored(_ entries: [SignedObject]) {
        for entry in entries {
            guard let entry = try? LogEntry(ssz: entry.object.payload.bytes),
                entry.topic == LogTopic.attestedLogs.rawValue,
                let list = try? AttestedLogs(ssz: entry.body.bytes)
            else { continue }
            lists[digest(list.epoch, list.number, list.hashTreeRoot())] = list
        }
    }

    /// Whether the statement is about a list; such a one needs no vote.
    func isList(_ statement: Digest) -> Bool { lists[statement] != nil }

    func signs(_ statement: Digest, _ disk: DiskContents) -> String? {
        guard let list = lists[statement], let other = list.logs.first(where: { !disk.holds($0) }) else {
            return nil
        }
        return "attests \(other.size) entries of \(other.author)'s log that its disk does not hold so"
    }

    /// The contract has taken an anchor in the place after the one before.
    mutating func anchors(
        _ epoch: Epoch,
        _ number: UInt64,
        _ root: Digest,
        _ disks: [DiskContents]
    ) -> String? {
        // A reorganisation puts another in the place of one, and of those after it.
        anchored.removeAll { $0.number >= number }
        let before = anchored.last
        let list = lists[digest(epoch, number, root)]
        anchored.append((number, root, list))
        guard number == (before?.number ?? 0) + 1 else { return "anchor \(number) comes out of its turn" }
        guard let list else {
            return "anchor \(number) is of a list that nobody has read"
        }
        guard list.previous == before?.root ?? Digest() else {
            return "anchor \(number) names another before it than there was"
        }
        for log in list.logs {
            let holders = disks.count { $0.holds(log) }
            guard holders < honestShares else { continue }
            return "anchor \(number) has \(log.size) entries of \(log.author)'s log, held by \(holders)"
        }
        return nil
    }

    private func digest(_ epoch: Epoch, _ number: UInt64, _ root: Digest) -> Digest {
        domain.digest(of: ProofAnchorStatement(epoch: epoch, number: number, root: root)).digest
    }
}
