package import Cryptography
package import Gossip
package import Logging
internal import NIOCore
internal import NIOPosix
package import Primitives
internal import ServiceLifecycle

/// Keeps one encrypted connection to each member: listens, dials, redials, and refuses strangers cheaply.
///
/// What to do is decided by ``LinkRegistry``, ``RedialMachine`` and ``AdmissionControl``; this actor owns them and
/// does it.
package actor LinkTransport: Service {
    /// What the transport needs to know.
    package struct Configuration: Sendable {
        /// The deployment whose members it links with.
        package var network: LinkNetwork
        /// The key it proves to have.
        package var identity: IdentityKey
        /// The address and port to listen on; who has none only dials.
        package var listen: Endpoint?
        /// The X25519 key of this process.
        package var staticKey: LinkKeyPair

        /// Joins the three with a fresh key for this process.
        package init(network: LinkNetwork, identity: IdentityKey, listen: Endpoint?) {
            self.network = network
            self.identity = identity
            self.listen = listen
            var random = SystemRandom()
            staticKey = LinkKeyPair(random: &random)
        }
    }

    private struct Peer {
        var endpoint: Endpoint
        var redial: RedialMachine
        var isDialed = false
        var dial: UInt64 = 0
    }

    /// One attempt to reach a member.
    struct DialJob: Sendable {
        let peer: Identity
        let endpoint: Endpoint
        let number: UInt64
    }

    let configuration: Configuration
    let observer: any LinkObserver
    /// Hears of the links with those that are no members.
    let guestObserver: (any LinkObserver)?
    let logger: Logger
    let clock: NodeClock
    let metrics = LinkMetrics()
    /// When the next refused connection of a kind may be told of aloud.
    var nextTold: [String: Instant] = [:]
    private var registry: LinkRegistry
    /// The links with those that are no members; apart from the registry, so that none is ever in a member's place.
    var guestBook = GuestBook()
    /// Links of guests that are expected no more, until they have ended.
    var dismissed: Set<LinkID> = []
    private var admission = AdmissionControl()
    private var peers: [Identity: Peer] = [:]
    private(set) var links: [LinkID: Link] = [:]
    private var nextID: UInt64 = 0
    /// The port the transport listens on, once it does; differs from the configured one if that was 0.
    package private(set) var listening: Int?
    private var jitter: SplitMix64
    private let alarm = DeadlineAlarm()
    private let jobs: AsyncStream<DialJob>
    private let dialer: AsyncStream<DialJob>.Continuation

    /// A transport that knows no members yet.
    ///
    /// - Parameters:
    ///   - configuration: Who it is and where it listens.
    ///   - observer: Hears of members' links and messages.
    ///   - guestObserver: Hears of those of guests.
    ///   - clock: The node's time.
    ///   - seed: For the jitter of redials.
    ///   - logger: Where refusals and failures are told.
    package init(
        _ configuration: Configuration,
        observer: any LinkObserver,
        guestObserver: (any LinkObserver)? = nil,
        clock: NodeClock,
        seed: UInt64,
        logger: Logger
    ) {
        self.configuration = configuration
        self.observer = observer
        self.guestObserver = guestObserver
        self.clock = clock
        self.logger = logger
        registry = LinkRegistry(own: configuration.identity.identity)
        jitter = SplitMix64(seed: seed)
        // A peer has at most one dial under way, and there are at most 127 peers.
        (jobs, dialer) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(256))
    }

    /// What the next handshake is to bring along.
    var handshakeParameters: HandshakeParameters {
        HandshakeParameters(
            network: configuration.network,
            identity: configuration.identity,
            staticKey: configuration.staticKey,
            admissible: guestBook.expected.union(peers.keys)
        )
    }

    /// Whether the transport has been told whom to link with.
    var knowsMembers: Bool { !peers.isEmpty }

    // MARK: Members

    /// Sets from whom the node takes links, and whom of them it dials: all, unless told.
    ///
    /// Links to others are closed, and those that it had dialed and is not to dial any more.
    package func setPeers(_ endpoints: [Identity: Endpoint], dialed: Set<Identity>? = nil) async {
        for identity in peers.keys.sorted() where endpoints[identity] == nil {
            run(identity, .stopped)
            peers[identity] = nil
            if let id = registry.link(to: identity) { links[id]?.close(.notAdmitted) }
        }
        for identity in endpoints.keys.sorted() {
            guard let endpoint = endpoints[identity], identity != configuration.identity.identity else {
                continue
            }
            meet(identity, at: endpoint)
            setDialed(identity, dialed?.contains(identity) ?? true)
        }
        // Who is a member now has no second link.
        setGuests(guestBook.expected.subtracting(endpoints.keys))
        admission.setMembers(at: hostCounts())
        setAlarm()
    }

    private func meet(_ identity: Identity, at endpoint: Endpoint) {
        guard peers[identity] == nil else {
            peers[identity]?.endpoint = endpoint
            return
        }
        let isFavoured = configuration.identity.identity < identity
        let random = SplitMix64(seed: jitter.next())
        peers[identity] = Peer(
            endpoint: endpoint,
            redial: RedialMachine(isFavoured: isFavoured, random: random)
        )
    }

    private func setDialed(_ identity: Identity, _ isDialed: Bool) {
        guard let peer = peers[identity], peer.isDialed != isDialed else { return }
        peers[identity]?.isDialed = isDialed
        run(identity, isDialed ? .started : .stopped)
        guard !isDialed, let link = registry.link(to: identity).flatMap({ links[$0] }) else { return }
        if link.initiator == .own { link.close(.notNeeded) }
    }

    /// A member has shown a sign of life by another path: it may be reachable again.
    package func signOfLife(of peer: Identity) {
        guard registry.link(to: peer) == nil else { return }
        run(peer, .signOfLife)
        setAlarm()
    }

    private func hostCounts() -> [HostPrefix: Int] {
        var counts: [HostPrefix: Int] = [:]
        for peer in peers.values {
            if let host = HostPrefix(numeric: peer.endpoint.host) { counts[host, default: 0] += 1 }
        }
        return counts
    }

    // MARK: Connections

    /// Judges a connection from outside.
    func admit(_ address: SocketAddress) -> AdmissionControl.Verdict {
        guard let host = HostPrefix(address) else { return .refused(.full) }
        return admission.connectionArrived(from: host, at: clock.now)
    }

    /// Notes how the handshake of an admitted connection ended.
    func handshakeEnded(_ ticket: AdmissionControl.Ticket, _ outcome: AdmissionControl.Outcome) {
        admission.handshakeEnded(ticket, outcome, at: clock.now)
    }

    /// Takes a connection whose handshake is done; answers `nil` when another stays in its place.
    func established(_ established: EstablishedLink, on channel: any Channel) async -> Link? {
        nextID += 1
        let isGuest = peers[established.peer] == nil && guestBook.expected.contains(established.peer)
        let link = Link(id: LinkID(nextID), established: established, channel: channel, isGuest: isGuest)
        links[link.id] = link
        if isGuest { return await guestEstablished(link) }
        guard let peer = peers[link.peer], peer.isDialed || link.initiator == .peer else {
            links[link.id] = nil
            link.close(peers[link.peer] == nil ? .notAdmitted : .notNeeded)
            return nil
        }
        var isUsed = false
        for action in registry.established(link.id, with: link.peer, by: link.initiator, at: clock.now) {
            switch action {
            case .use: isUsed = true
            case .close(let id): links.removeValue(forKey: id)?.close(.duplicate)
            case .probe(let id): links[id]?.probe()
            }
        }
        guard isUsed else { return nil }
        run(link.peer, .linkUp(link.initiator))
        setAlarm()
        await observer.linkUp(link)
        return link
    }

    /// A connection that was established has ended.
    func ended(_ link: Link, _ reason: LinkEnd) async {
        links[link.id] = nil
        if link.isGuest { return await guestEnded(link, reason) }
        guard registry.closed(link.id, with: link.peer) != nil else { return }
        let cause: RedialMachine.LossCause = reason.isByPeer ? .closedByPeer : .other
        run(link.peer, .linkLost(cause))
        setAlarm()
        await observer.linkDown(link.peer, cause, because: reason)
    }

    /// Forgets a connection that is closed from here.
    func forget(_ id: LinkID) -> Link? { links.removeValue(forKey: id) }

    // MARK: Dialling

    /// A dial has come to nothing.
    func dialFailed(_ job: DialJob, _ failure: RedialMachine.DialFailure) {
        guard peers[job.peer]?.dial == job.number else { return }
        run(job.peer, .dialFailed(failure))
        setAlarm()
    }

    private func run(_ identity: Identity, _ event: RedialMachine.Event) {
        guard var peer = peers[identity] else { return }
        let actions = peer.redial.handle(event, at: clock.now)
        peers[identity] = peer
        perform(actions, for: identity)
    }

    private func perform(_ actions: [RedialMachine.Action], for identity: Identity) {
        for action in actions {
            switch action {
            case .dial:
                peers[identity]?.dial += 1
                guard let peer = peers[identity] else { continue }
                dialer.yield(DialJob(peer: identity, endpoint: peer.endpoint, number: peer.dial))
            case .abandonDial:
                peers[identity]?.dial += 1
            case .reportRefused(let closedAt):
                reports.continuation.yield(.refused(identity, closedAt: closedAt))
            case .withdrawRefused:
                reports.continuation.yield(.withdrawn(identity))
            }
        }
    }

    private enum Report: Sendable {
        case refused(Identity, closedAt: Instant)
        case withdrawn(Identity)
    }

    private let reports = AsyncStream<Report>.makeStream(bufferingPolicy: .bufferingNewest(1_024))

    private func setAlarm() {
        alarm.set(peers.values.compactMap(\.redial.nextDeadline).min())
    }

    private func wake() {
        let now = clock.now
        for identity in peers.keys.sorted() {
            guard var peer = peers[identity], let due = peer.redial.nextDeadline, due <= now else { continue }
            let actions = peer.redial.expired(at: now)
            peers[identity] = peer
            perform(actions, for: identity)
        }
        setAlarm()
    }

    // MARK: Running

    /// Listens and dials until shut down.
    ///
    /// - Throws: When the address to listen on cannot be bound.
    package func run() async throws {
        let server = try await openSocket()
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                if let server { group.addTask { try await self.accept(from: server) } }
                group.addTask { await self.alarm.run(on: self.clock) { await self.wake() } }
                group.addTask { await self.report() }
                for await job in self.jobs {
                    group.addTask { await self.dial(job) }
                }
                group.cancelAll()
            }
        }
    }

    private func openSocket() async throws -> NIOAsyncChannel<any Channel, Never>? {
        guard let listen = configuration.listen else { return nil }
        let server = try await bind(listen)
        listening = server.channel.localAddress?.port
        logger.info("listening", metadata: ["address": "\(listen)"])
        return server
    }

    private func report() async {
        for await report in reports.stream {
            switch report {
            case .refused(let peer, let closedAt): await observer.redialRefused(peer, closedAt: closedAt)
            case .withdrawn(let peer): await observer.redialRefusedEnded(peer)
            }
        }
    }
}

extension LinkEnd {
    /// Whether the peer's end was closed, as it is when its process ends.
    fileprivate var isByPeer: Bool {
        switch self {
        case .closedByPeer, .farewell: true
        case .handshake, .offence, .closedHere, .silent, .overflowed, .failed: false
        }
    }
}
