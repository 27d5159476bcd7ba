import Cryptography
import Gossip
import Logging
import P2PNode
import Primitives

/// What one transport reported, in order.
actor RecordingObserver: LinkObserver {
    enum Report: Equatable {
        case up(Identity)
        case down(Identity, RedialMachine.LossCause)
        case refused(Identity)
        case refusalEnded(Identity)
        case message(LinkMessage, from: Identity)
    }

    private(set) var reports: [Report] = []
    private var links: [Identity: Link] = [:]

    func linkUp(_ link: Link) {
        links[link.peer] = link
        reports.append(.up(link.peer))
    }

    func linkDown(_ peer: Identity, _ cause: RedialMachine.LossCause, because _: LinkEnd) {
        links[peer] = nil
        reports.append(.down(peer, cause))
    }

    func redialRefused(_ peer: Identity, closedAt _: Instant) {
        reports.append(.refused(peer))
    }

    func redialRefusedEnded(_ peer: Identity) {
        reports.append(.refusalEnded(peer))
    }

    func received(_ messages: [LinkMessage], over link: Link) {
        guard links[link.peer]?.id == link.id else { return }
        for message in messages { reports.append(.message(message, from: link.peer)) }
    }

    func link(to peer: Identity) -> Link? { links[peer] }
}

/// One member's transport under test.
struct TestMember: Sendable {
    let key: IdentityKey
    /// The X25519 key of its transport.
    let linkKey: LinkKeyPair
    let observer = RecordingObserver()
    let transport: LinkTransport

    var identity: Identity { key.identity }

    init(network: LinkNetwork = TestMember.network, port: Int = 0, key: IdentityKey? = nil) {
        var random = SystemRandom()
        self.key = key ?? IdentityKey(random: &random)
        let key = self.key
        let configuration = LinkTransport.Configuration(
            network: network,
            identity: key,
            listen: Endpoint(host: "127.0.0.1", port: port)
        )
        linkKey = configuration.staticKey
        transport = LinkTransport(
            configuration,
            observer: observer,
            clock: .started(),
            seed: 7,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    static let network = LinkNetwork(Deployment(chainId: 1, genesis: Digest(), registry: Address()))

    /// The endpoint, once the transport listens.
    var endpoint: Endpoint {
        get async throws {
            while true {
                if let port = await transport.listening { return Endpoint(host: "127.0.0.1", port: port) }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// Waits until the observer has such a report; gives up after half a minute.
    func waits(for condition: @Sendable ([RecordingObserver.Report]) -> Bool) async throws -> Bool {
        for _ in 0..<6_000 {
            if await condition(observer.reports) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// Runs transports beside a test and ends them with it.
func withTransports(
    _ members: [TestMember],
    _ body: @Sendable () async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for member in members { group.addTask { try await member.transport.run() } }
        try await body()
        group.cancelAll()
    }
}

/// Tells members of each other; each is dialed by those after it alone, so that no two connections come up at a time and
/// none is replaced.
func introduceInTurn(_ members: [TestMember]) async throws {
    var endpoints: [Identity: Endpoint] = [:]
    // At a member's host, where nobody listens.
    for member in members { endpoints[member.identity] = Endpoint(host: "127.0.0.1", port: 1) }
    for member in members {
        await member.transport.setPeers(endpoints)
        endpoints[member.identity] = try await member.endpoint
    }
}
