internal import Consensus
internal import Peer
internal import Primitives

/// Keeps, for each epoch, the newest anchor of its logs that the chain has confirmed to the node.
///
/// The chain tells of final ones no more, and names only the newest of all: without this, what an epoch has attested could
/// not be shown to be on the chain once the next one is there.
struct AnchorMemory: Sendable {
    private static let version: UInt16 = 1
    private static let prefix = "proof.anchor."

    /// What is on the disk.
    struct Kept: SSZContainer {
        var anchor: ProofAnchor
        var block: UInt64
        var transaction: Digest

        init(_ record: ProofAnchorRecord) {
            (anchor, block, transaction) = (record.anchor, record.block, record.transaction)
        }

        static let fields = [
            SSZField("anchor", ProofAnchor.self),
            SSZField("block", UInt64.self),
            SSZField("transaction", Digest.self),
        ]

        func visit(_ visitor: inout SSZFieldVisitor) {
            visitor.field(anchor)
            visitor.field(block)
            visitor.field(transaction)
        }

        init(fields reader: inout SSZFieldReader) throws(SSZError) {
            anchor = try reader.field()
            block = try reader.field()
            transaction = try reader.field()
        }
    }

    /// The newest confirmed anchor of an epoch, if one was seen.
    static func read(_ epoch: Epoch, from store: any Store) async throws -> ProofAnchorRecord? {
        guard let value = try await store.state(name(of: epoch)) else { return nil }
        guard value.version == version else { throw NodeError.newerStore(value.version) }
        let kept = try Kept(ssz: value.bytes)
        return ProofAnchorRecord(anchor: kept.anchor, block: kept.block, transaction: kept.transaction)
    }

    /// What keeps a confirmed anchor in place of the epoch's one before.
    static func keeping(_ record: ProofAnchorRecord) -> StoreWrite {
        .setState(
            name(of: record.anchor.epoch),
            VersionedBytes(version: version, bytes: Kept(record).sszBytes)
        )
    }

    /// What forgets an epoch's anchor that the chain has taken back.
    static func forgetting(_ epoch: Epoch) -> StoreWrite { .removeState(name(of: epoch)) }

    private static func name(of epoch: Epoch) -> StateName { StateName(rawValue: "\(prefix)\(epoch)") }
}
