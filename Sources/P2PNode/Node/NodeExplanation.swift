internal import Consensus
internal import Ethereum
internal import Peer
internal import Primitives

/// What a node waits for and why, in sentences.
struct NodeExplanation {
    let sentences: [String]

    init(
        peer: PeerSnapshot?,
        view: ViewExplanation?,
        chain: ChainStatus,
        recalled: RememberedEpoch? = nil,
        uptime: Duration
    ) {
        guard let peer else {
            sentences = [
                chain.tip == nil
                    ? "No endpoint of the chain has answered yet, so the committee is not known."
                    : "The registry names no committee that this node is a member of; its governor has to propose one."
            ]
            return
        }
        if peer.isHalted {
            sentences = [
                "The node has stopped for good, because it can keep no promise it would make now. See its log."
            ]
            return
        }
        let waits = peer.view == nil ? ["The node has not entered a view yet."] : view?.sentences ?? []
        let silence = recalled.map { Self.silence($0, uptime) } ?? Self.chain(chain, uptime)
        let rest = [Self.anchor(peer), Self.key(peer), silence, Self.convicts(peer)].compactMap(
            \.self
        )
        sentences = [Self.links(peer)].compactMap(\.self) + waits + rest
    }

    private static func links(_ peer: PeerSnapshot) -> String? {
        let missing = peer.neighbours.filter { $0.isKept && !$0.isLinked }
        guard !missing.isEmpty else { return nil }
        let names = missing.map { "oracle \($0.member)" }.joined(separator: ", ")
        let linked = peer.neighbours.count(where: \.isLinked)
        let quorum = peer.committee.quorum
        guard peer.linksNeeded == quorum - 1 else {
            return
                "There is no link with \(names); there are \(linked) others, and \(peer.linksNeeded) suffice."
        }
        return linked + 1 >= quorum
            ? "There is no link with \(names); \(linked + 1) of \(peer.committee.size) members are together and \(quorum) suffice."
            : "There is no link with \(names): only \(linked + 1) of the \(quorum) members that a quorum takes are together, "
                + "so no leader can be replaced or certified."
    }

    private static func anchor(_ peer: PeerSnapshot) -> String? {
        guard let view = peer.view, let election = peer.election, election.view == view else { return nil }
        return peer.anchoredView >= view
            ? "The election is anchored on the chain." : "The chain does not confirm the election yet."
    }

    private static func key(_ peer: PeerSnapshot) -> String? {
        if let key = peer.groupKey {
            return key.record.hasShare
                ? nil : "This node has no share of the group key, so it cannot help to sign."
        }
        return "The committee has no group key on the chain yet; its members are making one."
    }

    private static func convicts(_ peer: PeerSnapshot) -> String? {
        let members = Set(peer.convictions.map(\.member)).sorted()
        guard !members.isEmpty else { return nil }
        let names = members.map { $0 == peer.own ? "this node" : "oracle \($0)" }.joined(separator: ", ")
        return "Convicted of breaking the protocol, and elected no more in this epoch: \(names). "
            + "'oracle evidence list' says of what."
    }

    private static func chain(_ chain: ChainStatus, _ uptime: Duration) -> String? {
        chain.staleSince.map {
            "The chain has shown no new block for \(seconds(uptime - $0.sinceStart)); what the node knows of it may be old."
        }
    }

    private static func silence(_ recalled: RememberedEpoch, _ uptime: Duration) -> String {
        "The chain has been silent since this node started, \(seconds(uptime)) ago: the node began with epoch "
            + "\(recalled.epoch) from its disk, read from the chain at block \(recalled.blockNumber). It compares the two, and "
            + "brings elections onto the chain, when an endpoint answers."
    }

    private static func seconds(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
}
