internal import Cryptography
internal import Ethereum
internal import Glibc
internal import Gossip
internal import Peer
internal import Primitives
internal import Synchronization

/// Sees all of an operator's process, for who asks.
final class OperatorView: Sendable {
    private let id: UInt64
    private let setting: Node.Setting
    private let chain: ChainService
    private let desk: OperationDesk
    private let clock: NodeClock
    private let newest = Mutex<Committee?>(nil)

    init(id: UInt64, _ setting: Node.Setting, chain: ChainService, desk: OperationDesk, clock: NodeClock) {
        self.id = id
        self.setting = setting
        self.chain = chain
        self.desk = desk
        self.clock = clock
    }

    /// There is a committee, or a new one.
    func enter(_ committee: Committee) {
        newest.withLock { $0 = committee }
    }

    func status() async -> OperatorStatus {
        let committee = newest.withLock { $0 }
        let oracles = await oracles(of: committee)
        let chain = await NodeStatus.Chain(chain.status, recalledFrom: nil, chain.endpointNames)
        let linked = oracles.count { $0.state == "up" }
        let needed = committee.map { $0.faultLimit + 1 }
        let (seconds, attoseconds) = clock.now.sinceStart.components
        return OperatorStatus(
            id: id,
            version: "\(setting.version)",
            uptimeSeconds: Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1_000,
            processId: Int(getpid()),
            identity: "\(setting.keys.identity.identity)",
            sharesKeyHash: setting.keys.sharesKey.map { "\($0.publicKey.operatorKeyHash)" },
            registry: setting.registry.checksummed,
            chainId: setting.chainId,
            epoch: committee?.epoch.rawValue,
            oracles: oracles,
            chain: chain,
            isReady: needed.map { linked >= $0 } ?? false,
            explanation: Self.explain(linked: linked, needed: needed, chain)
        )
    }

    private func oracles(of committee: Committee?) async -> [OperatorStatus.Oracle] {
        let present = Set(await desk.present)
        var oracles: [OperatorStatus.Oracle] = []
        for (offset, member) in (committee?.roster.members.elements ?? []).enumerated() {
            let isLinked = await desk.holdsLink(of: member.identity)
            oracles.append(
                OperatorStatus.Oracle(
                    member: offset + 1,
                    identity: "\(member.identity)",
                    endpoint: String(decoding: member.endpoint.bytes, as: UTF8.self),
                    state: present.contains(member.identity) ? "up" : isLinked ? "greeting" : "down"
                )
            )
        }
        return oracles
    }

    private static func explain(linked: Int, needed: Int?, _ chain: NodeStatus.Chain) -> [String] {
        var sentences: [String] = []
        if chain.isStale {
            sentences.append("The chain has shown no new block for long; what is known of it may be old.")
        }
        guard let needed else {
            return sentences + ["Waits for the chain to show a committee of oracles."]
        }
        sentences.append(
            linked >= needed
                ? "Linked with \(linked) oracles; the word of \(needed) is enough to begin what is asked of it."
                : "Linked with \(linked) oracles, and \(needed) must say the same before anything begins: waits for links."
        )
        return sentences
    }
}
