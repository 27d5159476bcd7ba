internal import Consensus
internal import Cryptography
internal import Ethereum
internal import Glibc
internal import Peer
internal import Primitives

extension NodeStatus {
    /// What does not change while the node runs.
    struct Identification: Sendable {
        var version: String
        var identity: Identity
        var account: Address
        var deployment: Deployment
        var endpointNames: [String]
    }

    init(
        _ node: Identification,
        uptime: Duration,
        peer: PeerSnapshot?,
        view: ViewExplanation?,
        recalled: RememberedEpoch?,
        chain: ChainStatus,
        addresses: [Identity: String]
    ) {
        let (seconds, attoseconds) = uptime.components
        self.init(
            version: node.version,
            uptimeSeconds: Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1_000,
            processId: Int(getpid()),
            identity: "\(node.identity)",
            account: node.account.checksummed,
            registry: node.deployment.registry.checksummed,
            chainId: node.deployment.chainId,
            epoch: peer?.committee.epoch.rawValue,
            member: peer.map { Int($0.own.rawValue) },
            committeeSize: peer?.committee.size,
            quorum: peer?.committee.quorum,
            view: peer?.view?.rawValue,
            leader: peer?.leader.map { Int($0.rawValue) },
            isLeading: peer?.isLeading ?? false,
            certificate: peer?.election.map(Certificate.init),
            anchoredView: peer.flatMap { $0.anchoredView > View(0) ? $0.anchoredView.rawValue : nil },
            proof: peer.flatMap { Proof($0.proof, head: $0.chainHead) },
            groupKey: peer?.groupKey.map { GroupKey($0.record) },
            links: peer?.neighbours.map { Neighbour($0, address: addresses[$0.record.identity]) } ?? [],
            chain: Chain(chain, recalledFrom: recalled?.blockNumber, node.endpointNames),
            isHalted: peer?.isHalted ?? false,
            isReady: peer?.isReady ?? false,
            explanation: NodeExplanation(
                peer: peer,
                view: view,
                chain: chain,
                recalled: recalled,
                uptime: uptime
            ).sentences
        )
    }
}

extension PeerSnapshot {
    /// Whether the node is in a view and linked with as many others as it takes to hear a quorum.
    var isReady: Bool {
        !isHalted && view != nil && neighbours.count(where: \.isLinked) >= linksNeeded
    }
}

extension NodeStatus.Certificate {
    fileprivate init(_ certificate: ElectionCertificate) {
        self.init(
            epoch: certificate.epoch.rawValue,
            view: certificate.view.rawValue,
            leader: Int(certificate.leader.rawValue),
            signature: "\(certificate.signature)"
        )
    }
}

extension NodeStatus.Proof {
    fileprivate init?(_ standing: ProofStanding, head: UInt64) {
        guard standing.newest.number > 0 else { return nil }
        self.init(
            number: standing.newest.number,
            root: "\(standing.newest.root)",
            isConfirmed: standing.isConfirmed,
            block: standing.record?.block,
            blocksSince: standing.record.map { head > $0.block ? head - $0.block : 0 },
            transaction: standing.record.map { "\($0.transaction)" }
        )
    }
}

extension NodeStatus.GroupKey {
    fileprivate init(_ record: GroupKeyRecord) {
        self.init(
            key: "\(record.statement.groupKey)",
            transcript: "\(record.statement.transcript)",
            hasShare: record.hasShare
        )
    }
}

extension NodeStatus.Neighbour {
    fileprivate init(_ neighbour: PeerSnapshot.Neighbour, address: String?) {
        self.init(
            member: Int(neighbour.member.rawValue),
            identity: "\(neighbour.record.identity)",
            endpoint: String(decoding: neighbour.record.endpoint.bytes, as: UTF8.self),
            state: neighbour.isLinked ? "up" : "down",
            address: address,
            roundTripMicroseconds: neighbour.roundTrip.map { Int($0 / .microseconds(1)) },
            isConvicted: neighbour.isConvicted
        )
    }
}

extension NodeStatus.Chain {
    init(_ status: ChainStatus, recalledFrom block: UInt64?, _ names: [String]) {
        self.init(
            head: status.tip?.number ?? 0,
            isStale: status.staleSince != nil,
            recalledFromBlock: block,
            balance: status.balance.map { "\($0)" },
            pending: status.pending.count,
            endpoints: zip(names, status.endpoints).map { Endpoint(name: $0, state: $1.summary) }
        )
    }
}

extension EndpointState {
    /// Its standing in a word or a sentence.
    fileprivate var summary: String {
        switch standing {
        case .ready where lastFault == nil || failures == 0: "ready"
        case .ready, .unverified: lastFault.map { "failing: \($0)" } ?? "not asked yet"
        case .verifying: "being checked"
        case .foreign(let reason): "not our chain: it \(reason)"
        }
    }
}
