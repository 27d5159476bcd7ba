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
    func linkDown(_: Identity, _: RedialMachine.LossCause, because _: LinkEnd) { links.finish() }
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
private func measure(_ link: Link, arrived: AsyncStream<Int>) async throws -> [Figure] {
    let message = LinkMessage(.range, body: [UInt8](repeating: 1, count: MessageType.range.bodyLimit))
    let total = 8_000
    let clock = ContinuousClock()
    let begun = clock.now
    let cpuBegun = processorTime()
    var sent = 3
    var received = 0
    link.send([message, message, message])
    for await count in arrived {
        received += count
        guard received < total else { break }
        let more = min(count, total - sent)
        sent += more
        link.send(Array(repeating: message, count: more))
    }
    guard received >= total else { throw NoLink() }
    let bytes = total * message.body.count
    let bare = bareCipher()
    let wall = clock.now - begun
    let perRecord = wall / (bytes / 16_384)
    return [
        Figure(
            name: "one link over loopback, both ends here",
            value: throughput(bytes, in: wall)
                + ", \(rounded(100 * (bare / perRecord))) % of the cipher alone"
        ),
        Figure(
            name: "its processor time a MiB, both ends",
            value: ((processorTime() - cpuBegun) / (bytes >> 20)).shown
        ),
    ]
}
