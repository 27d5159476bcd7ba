import Cryptography
import Gossip
import Logging
import P2PNode
import Primitives

/// Counts what arrives, and tells when a message has.
private final class Meter: LinkObserver {
    private let links: AsyncStream<Link>.Continuation
    private let arrivals: AsyncStream<Int>.Continuation
    let linked: AsyncStream<Link>
    let arrived: AsyncStream<Int>

    init() {
        (linked, links) = AsyncStream.makeStream()
        (arrived, arrivals) = AsyncStream.makeStream()
    }

    func linkUp(_ link: Link) { links.yield(link) }
    func linkDown(_: Identity, _: RedialMachine.LossCause, because _: LinkEnd) {
        links.finish()
        arrivals.finish()
    }
    func redialRefused(_: Identity, closedAt _: Instant) {}
    func redialRefusedEnded(_: Identity) {}
    func received(_ messages: [LinkMessage], over _: Link) { arrivals.yield(messages.count) }
}

/// One direction of one link between two transports over loopback TCP: sealed, sent, received, opened, delivered.
///
/// Both ends share this machine's cores, so the figure is of a sender and a receiver together.
@Sendable
func linkOverSockets() async throws -> [Figure] {
    var random = SystemRandom()
    let keys = [IdentityKey(random: &random), IdentityKey(random: &random)]
    let meters = [Meter(), Meter()]
    let network = LinkNetwork(Deployment(chainId: 1, genesis: Digest(), registry: Address()))
    let transports = zip(keys, meters).map { key, meter in
        LinkTransport(
            LinkTransport.Configuration(
                network: network,
                identity: key,
                listen: Endpoint(host: "127.0.0.1", port: 0)
            ),
            observer: meter,
            clock: .started(),
            seed: 1,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        for transport in transports { group.addTask { try await transport.run() } }
        defer { group.cancelAll() }
        let ports = try await [port(of: transports[0]), port(of: transports[1])]
        await transports[1].setPeers([keys[0].identity: Endpoint(host: "127.0.0.1", port: ports[0])])
        await transports[0].setPeers([keys[1].identity: Endpoint(host: "127.0.0.1", port: ports[1])])
        guard let link = await meters[0].linked.first(where: { _ in true }) else { throw NoLink() }
        return try await measure(link, arrived: meters[1].arrived)
    }
}

private func port(of transport: LinkTransport) async throws -> Int {
    while true {
        if let port = await transport.listening { return port }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Keeps three of the longest messages under way, as many as a link's lane for them holds.
///
/// The cipher alone is measured before each round, so that both see the same machine.
private func measure(_ link: Link, arrived: AsyncStream<Int>) async throws -> [Figure] {
    let message = LinkMessage(.range, body: [UInt8](repeating: 1, count: MessageType.range.bodyLimit))
    let total = 1_500
    let bytes = total * message.body.count
    var arrivals = arrived.makeAsyncIterator()
    var rounds: [(wall: Duration, cpu: Duration, share: Double)] = []
    for _ in 0..<5 {
        let bare = bareCipher(batches: 9) * (bytes / recordSize)
        let clock = ContinuousClock()
        let begun = clock.now
        let cpuBegun = processorTime()
        var sent = 3
        var received = 0
        link.send([message, message, message])
        while received < total, let count = await arrivals.next() {
            received += count
            let more = min(count, total - sent)
            sent += more
            link.send(Array(repeating: message, count: more))
        }
        let wall = clock.now - begun
        guard received == total else { throw NoLink() }
        rounds.append((wall, processorTime() - cpuBegun, bare / wall))
    }
    rounds.sort { $0.share < $1.share }
    let median = rounds[rounds.count / 2]
    return [
        Figure(
            name: "one link over loopback, both ends here",
            value: throughput(bytes, in: median.wall)
                + ", \(rounded(100 * median.share)) % of the cipher alone"
        ),
        Figure(name: "its processor time a MiB, both ends", value: (median.cpu / (bytes >> 20)).shown),
    ]
}
