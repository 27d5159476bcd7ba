internal import Primitives

/// What a query was asked for, so that its answer finds its way.
enum QueryPurpose: Hashable, Sendable {
    /// The first look: head, finalized block, and whether the cursor is still canonical.
    case beginning
    /// The state with which following begins.
    case beginningState(BlockReference)
    /// The logs that name the members of that state.
    case beginningMembers(BlockReference, RegistryState)
    /// The head.
    case poll
    /// The highest block that so many endpoints have come to, where they show different heads.
    case commonHead(endpoints: Int)
    /// The finalized block.
    case finality
    /// A header by its hash, for the follower.
    case parent(Digest)
    /// A header by its number, for the follower.
    case position(UInt64)
    /// Logs, for the collector.
    case logs(UInt64)
    /// Logs about validators' keys, for the reader.
    case operations(UInt64)
    /// The contract's state, for the tracker.
    case state(BlockReference)
    /// What others pay, for the look at the account that comes next.
    case fees
    /// The account, for the outbox.
    case account(BlockHeader, [Digest])
    /// A call's effect, for the submitter.
    case check(Digest, BlockReference)
    /// A transaction's reception, for the outbox.
    case send(Digest)
}
