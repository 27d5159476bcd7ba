import Cryptography
import Gossip
import Logging
import P2PNode
import Primitives

/// A ceremony's machine that offers what it is told to, and keeps what comes.
///
/// As an oracle's it admits the guests, and repeats to all what it has from one, as the mesh would.
struct TestParticipant: OperationParticipant {
    static let operation = Digest(hex: String(repeating: "0a", count: 32)) ?? Digest()

    let log: ParticipantLog
    let peers: Set<Identity>
    let isOracle: Bool
    var items: [OperationItem]
    private var hasBegun = false

    init(log: ParticipantLog, peers: Set<Identity>, isOracle: Bool, items: [OperationItem]) {
        self.log = log
        self.peers = peers
        self.isOracle = isOracle
        self.items = items
    }

    /// At once: what is told to begin with.
    var nextDeadline: Instant? { hasBegun ? nil : .start }

    mutating func expired(at _: Instant) -> [OperationOrder] {
        guard !hasBegun else { return [] }
        hasBegun = true
        return (isOracle ? [.admit(peers)] : []) + [.open(Self.operation, with: peers), .offer(items)]
    }

    mutating func handle(_ news: OperationNews, at _: Instant) -> [OperationOrder] {
        log.note(news)
        return []
    }
}

/// What a machine was told, for a test that runs beside it.
final class ParticipantLog: Sendable {
    private let news: AsyncStream<OperationNews>
    private let writer: AsyncStream<OperationNews>.Continuation

    init() {
        (news, writer) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    func note(_ news: OperationNews) { writer.yield(news) }

    /// Reads until all of these have come; `false` after half a minute.
    func waits(for wanted: Set<OperationNews>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [news] in
                var missing = wanted
                for await item in news {
                    missing.remove(item)
                    if missing.isEmpty { return true }
                }
                return false
            }
            group.addTask {
                do { try await Task.sleep(for: .seconds(30)) } catch { return false }
                return false
            }
            let isThere = await group.next() ?? false
            group.cancelAll()
            return isThere
        }
    }
}

/// An oracle or an operator with sockets: transport and desk, and no mesh.
struct TestParty: Sendable {
    let key: IdentityKey
    let log = ParticipantLog()
    let desk: OperationDesk
    let transport: LinkTransport
    /// Hears of the links with members.
    let members = RecordingObserver()

    var identity: Identity { key.identity }

    init(
        oracle key: IdentityKey,
        guests: Set<Identity>,
        items: [OperationItem] = [],
        port: Int = 0
    ) {
        self.init(key, peers: guests, items: items, listen: Endpoint(host: "127.0.0.1", port: port))
    }

    init(guest key: IdentityKey, oracles: Set<Identity>, items: [OperationItem] = []) {
        self.init(key, peers: oracles, items: items, listen: nil)
    }

    private init(_ key: IdentityKey, peers: Set<Identity>, items: [OperationItem], listen: Endpoint?) {
        self.key = key
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let clock = NodeClock.started()
        desk = OperationDesk(
            software: SoftwareVersion(rawValue: 1),
            participant: TestParticipant(log: log, peers: peers, isOracle: listen != nil, items: items),
            clock: clock,
            logger: logger
        )
        let configuration = LinkTransport.Configuration(
            network: TestMember.network,
            identity: key,
            listen: listen
        )
        transport = LinkTransport(
            configuration,
            observer: listen == nil ? desk : members,
            guestObserver: listen == nil ? nil : desk,
            clock: clock,
            seed: 7,
            logger: logger
        )
    }

    /// Where an oracle listens, once it does.
    var endpoint: Endpoint {
        get async throws {
            while true {
                if let port = await transport.listening { return Endpoint(host: "127.0.0.1", port: port) }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await transport.run() }
            group.addTask { await desk.run(beside: transport) }
            try await group.waitForAll()
        }
    }
}
