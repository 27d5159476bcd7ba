internal import Consensus
internal import Cryptography
package import Ethereum
package import Primitives

/// What the chain client tells, in the words of the member's machine; and which committees begin an epoch.
///
/// A committee that the node serves already begins nothing again, whichever event names it. While the chain is silent,
/// a node that has just started begins with the epoch that it remembers (``RememberedEpoch``): it is then where members
/// are who have been running since before the silence, and no further. The chain's first word decides
/// whether that was right.
package struct ChainInterpreter: Sendable {
    /// What follows from an event of the client.
    package enum Conclusion: Hashable, Sendable {
        /// The member's machine is to be told.
        case tell(ChainFact)
        /// The node enters an epoch of this committee, whose members hash to this, before anything else is told.
        ///
        /// Who has entered it says so by ``ChainInterpreter/entered(_:)``.
        case enter(Committee, own: MemberIndex, membersHash: Digest)
        /// The registry names members that make no committee.
        case unworkable(CommitteeError)
        /// The registry names a committee that the node is no member of.
        case stranger(to: Committee)
        /// This is to be remembered from now on, in place of what was; `nil` for nothing.
        case remember(RememberedEpoch?)
        /// The chain is silent: the epoch that is entered next is the remembered one.
        case recall(RememberedEpoch)
        /// The chain has spoken, and names what was recalled, or a later epoch, which is entered next.
        case recallEnded(in: Epoch)
        /// The chain names another committee or key than what was recalled, and the node must not go on with that.
        case recalledWrongly(RememberedEpoch)
    }

    let identity: Identity
    let deployment: Deployment
    let confirmations: UInt64
    var committee: Committee?
    /// What is kept for later runs.
    var remembered: RememberedEpoch?
    /// What the node serves while the chain has not spoken.
    var recalled: RememberedEpoch?
    private var hasHeardState = false

    /// For the node of an identity, in no epoch.
    ///
    /// - Parameters:
    ///   - identity: The node's.
    ///   - deployment: The registry whose events these are.
    ///   - confirmations: How many blocks must stand on a registration before it is remembered.
    ///   - remembered: What an earlier run has kept, if it is usable in this deployment.
    package init(
        identity: Identity,
        deployment: Deployment,
        confirmations: UInt64,
        remembered: RememberedEpoch? = nil
    ) {
        self.identity = identity
        self.deployment = deployment
        self.confirmations = confirmations
        self.remembered = remembered
    }

    /// The node is in the epoch of a committee.
    package mutating func entered(_ committee: Committee) {
        self.committee = committee
    }

    /// What follows from an event, in order.
    package mutating func conclusions(from event: ChainEvent) -> [Conclusion] {
        switch event {
        case .state(let snapshot):
            hasHeardState = true
            return conclusions(from: snapshot)
        case .silent: return hasHeardState ? [] : recall()
        case .head(let block, _): return [.tell(.head(block.number))]
        case .stale: return [.tell(.stale(true))]
        case .recovered: return [.tell(.stale(false))]
        case .record(let record, let stage): return conclusions(from: record, stage)
        case .takenBack(let record):
            return (ChainFact(record, .gone).map { [.tell($0)] } ?? []) + forget(record)
        case .submission(.registry(let call), let outcome):
            return ChainFact(call, outcome).map { [.tell($0)] } ?? []
        case .submission(.report, _), .operations, .endpoint, .alarm: return []
        }
    }

    /// The contract's state at the start, or after the chain has left what was known.
    private mutating func conclusions(from snapshot: RegistrySnapshot) -> [Conclusion] {
        var conclusions = remember(snapshot)
        if let served = recalled {
            recalled = nil
            guard let epoch = epoch(after: served, by: snapshot) else {
                return conclusions + [.recalledWrongly(served)]
            }
            conclusions.append(.recallEnded(in: epoch))
        }
        if let roster = snapshot.committee, let installed = snapshot.state.committee {
            conclusions += enter(roster, installed.membersHash)
            conclusions.append(.tell(.namedKey(installed.epoch, installed.groupKey)))
            conclusions += Self.registered(installed.epoch, installed.transcript)
        } else if let roster = snapshot.pending, let pending = snapshot.state.pending {
            conclusions += enter(roster, pending.membersHash)
        }
        return conclusions + [.tell(.beginning(snapshot.state.view, snapshot.state.proof))]
    }

    private mutating func conclusions(from record: RegistryRecord, _ stage: RecordStage) -> [Conclusion] {
        var conclusions: [Conclusion] = []
        switch record.event {
        case .committeeProposed(let proposed):
            // Another committee's rotation is for a later version; the first one's key is made here.
            if stage == .confirmed, proposed.roster.epoch == Epoch(1), isNoStepBack(proposed.roster) {
                conclusions = enter(proposed.roster, proposed.membersHash)
            }
        case .committeeRotated(let rotated):
            if stage == .confirmed {
                if isNoStepBack(rotated.roster) {
                    conclusions = enter(rotated.roster, rotated.statement.membersHash)
                }
                conclusions.append(.tell(.namedKey(rotated.statement.epoch, rotated.statement.groupKey)))
                conclusions += remember(rotated, record.block)
            }
        case .leaderElected(let elected):
            if stage == .seen { conclusions = [.tell(.contractView(elected.statement.view))] }
        case .proofAnchored: break
        }
        if let fact = ChainFact(record, ChainStage(stage)) { conclusions.append(.tell(fact)) }
        return conclusions
    }

    /// An epoch's key is on the chain to stay.
    static func registered(_ epoch: Epoch, _ transcript: Digest) -> [Conclusion] {
        [ChainStage.included, .confirmed].map { .tell(.groupKey(epoch, transcript: transcript, $0)) }
    }

    /// Whether the members' epoch is not over already: logs before the state that was read name earlier ones too.
    private func isNoStepBack(_ roster: Roster) -> Bool {
        committee.map { roster.epoch >= $0.epoch } ?? true
    }

    func enter(_ roster: Roster, _ membersHash: Digest) -> [Conclusion] {
        let named: Committee
        do throws(CommitteeError) { named = try Committee(roster) } catch { return [.unworkable(error)] }
        guard named.configDigest != committee?.configDigest else { return [] }
        guard let own = named.index(of: identity) else { return [.stranger(to: named)] }
        return [.enter(named, own: own, membersHash: membersHash)]
    }
}
