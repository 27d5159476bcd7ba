package import Cryptography
package import Primitives

/// Decides what this member signs: the signer's side of ROAST.
///
///     endorsed, entered view ──> commit nonces ──> Ready to the leader
///                                                      │
///           ┌──────────────────── SignRequest <────────┘
///           v
///     checks ──> vote durable ──> share from the vault ──> next nonces ──> SignShare
///
/// What it holds to be true arrives as endorsements; a request for anything else is not answered. Before the first
/// share for a statement leaves the node the vote is durable (``VoteLock``). Secret nonces and the secret share
/// stay in the shell's vault; this machine knows only commitments.
///
/// Bad input: a request that no honest leader sends is the author's offence; a request that an honest leader may
/// send late, or after a crash of either side, is dropped and counted.
package struct SignerMachine: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The node is in this view now; the view's leader coordinates.
        case enteredView(View)
        /// The node holds a statement to be true. Repeating it is harmless.
        case endorsed(Endorsement)
        /// The node no longer wants the statement with this digest signed, or has its signature already.
        case retracted(Digest)
        /// The link to a member has come up, for the first time or again.
        case linkOpened(MemberIndex)
        /// A request object has come whose signature is its author's.
        case received(SignedObject)
        /// The vault has made a pair and promised it in this context.
        case noncesCommitted(NonceContext, NonceCommitment)
        /// The vault makes no more pairs in this context.
        case noncesRefused(NonceContext)
        /// The vault has made the share that was ordered.
        case shareSigned(ShareOrder, Scalar)
        /// The vault has refused the share that was ordered.
        case shareRefused(ShareOrder, NonceVaultError)
        /// The record with this ticket and all before it are durable.
        case persisted(ticket: UInt64)
    }

    /// Something the owner must now do.
    package enum Action: Sendable {
        /// Have the vault make a pair for this context with the member's share of the key with this transcript.
        case commitNonces(NonceContext, key: Digest)
        /// Have the vault make a share.
        case signShare(ShareOrder)
        /// Have the vault wipe what was promised in views before this one.
        case forgetNonces(before: View)
        /// Make the record durable, then say so with its ticket.
        case persist(VoteLock, ticket: UInt64)
        /// Send a message to a member, which may be this one.
        case send(DirectMessage, to: MemberIndex)
        /// The author of a signed object has broken the rules.
        case penalize(MemberIndex, SigningOffence)
    }

    /// The most statements endorsed at a time; endorsing one more retracts the oldest.
    package static let dutyLimit = 32

    let committee: Committee
    let member: MemberIndex
    var view: View?
    var duties: [SignerDuty] = []
    /// The votes as the newest record that was handed out for storing has them.
    var lock: VoteLock
    /// The votes as they are known to be stored.
    var durable: VoteLock
    var storing: [(ticket: UInt64, lock: VoteLock)] = []
    var nextTicket: UInt64 = 1
    /// What was dropped, and why.
    package internal(set) var drops = SignerDrops()

    /// A signer at start.
    ///
    /// - Parameters:
    ///   - committee: The committee whose key signs.
    ///   - member: This node's position in the committee.
    ///   - lock: The vote lock as the store has it; a fresh one only if the node has never signed in this epoch.
    package init(committee: Committee, member: MemberIndex, lock: VoteLock) {
        self.committee = committee
        self.member = member
        self.lock = lock
        durable = lock
    }

    /// Nothing here waits for time.
    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .enteredView(let view): enter(view)
        case .endorsed(let endorsement): endorse(endorsement)
        case .retracted(let statement): retract(statement)
        case .linkOpened(let peer): remind(peer)
        case .received(let object): receive(object)
        case .noncesCommitted(let context, let commitment): takeNonces(commitment, in: context)
        case .noncesRefused(let context): takeNonces(nil, in: context)
        case .shareSigned(let order, let share): takeShare(share, of: order)
        case .shareRefused(let order, let error): refuse(order, because: error)
        case .persisted(let ticket): stored(through: ticket)
        }
    }
}

