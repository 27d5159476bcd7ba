import Consensus
import Cryptography
import Primitives

@testable import P2PNode

/// The committee of an ``ElectionWorld``, with logs, a list of them, and the group's signature over it.
struct ProofWorld {
    let elections: ElectionWorld
    /// The entries of each member's log.
    let logs: [[SignedObject]]
    let list: AttestedLogs
    let anchor: ProofAnchor

    var record: CommitteeRecord { elections.record }

    /// Logs of 5, 6, 7 and 8 entries, of which the list has all but the last.
    init(seed: UInt64 = 7) throws {
        elections = try ElectionWorld(seed: seed)
        let world = elections
        var logs: [[SignedObject]] = []
        for member in world.committee.indices {
            var previous = Digest()
            var entries: [SignedObject] = []
            for place in 1...(4 + UInt64(member.rawValue)) {
                let entry = world.entry(
                    .absent,
                    [UInt8(member.rawValue), UInt8(place)],
                    by: member,
                    at: place,
                    after: previous
                )
                previous = entry.hashTreeRoot()
                entries.append(entry)
            }
            logs.append(entries)
        }
        let checkpoints = zip(world.committee.indices, logs).map { member, entries in
            Self.checkpoint(of: member, Array(entries.dropLast()))
        }
        list = AttestedLogs(epoch: Epoch(1), number: 1, previous: Digest(), logs: SSZList(checkpoints)!)
        anchor = try world.anchor(list)
        self.logs = logs
    }

    static func checkpoint(of member: MemberIndex, _ entries: [SignedObject]) -> Checkpoint {
        Checkpoint(
            epoch: Epoch(1),
            author: member,
            size: UInt64(entries.count),
            root: LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }).root,
            head: entries.last?.hashTreeRoot() ?? Digest()
        )
    }

    /// The bundle of an entry that the list covers.
    func bundle(member: UInt16 = 2, sequence: UInt64 = 3) -> ProofBundle {
        let author = MemberIndex(rawValue: member)
        let entries = logs[author.offset]
        let size = UInt64(entries.count - 1)
        let inclusion = InclusionProof(of: sequence - 1, in: size) { range in
            LogTree(
                entries[Int(range.lowerBound)..<Int(range.upperBound)].map { LogTree.leaf($0.hashTreeRoot()) }
            ).root
        }
        return ProofBundle(
            committee: record,
            author: author,
            entry: entries[Int(sequence) - 1],
            inclusion: inclusion!,
            logs: list,
            signature: anchor.signature,
            place: ProofBundle.Place(block: 42, transaction: SHA256.hash([9]))
        )
    }
}

extension ProofWorld {
    /// The bundle of something that member 2 has published as the third entry of its log.
    func published(_ publication: Publication) throws -> ProofBundle {
        try entry(.publication, publication.sszBytes)
    }

    /// The bundle of an entry with which member 2's log ends.
    func entry(_ topic: LogTopic, _ body: [UInt8]) throws -> ProofBundle {
        var bundle = bundle()
        var entries = Array(logs[1].prefix(2))
        let previous = entries[1].hashTreeRoot()
        entries.append(elections.entry(topic, body, by: MemberIndex(2), at: 3, after: previous))
        bundle.entry = entries[2]
        let leaves = entries.map { LogTree.leaf($0.hashTreeRoot()) }
        bundle.inclusion = InclusionProof(of: 2, in: 3) {
            LogTree(leaves[Int($0.lowerBound)..<Int($0.upperBound)]).root
        }!
        var checkpoints = list.logs.elements
        checkpoints[1] = Self.checkpoint(of: MemberIndex(2), entries)
        bundle.logs.logs = SSZList(checkpoints)!
        bundle.signature = try elections.anchor(bundle.logs).signature
        return bundle
    }
}

extension ElectionWorld {
    /// An entry of a member's log.
    func entry(
        _ topic: LogTopic,
        _ body: [UInt8],
        by author: MemberIndex,
        at place: UInt64,
        after previous: Digest
    ) -> SignedObject {
        let entry = Primitives.LogEntry(previous: previous, topic: topic.rawValue, body: ByteList(body)!)
        let object = Object(
            epoch: Epoch(1),
            author: author,
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: place),
            payload: ByteList(entry.sszBytes)!
        )
        let root = SigningRoot(of: object, in: SigningDomains(record.deployment))
        return SignedObject(object: object, signature: identities[author.offset].sign(root))
    }

    /// A list as the group attests it.
    func anchor(_ list: AttestedLogs) throws -> ProofAnchor {
        var anchor = ProofAnchor(
            epoch: list.epoch,
            number: list.number,
            root: list.hashTreeRoot(),
            signature: GroupSignature()
        )
        anchor.signature = try sign(anchor.statement, view: 1_000 + list.number)
        return anchor
    }
}

extension SignedObject {
    /// The entry as a node stores it.
    func stored(of author: Identity) -> StoredLogEntry {
        StoredLogEntry(
            author: author,
            sequence: object.order.sequence,
            epoch: object.epoch,
            digest: hashTreeRoot(),
            bytes: sszBytes
        )
    }
}
