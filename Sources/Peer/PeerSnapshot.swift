package import Consensus
import Cryptography
import Gossip
package import Primitives

/// Where a member stands, for people to look at.
package struct PeerSnapshot: Sendable {
    /// What the node knows of one member.
    package struct Neighbour: Sendable {
        /// Its position.
        package var member: MemberIndex
        /// Its public record.
        package var record: Member
        /// Whether this node wants a link with it; with all, unless the mesh is sparse.
        package var isKept: Bool
        /// Whether the two ends have a link and have greeted each other.
        package var isLinked: Bool
        /// The link's smoothed round trip, once it was measured.
        package var roundTrip: Duration?
        /// Whether it stands convicted of breaking the protocol.
        package var isConvicted: Bool
    }

    /// The committee served.
    package var committee: Committee
    /// The node's own position.
    package var own: MemberIndex
    /// The view the node is in; `nil` until its record is durable.
    package var view: View?
    /// Why the node suspects its leader; `nil` while it trusts it.
    package var suspicion: WishReason?
    /// The view the node wishes for; its own when it wishes for none.
    package var wishedView: View
    /// The highest election certificate held.
    package var election: ElectionCertificate?
    /// The highest view that the chain shows as anchored.
    package var anchoredView: View
    /// The newest anchor of the members' logs that the chain shows.
    package var proof: ProofStanding
    /// The newest block seen.
    package var chainHead: UInt64
    /// Whether the picture of the chain is too old to act on.
    package var isChainStale: Bool
    /// Whether this node leads.
    package var isLeading: Bool
    /// The transcript of the group key in use, and whether this node has a share of it.
    package var groupKey: (record: GroupKeyRecord, transcript: Digest)?
    /// The other members.
    package var neighbours: [Neighbour]
    /// With how many of them a link suffices.
    package var linksNeeded: Int
    /// Who stands convicted of what.
    package var convictions: [Conviction]
    /// The statements that are on their way to the chain.
    package var anchoring: [(key: ChainStatement.Key, phase: AnchorPhase)]
    /// Whether the node has stopped for good.
    package var isHalted: Bool

    /// The leader of the node's view.
    package var leader: MemberIndex? { view.map { committee.leader(of: $0) } }
}

extension PeerMachine {
    /// Why the member follows whom it follows, and what it waits for; `nil` before its first epoch.
    package func viewExplanation(at now: Instant) -> ViewExplanation? {
        epoch?.view.explanation(at: now)
    }

    /// What the chain shows of the anchors of the members' logs.
    package var proofStanding: ProofStanding { chain.proof }

    /// Where the member stands; `nil` before its first epoch.
    package func snapshot() -> PeerSnapshot? {
        guard let epoch else { return nil }
        let neighbours = epoch.committee.indices.compactMap { member -> PeerSnapshot.Neighbour? in
            guard member != epoch.own, let record = epoch.committee[member] else { return nil }
            return PeerSnapshot.Neighbour(
                member: member,
                record: record,
                isKept: epoch.neighbours.keeps(member),
                isLinked: epoch.greeted[member] == .done,
                roundTrip: epoch.roundTrips[member],
                isConvicted: epoch.evidence.isConvicted(member)
            )
        }
        return PeerSnapshot(
            committee: epoch.committee,
            own: epoch.own,
            view: epoch.current,
            suspicion: epoch.suspicion,
            wishedView: epoch.view.wishedView,
            election: epoch.view.highestElection,
            anchoredView: chain.anchoredView,
            proof: chain.proof,
            chainHead: chain.head,
            isChainStale: chain.isStale,
            isLeading: epoch.isLeading,
            groupKey: epoch.key.map { ($0, $0.statement.transcript) },
            neighbours: neighbours,
            linksNeeded: linksNeeded(epoch.committee),
            convictions: epoch.evidence.convictions,
            anchoring: epoch.anchor.followed,
            isHalted: isHalted
        )
    }
}
