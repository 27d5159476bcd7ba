internal import Consensus
internal import Peer
internal import Primitives

/// An epoch's committee with its key, and the newest anchor of that epoch that the chain has.
struct ProofEra: Sendable {
    let committee: CommitteeRecord
    /// The newest anchor of the epoch, confirmed.
    let newest: LatestProof
    /// The record of that anchor, if the node has seen it come.
    let record: ProofAnchorRecord?

    var epoch: Epoch { committee.roster.epoch }

    /// Where a member stands in this epoch's committee.
    func position(of identity: Identity) -> MemberIndex? {
        committee.roster.members.firstIndex { $0.identity == identity }.map { MemberIndex($0 + 1) }
    }

    /// The member at a position.
    func identity(_ position: MemberIndex) -> Identity? {
        let members = committee.roster.members
        guard position.rawValue > 0, members.indices.contains(position.offset) else { return nil }
        return members[position.offset].identity
    }
}
