package import Consensus
package import Gossip
package import Primitives

extension PeerMachine {
    /// What can happen to a member.
    package enum Event: Sendable {
        /// The contract names a committee of which this node is a member, and all that is stored of the epoch has been read.
        indirect case epochBegan(EpochBeginning)
        /// A link to a member is there, in place of an earlier one.
        case linkUp(Identity)
        /// The link to a member has ended.
        case linkDown(Identity, RedialMachine.LossCause)
        /// A member's host refuses the redial after a link that the member closed.
        case redialRefused(Identity, closedAt: Instant)
        /// A dial to the member was not refused any more.
        case redialRefusedEnded(Identity)
        /// Messages came over the link to a member, in order.
        case received([LinkMessage], from: Identity)
        /// The record of this ticket, and those before it of the same machine, are durable.
        case persisted(PersistTicket)
        /// A record could not be made durable. The node says nothing more.
        case storeFailed
        /// The answer to a ``LogRead``.
        case logRead(id: UInt64, entries: [SignedObject])
        /// Entries of these logs before these places are to be kept no more: see ``GossipMachine/Event/logsCut(_:)``.
        case logsCut([LogStart])
        /// The answer to a ``SecretOrder``.
        case secretsAnswered(SecretAnswer)
        /// What the node's own view of the chain shows.
        case chain(ChainFact)
        /// The operator wants the node not to lead, from now or no more.
        case drainRequested(Bool)
        /// The operator wants this said in the member's log; ``PeerMachine/publication(_:)`` tells what becomes of it.
        case publicationRequested(PublicationRequest)
        /// The overseer of operations on validators' keys wants something.
        case operations(OperationsWish)
    }
}

/// With what a member enters an epoch: the committee, and what the store holds of it.
package struct EpochBeginning: Sendable {
    /// The members.
    package var committee: Committee
    /// `keccak256(abi.encode(Member[]))`, as the contract has it.
    package var membersHash: Digest
    /// The first view of the epoch, one above the contract's when the committee was proposed.
    package var firstView: View
    /// The view change's durable record, if there is one.
    package var viewRecord: ViewRecord?
    /// The votes given in this epoch; `nil` only if there are none.
    package var votes: VoteLock?
    /// How far the stored logs of the members reach.
    package var logs: [StoredLog]
    /// The committees of earlier epochs, read from the chain.
    ///
    /// Those that the machine has served in this run it knows itself. Without one, the log entries of its epoch
    /// cannot be checked, and none after them be taken.
    package var past: [Committee]
    /// The stored entries of this epoch, in log order for each author; of those that no part acts on, a
    /// ``LogTopic/publication`` or one of an unknown topic, the last of each author may be all there is.
    package var entries: [SignedObject]
    /// The stored proofs.
    package var evidence: [Evidence]

    /// Joins the parts.
    package init(
        committee: Committee,
        membersHash: Digest,
        firstView: View,
        viewRecord: ViewRecord? = nil,
        votes: VoteLock? = nil,
        logs: [StoredLog] = [],
        past: [Committee] = [],
        entries: [SignedObject] = [],
        evidence: [Evidence] = []
    ) {
        self.committee = committee
        self.membersHash = membersHash
        self.firstView = firstView
        self.viewRecord = viewRecord
        self.votes = votes
        self.logs = logs
        self.past = past
        self.entries = entries
        self.evidence = evidence
    }
}

/// Which record has become durable.
package enum PersistTicket: Hashable, Sendable {
    /// One of gossip.
    case gossip(UInt64)
    /// One of the view change.
    case view(UInt64)
    /// One of the signer.
    case votes(UInt64)
    /// One that nothing waits for.
    case none
}

/// How far something has come on the chain, as this node sees it.
package enum ChainStage: Hashable, Sendable {
    /// It is in a block.
    case included
    /// Its block is as deep as the node asks for.
    case confirmed
    /// Its block cannot be taken back.
    case final
    /// Its block was taken back.
    case gone
}

/// What the chain shows.
package enum ChainFact: Hashable, Sendable {
    /// The newest block.
    case head(UInt64)
    /// Whether the node's picture of the chain has become too old to act on.
    case stale(Bool)
    /// The view of the contract's newest election and its newest anchor of the logs where following begins; of those that
    /// are final no log is told.
    case beginning(View, LatestProof)
    /// The view of the contract's newest election.
    case contractView(View)
    /// A leader's election, by its log.
    case election(ElectionRecord, ChainStage)
    /// An anchor of the members' logs, by its log.
    case proofAnchor(ProofAnchorRecord, ChainStage)
    /// The group key that the contract names for an epoch.
    case namedKey(Epoch, CompressedPoint)
    /// The registration of an epoch's group key, by the transcript of its ceremony.
    case groupKey(Epoch, transcript: Digest, ChainStage)
    /// The contract will never take the statement.
    case refused(ChainStatement.Key)
}

/// A `LeaderElected` log.
package struct ElectionRecord: Hashable, Sendable {
    /// The epoch.
    package var epoch: Epoch
    /// The view.
    package var view: View
    /// The leader's account.
    package var leader: Address
    /// The group's signature.
    package var signature: GroupSignature
    /// The number of the block.
    package var block: UInt64
    /// The transaction's hash.
    package var transaction: Digest

    /// Joins the fields.
    package init(
        epoch: Epoch,
        view: View,
        leader: Address,
        signature: GroupSignature,
        block: UInt64,
        transaction: Digest
    ) {
        self.epoch = epoch
        self.view = view
        self.leader = leader
        self.signature = signature
        self.block = block
        self.transaction = transaction
    }
}

/// A `ProofAnchored` log.
package struct ProofAnchorRecord: Hashable, Sendable {
    /// What the group has signed, and its signature.
    package var anchor: ProofAnchor
    /// The number of the block.
    package var block: UInt64
    /// The transaction's hash.
    package var transaction: Digest

    /// Joins the fields.
    package init(anchor: ProofAnchor, block: UInt64, transaction: Digest) {
        self.anchor = anchor
        self.block = block
        self.transaction = transaction
    }
}
