internal import Cryptography
package import Primitives

/// What the chain layer tells the rest of the node.
package enum ChainEvent: Hashable, Sendable {
    /// The contract's state with which following begins; told again when the chain has left what was known.
    case state(RegistrySnapshot)
    /// Since the start no state could be told: no endpoint answers, or not as many as must agree.
    ///
    /// Told once, and never after a state.
    case silent
    /// The chain has a new tip, made at this time in seconds since 1970.
    case head(BlockReference, timestamp: UInt64)
    /// No new tip has been seen since then: what is known of the chain may be old.
    case stale(since: Instant)
    /// There is a new tip again.
    case recovered
    /// An event of the registry has come to a stage; each stage is told once and in order.
    case record(RegistryRecord, RecordStage)
    /// The block of a record that was told is no longer canonical; the record may come again in another.
    case takenBack(RegistryRecord)
    /// What is on record of validators' keys since the last event of this kind, from the first block on at each start; there
    /// is no more up to this block, which is final.
    ///
    /// The list is empty when a new final block brings nothing.
    case operations([OperationsRecord], through: BlockReference)
    /// A call of this node.
    case submission(ChainCall, SubmissionOutcome)
    /// An endpoint's standing has changed.
    case endpoint(EndpointReport)
    /// Something a person should look at.
    case alarm(ChainAlarm)
}

/// The contract's state and the members that belong to it.
package struct RegistrySnapshot: Hashable, Sendable {
    /// After which block.
    package var block: BlockReference
    /// The state.
    package var state: RegistryState
    /// The members of the committee, when there is one.
    package var committee: Roster?
    /// The members of the proposal, when one waits.
    package var pending: Roster?
}

/// Something that should not happen by itself.
package enum ChainAlarm: Hashable, Sendable, CustomStringConvertible {
    /// The group key has signed two leaders for one view: more than f members are dishonest.
    case doubleElection(LeaderElected, LeaderElected)
    /// The chain has left the oldest block that was known; all that was told of it before may be void.
    case lost(BlockReference)
    /// Endpoints contradict each other about this.
    case disagreement(String)
    /// An endpoint calls a block final that is not canonical elsewhere.
    case contradictedFinality(BlockReference, endpoint: Int)
    /// A record could be proven by nothing and was passed over.
    case unproven(RegistryRecord)
    /// The account has less than it should, in wei.
    case lowBalance(UInt256)

    package var description: String {
        switch self {
        case .doubleElection(let first, let second):
            """
            the group has signed two leaders for view \(first.statement.view): \(first.statement.leader.checksummed) \
            and \(second.statement.leader.checksummed); more members are dishonest than the protocol bears
            """
        case .lost(let block): "the chain has left block \(block), which was taken for sure"
        case .disagreement(let what): "the endpoints contradict one another about \(what)"
        case .contradictedFinality(let block, _): "block \(block) is called final and is not canonical"
        case .unproven(let record):
            "a record in block \(record.block) is proven by nothing and was passed over"
        case .lowBalance(let balance): "the account has \(balance) wei left; send it more"
        }
    }
}

/// Where following goes on after a restart.
package struct ChainCursor: Hashable, Sendable {
    /// A final block up to which everything was told.
    package var link: ChainLink

    /// Following goes on after this block.
    package init(link: ChainLink) {
        self.link = link
    }

    /// The bytes to store.
    package var encoded: [UInt8] {
        RLP.list([.number(link.number), .bytes(link.hash.array), .bytes(link.parentHash.array)]).encoded
    }

    /// Reads stored bytes.
    ///
    /// - Throws: ``RLPError`` when they are not what ``encoded`` gives.
    package init(decoding bytes: [UInt8]) throws(RLPError) {
        let parts = try RLP(decoding: bytes).elements("the cursor")
        guard parts.count == 3, let hash = Digest(try parts[1].data("hash")),
            let parent = Digest(try parts[2].data("parent hash"))
        else { throw .unexpected("the cursor") }
        let block = BlockReference(number: try parts[0].number("number"), hash: hash)
        link = ChainLink(block: block, parentHash: parent)
    }
}
