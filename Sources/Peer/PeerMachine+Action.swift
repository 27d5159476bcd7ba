package import Consensus
package import Cryptography
package import Gossip
package import Primitives

extension PeerMachine {
    /// What a member's owner must now do, in order.
    package enum Action: Sendable {
        /// Take links from these members and no others, and dial those named.
        ///
        /// A link that this node has dialed and would not dial any more is closed, with ``Close/Code/notNeeded``.
        case setPeers([Member], dialed: Set<Identity>)
        /// Send messages over the link to a member; those given together leave together.
        case send([LinkMessage], to: Identity)
        /// End the link to a member.
        case close(Identity, Close.Code, String)
        /// A member has shown a sign of life by another path than its link.
        case signOfLife(Identity)
        /// Make a record durable, then answer with its ticket.
        case persist(PeerRecord, PersistTicket)
        /// Read from a stored log, with the records of all earlier `persist` actions in it.
        case readLog(LogRead)
        /// Have something done with the member's secrets, and answer.
        case order(SecretOrder)
        /// Ask the contract whether it still wants the statement, and if so send it.
        case submit(Submission)
        /// Cease to push an own transaction with the statement.
        case cancelSubmission(ChainStatement.Key)
        /// The newest anchored list of the epoch, which the group has signed so: what it covers need not be kept for ever.
        indirect case logsAttested(AttestedLogs, GroupSignature)
        /// Tell the overseer of operations on validators' keys.
        case operations(OperationsNews)
        /// Tell the people who watch.
        case notice(Notice)
        /// Count an offence of a member.
        case penalize(MemberIndex, PeerOffence)
        /// Add to a counter.
        case count(GossipMetric, Int)
    }
}

/// What must be durable.
package enum PeerRecord: Hashable, Sendable {
    /// In place of the last record of the epoch's view change.
    case view(ViewRecord)
    /// In place of the last record of the epoch's votes.
    case votes(VoteLock)
    /// Entries or the proof of a fork, beside what is stored.
    case log(GossipRecord)
    /// A proof, beside what is stored.
    case evidence(Conviction, Evidence)
}

/// What is to be sent to the contract.
package enum Submission: Hashable, Sendable {
    /// `elect`.
    case election(Epoch, View, leader: Address, GroupSignature)
    /// `registerGroupKey`.
    indirect case registration(Registration)
    /// `anchorProof`.
    case proofAnchor(ProofAnchor)

    /// What the chain knows it by.
    package var key: ChainStatement.Key {
        switch self {
        case .election(let epoch, let view, _, _): .election(epoch, view)
        case .registration(let registration):
            .groupKey(registration.statement.epoch, transcript: registration.statement.transcript)
        case .proofAnchor(let anchor): .proofAnchor(number: anchor.number, root: anchor.root)
        }
    }
}

/// A group key with everything the contract wants to see of it.
package struct Registration: Hashable, Sendable {
    /// The key.
    package var statement: GroupKeyStatement
    /// The members, as proposed.
    package var members: [Member]
    /// The key's signature over the statement.
    package var possession: GroupSignature
    /// The approvals of a quorum of the members' accounts, ascending.
    package var approvals: [Approval]

    /// Joins the parts.
    package init(
        statement: GroupKeyStatement,
        members: [Member],
        possession: GroupSignature,
        approvals: [Approval]
    ) {
        self.statement = statement
        self.members = members
        self.possession = possession
        self.approvals = approvals
    }
}

/// What is to be done with secrets, by who holds them.
///
/// The answer, where there is one, is to come before any later event of the owner's.
package enum SecretOrder: Sendable {
    /// Make a nonce pair in this context with the share of the key with this transcript.
    case commitNonces(NonceContext, key: Digest)
    /// Make a signature share.
    case signShare(ShareOrder)
    /// Wipe the nonces of views before this one.
    case forgetNonces(before: View)
    /// Make this member's deal.
    case deal(AttemptPlan)
    /// Open this member's share of a group key.
    case openShare(ShareOpening)
    /// Approve a group key with the member's account.
    case approve(ApprovalOrder)
    /// Erase the epoch's encryption key and all shares but those of this transcript.
    case erase(keeping: Digest)
}

/// What has become of a ``SecretOrder``.
package enum SecretAnswer: Sendable {
    /// For the signer.
    case signer(SignerMachine.Event)
    /// For the ceremony.
    case ceremony(KeyCeremonyMachine.Event)
}

/// What a member has done against the rules, wherever it was noticed.
package enum PeerOffence: Hashable, Sendable {
    /// In gossip.
    case gossip(Offence)
    /// In the view change.
    case view(ViewChangeMachine.Offence)
    /// In signing.
    case signing(SigningOffence)
    /// In the making of a group key.
    case ceremony(CeremonyOffence)
    /// In attesting what the logs come to.
    case attestation(AttestationOffence)
    /// In the first words on a link.
    case greeting
    /// By a proof in its log that proves nothing.
    case unfoundedEvidence
}
