import Benchmark
import Cryptography
import Gossip
import Primitives

/// A member's gossip machine, and what another member says to it in a thousand ticks.
private struct Listener {
    private let machine: GossipMachine
    private let heartbeats: [LinkMessage]

    init(size: Int) throws {
        var random = SystemRandom()
        let keys = (0..<size).map { _ in IdentityKey(random: &random) }
        let members = keys.enumerated().map { offset, key in
            Member(
                account: Address([UInt8](repeating: UInt8(offset + 1), count: 20)) ?? Address(),
                identity: key.identity,
                encryptionKey: EncryptionKey(random: &random).publicKey,
                endpoint: ByteList()
            )
        }
        let committee = try Committee(Roster(epoch: Epoch(1), members: SSZList(members) ?? SSZList()))
        let domains = SigningDomains(Deployment(chainId: 1, genesis: Digest(), registry: Address()))
        let status = NodeStatus(
            view: View(1),
            flags: .ready,
            software: SoftwareVersion(1, 0, 0),
            wallTimeAtStart: UnixMilliseconds(rawValue: 0)
        )
        var machine = GossipMachine(
            status: status,
            signatures: Ed25519Authenticator(key: keys[0]),
            domains: domains,
            random: SplitMix64(seed: 1)
        )
        let start = EpochStart(committee: committee, own: MemberIndex(1), incarnation: 1)
        _ = machine.handle(.epochStarted(start), at: .start)
        for other in 2...size {
            let linked = GossipMachine.Event.linkUp(
                MemberIndex(other),
                frontierDigest: machine.frontierDigest
            )
            _ = machine.handle(linked, at: .start)
        }
        let (author, frontiers) = (Ed25519Authenticator(key: keys[1]), machine.frontierDigest)
        heartbeats = (1...1_000).map { sequence in
            let heartbeat = Heartbeat(
                view: View(1),
                wallTime: UnixMilliseconds(rawValue: 1_700_000_000_000),
                leaderSeen: .zero,
                wish: .zero,
                chainHead: 0,
                anchoredView: View(0),
                frontierDigest: frontiers,
                flags: .ready,
                software: SoftwareVersion(1, 0, 0)
            )
            let object = Object(
                epoch: Epoch(1),
                author: MemberIndex(2),
                kind: .heartbeat,
                order: Order(incarnation: 1, sequence: UInt64(sequence)),
                payload: ByteList(heartbeat.sszBytes) ?? ByteList()
            )
            let batch = ObjectBatch([author.sign(object, in: domains)]) ?? ObjectBatch()
            return LinkMessage(.registers, body: batch.sszBytes)
        }
        self.machine = machine
    }

    /// Hears all of it, each a second after the one before, so that no quota drops any.
    func listen(_ count: Int) throws {
        var machine = machine
        var delivered = 0
        for number in 0..<count {
            let now = Instant.start.advanced(by: .seconds(number + 1))
            let actions = machine.handle(.received(heartbeats[number], from: MemberIndex(2)), at: now)
            for case .deliver(.heartbeat) in actions { delivered += 1 }
        }
        guard delivered == count else { throw Wrong() }
    }
}

/// What a member's machine does with a heartbeat, from the message to the news of it.
func gossipMachine(of size: Int) {
    Benchmark("gossip machine of \(size): take a heartbeat", configuration: configuration(.kilo)) {
        benchmark,
        listener in
        try listener.listen(benchmark.scaledIterations.count)
    } setup: {
        try Listener(size: size)
    }
}
