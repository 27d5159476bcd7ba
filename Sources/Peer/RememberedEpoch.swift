package import Consensus
internal import Cryptography
package import Ethereum
package import Primitives

/// An epoch as the chain has shown it, kept so that a member can begin it while the chain is silent.
///
/// Only what the contract has confirmed with its group key is remembered: a proposal can change, and no key can be
/// registered for it without the chain. The deployment is part of it, so that it counts nowhere else.
package struct RememberedEpoch: SSZContainer {
    /// The deployment, the members, and the key registered for them.
    package var record: CommitteeRecord
    /// The number of the block that it was read from or after.
    package var blockNumber: UInt64
    /// The hash of that block.
    package var blockHash: Digest

    /// Joins the parts.
    package init(record: CommitteeRecord, block: BlockReference) {
        self.record = record
        blockNumber = block.number
        blockHash = block.hash
    }

    package static let fields = [
        SSZField("record", CommitteeRecord.self),
        SSZField("block_number", UInt64.self),
        SSZField("block_hash", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(record)
        visitor.field(blockNumber)
        visitor.field(blockHash)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        record = try reader.field()
        blockNumber = try reader.field()
        blockHash = try reader.field()
    }
}

extension RememberedEpoch {
    /// The epoch.
    package var epoch: Epoch { record.roster.epoch }

    /// Whether a node of this deployment may begin with it; not after the protocol's version has changed.
    ///
    /// - Throws: ``RememberedEpochError`` when it is another registry's, or contradicts itself.
    package func isUsable(in deployment: Deployment) throws(RememberedEpochError) -> Bool {
        let own = record.deployment
        guard
            own.chainId == deployment.chainId, own.genesis == deployment.genesis,
            own.registry == deployment.registry
        else { throw .otherDeployment(own) }
        guard RegistryMembers.hash(record.roster.members) == record.membersHash else { throw .members }
        return own == deployment
    }

    /// Whether the chain names the same committee with the same key.
    func agrees(with installed: InstalledCommittee) -> Bool {
        installed.epoch == epoch && installed.membersHash == record.membersHash
            && installed.groupKey == record.groupKey && installed.transcript == record.transcript
    }
}

/// Why what is remembered of an epoch cannot be used.
package enum RememberedEpochError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of this deployment instead.
    case otherDeployment(Deployment)
    /// Its members are not those whose hash it has.
    case members

    package var description: String {
        switch self {
        case .otherDeployment(let other):
            """
            this data directory belongs to the registry \(other.registry.checksummed) on chain \(other.chainId) of genesis \
            \(other.genesis), not to the configured one; use a fresh one
            """
        case .members:
            "what the data directory holds of the committee contradicts itself"
        }
    }
}
