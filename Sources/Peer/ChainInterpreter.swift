internal import Consensus
internal import Cryptography
package import Ethereum
package import Primitives

/// What the chain client tells, in the words of the member's machine; and which committees begin an epoch.
///
/// A committee that the node serves already begins nothing again, whichever event names it.
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
    }

    private let identity: Identity
    private var committee: Committee?

    /// For the node of an identity, in no epoch.
    package init(identity: Identity) {
        self.identity = identity
    }

    /// The node is in the epoch of a committee.
    package mutating func entered(_ committee: Committee) {
        self.committee = committee
    }

    /// What follows from an event, in order.
    package func conclusions(from event: ChainEvent) -> [Conclusion] {
        switch event {
        case .state(let snapshot): conclusions(from: snapshot)
        case .head(let block, _): [.tell(.head(block.number))]
        case .stale: [.tell(.stale(true))]
        case .recovered: [.tell(.stale(false))]
        case .record(let record, let stage): conclusions(from: record, stage)
        case .takenBack(let record): ChainFact(record, .gone).map { [.tell($0)] } ?? []
        case .submission(let call, let outcome): ChainFact(call, outcome).map { [.tell($0)] } ?? []
        case .endpoint, .alarm: []
        }
    }

    /// The contract's state at the start, or after the chain has left what was known.
    private func conclusions(from snapshot: RegistrySnapshot) -> [Conclusion] {
        var conclusions: [Conclusion] = []
        if let roster = snapshot.committee, let installed = snapshot.state.committee {
            conclusions += enter(roster, installed.membersHash)
            for stage in [ChainStage.included, .confirmed] {
                conclusions.append(
                    .tell(.groupKey(installed.epoch, transcript: installed.transcript, stage))
                )
            }
        } else if let roster = snapshot.pending, let pending = snapshot.state.pending {
            conclusions += enter(roster, pending.membersHash)
        }
        return conclusions + [.tell(.beginning(snapshot.state.view))]
    }

    private func conclusions(from record: RegistryRecord, _ stage: RecordStage) -> [Conclusion] {
        var conclusions: [Conclusion] = []
        switch record.event {
        case .committeeProposed(let proposed):
            // Another committee's rotation is for a later version; the first one's key is made here.
            if stage == .confirmed, proposed.roster.epoch == Epoch(1) {
                conclusions = enter(proposed.roster, proposed.membersHash)
            }
        case .committeeRotated(let rotated):
            if stage == .confirmed { conclusions = enter(rotated.roster, rotated.statement.membersHash) }
        case .leaderElected(let elected):
            if stage == .seen { conclusions = [.tell(.contractView(elected.statement.view))] }
        }
        if let fact = ChainFact(record, ChainStage(stage)) { conclusions.append(.tell(fact)) }
        return conclusions
    }

    private func enter(_ roster: Roster, _ membersHash: Digest) -> [Conclusion] {
        let named: Committee
        do throws(CommitteeError) { named = try Committee(roster) } catch { return [.unworkable(error)] }
        guard named.configDigest != committee?.configDigest else { return [] }
        guard let own = named.index(of: identity) else { return [.stranger(to: named)] }
        return [.enter(named, own: own, membersHash: membersHash)]
    }
}