// MARK: - Views and endorsements

extension SignerMachine {
    private mutating func enter(_ view: View) -> [Action] {
        if let current = self.view, view <= current { return [] }
        self.view = view
        duties = duties.filter { $0.stands && $0.endorsement.outlives(view) }.map {
            SignerDuty($0.endorsement)
        }
        return [.forgetNonces(before: view)] + duties.indices.flatMap { offer(duty: $0) }
    }

    private mutating func endorse(_ endorsement: Endorsement) -> [Action] {
        if let view, !endorsement.outlives(view) { return [] }
        if let index = duties.firstIndex(where: { $0.endorsement.statement == endorsement.statement }) {
            guard duties[index].endorsement.key == endorsement.key else {
                // Another key is registered in the place of one that a reorganisation took back: all begins anew.
                duties[index] = SignerDuty(endorsement)
                return offer(duty: index)
            }
            let returns = !duties[index].stands
            duties[index].stands = true
            if returns, let ready = readyMessage(duty: index) { return [ready] }
            return offer(duty: index)
        }
        if duties.count >= Self.dutyLimit { duties.removeFirst() }
        duties.append(SignerDuty(endorsement))
        return offer(duty: duties.count - 1)
    }

    private mutating func retract(_ statement: Digest) -> [Action] {
        guard let index = index(of: statement) else { return [] }
        duties[index].stands = false
        return []
    }

    private func remind(_ peer: MemberIndex) -> [Action] {
        guard let view, committee.leader(of: view) == peer else { return [] }
        var actions: [Action] = []
        for index in duties.indices where duties[index].endorsement.applies(in: view) {
            if let last = duties[index].answers.last {
                actions.append(.send(.signShare(last.share), to: peer))
            }
            if let ready = readyMessage(duty: index) { actions.append(ready) }
        }
        return actions
    }

    /// Asks for a nonce pair when the statement may be signed here and now and no pair is on offer.
    mutating func offer(duty index: Int) -> [Action] {
        let duty = duties[index]
        guard
            let context = context(of: duty.endorsement),
            duty.stands, duty.offered == nil, !duty.awaitsNonces, duty.work == nil,
            duty.answers.count < answerLimit, lock.permits(duty.endorsement)
        else { return [] }
        duties[index].awaitsNonces = true
        return [.commitNonces(context, key: duty.endorsement.key)]
    }
}

// MARK: - Lookups

extension SignerMachine {
    /// The open offer for a statement that stands.
    func readyMessage(duty index: Int) -> Action? {
        let duty = duties[index]
        guard let context = context(of: duty.endorsement), duty.stands, let offered = duty.offered else {
            return nil
        }
        let ready = Ready(
            view: context.view,
            statement: context.statement.digest,
            key: duty.endorsement.key,
            commitment: offered
        )
        return .send(.ready(ready), to: context.coordinator)
    }

    /// As many answers for one statement in one view as ROAST has sessions, n - t + 1.
    var answerLimit: Int { committee.size - committee.quorum + 1 }

    func context(of endorsement: Endorsement) -> NonceContext? {
        guard let view, endorsement.applies(in: view) else { return nil }
        return NonceContext(
            epoch: committee.epoch,
            view: view,
            coordinator: committee.leader(of: view),
            statement: endorsement.statement
        )
    }

    func index(of statement: Digest) -> Int? {
        duties.firstIndex { $0.endorsement.statement.digest == statement }
    }

    func index(of order: ShareOrder) -> Int? {
        guard let index = index(of: order.context.statement.digest) else { return nil }
        return duties[index].work?.root == order.root && order.context.view == view ? index : nil
    }

    mutating func drop(_ reason: WritableKeyPath<SignerDrops, UInt64>) -> [Action] {
        drops[keyPath: reason] += 1
        return []
    }
}
