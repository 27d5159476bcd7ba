internal import Glibc
internal import Gossip
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Primitives

/// A connection as its reader sees it.
typealias LinkChannel = NIOAsyncChannel<LinkEvent, [LinkMessage]>

extension LinkTransport {
    /// The longest that a peer's host may take to answer a dial.
    private static let connectTimeout = TimeAmount.seconds(4)
    /// The shortest time between two refusals of one kind that are told of aloud.
    private static let refusalTellingInterval = Duration.seconds(10)

    /// Opens the socket that members connect to.
    func bind(_ listen: Endpoint) async throws -> NIOAsyncChannel<any Channel, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .bind(host: listen.host, port: listen.port) { channel in
                    channel.eventLoop.makeSucceededFuture(channel)
                }
        } catch {
            throw TransportError.cannotListen(listen, String(describing: error))
        }
    }

    /// Takes connections until cancelled, which is no failure but how the transport is ended.
    func accept(from server: NIOAsyncChannel<any Channel, Never>) async throws {
        do {
            try await takeConnections(of: server)
        } catch is CancellationError {
            return
        }
    }

    private func takeConnections(of server: NIOAsyncChannel<any Channel, Never>) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await channel in connections {
                    // Kept, because a closed channel has none any more.
                    guard let address = channel.remoteAddress else {
                        metrics.countGone()
                        channel.close(promise: nil)
                        continue
                    }
                    let ticket: AdmissionControl.Ticket
                    switch admit(address) {
                    case .admitted(let admitted): ticket = admitted
                    case .refused(let refusal):
                        metrics.count(refusal)
                        channel.close(promise: nil)
                        continue
                    }
                    let handshake = handshakeParameters
                    group.addTask {
                        let outcome = await self.serve(channel, ticket: ticket) {
                            HandshakeMachine(accepting: handshake, at: $0)
                        }
                        if case .failed(let end) = outcome { await self.refused(address, end) }
                    }
                }
            }
        }
    }

    /// Tells of a connection that was heard and refused.
    ///
    /// What a person may have to mend is told aloud, but not as often as strangers like.
    private func refused(_ address: SocketAddress, _ end: LinkEnd) {
        // Before a committee is known everybody is a stranger.
        let cause = knowsMembers ? end.concernOfOperator : nil
        let isAloud = cause.map { (nextTold[$0] ?? .start) <= clock.now } ?? false
        if isAloud, let cause { nextTold[cause] = clock.now.advanced(by: Self.refusalTellingInterval) }
        logger.log(
            level: isAloud ? .notice : .debug,
            "connection refused",
            metadata: ["address": "\(address)", "reason": "\(end)"]
        )
    }

    /// Dials a member once.
    func dial(_ job: DialJob) async {
        let handshake = handshakeParameters
        let outcome: ConnectionOutcome
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(Self.connectTimeout)
                .channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .connect(host: job.endpoint.host, port: job.endpoint.port) { channel in
                    channel.eventLoop.makeSucceededFuture(channel)
                }
            outcome = await serve(channel, ticket: nil) {
                HandshakeMachine(dialing: job.peer, handshake, at: $0)
            }
        } catch {
            dialFailed(job, error.isRefusal ? .refused : .failed)
            return
        }
        guard case .failed(let end) = outcome else { return }
        dialFailed(job, .failed)
        // That both ends dialed at once is no news.
        logger.log(
            level: end == .closedHere(.duplicate) ? .debug : .notice,
            "no link",
            metadata: ["peer": "\(job.endpoint)", "reason": "\(end)"]
        )
    }

    /// What became of a connection.
    enum ConnectionOutcome {
        /// It was a link, and has ended.
        case served
        /// It never became a link.
        case failed(LinkEnd)
    }

    /// Runs a connection from its first byte to its end.
    private nonisolated func serve(
        _ channel: any Channel,
        ticket: AdmissionControl.Ticket?,
        handshake: @escaping @Sendable (Instant) -> sending HandshakeMachine
    ) async -> ConnectionOutcome {
        let own = ticket == nil ? LinkMetrics.End.dialed : .accepted
        var link: Link?
        var end = LinkEnd.closedByPeer
        do {
            let (clock, metrics) = (clock, metrics)
            let guests = await guestBook.expected
            let connection = try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(
                    LinkChannelHandler(handshake(clock.now), clock: clock, metrics: metrics) {
                        guests.contains($0) ? .guest : .init()
                    }
                )
                let connection = try LinkChannel(wrappingChannelSynchronously: channel)
                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                return connection
            }.get()
            try await connection.executeThenClose { events, _ in
                for try await event in events {
                    switch event {
                    case .established(let established):
                        metrics.countLink(own)
                        link = await self.established(established, on: channel)
                        if let ticket { await self.handshakeEnded(ticket, .established) }
                    case .received(let messages):
                        if let link { await self.observer(of: link)?.received(messages, over: link) }
                    case .ended(let reason):
                        end = reason
                    }
                }
            }
        } catch is CancellationError {
            end = .closedHere(.shuttingDown)
        } catch {
            end = .failed(String(describing: error))
        }
        metrics.count(end, own, wasLink: link != nil)
        if let ticket { await handshakeEnded(ticket, end.isBadIdentity ? .badIdentity : .failed) }
        guard let link else { return .failed(end) }
        await ended(link, end)
        return .served
    }
}

/// Why the transport cannot work.
package enum TransportError: Error, CustomStringConvertible {
    /// The address to listen on is taken or not this machine's.
    case cannotListen(Endpoint, String)

    package var description: String {
        switch self {
        case .cannotListen(let endpoint, let reason):
            """
            cannot listen on \(endpoint): \(reason). Another program may have the port (see `ss -ltnp`); stop it \
            or set listen.address to another one
            """
        }
    }
}

extension LinkEnd {
    fileprivate var isBadIdentity: Bool {
        if case .handshake(let failure) = self { failure.isBadIdentity } else { false }
    }

    /// What kind of refusal it is, if an honest but misconfigured or unknown program may be at the other end.
    fileprivate var concernOfOperator: String? {
        guard case .handshake(let failure) = self else { return nil }
        return switch failure {
        case .otherVersion, .unknownFlags, .otherNetwork, .notAdmitted, .badSignature: failure.name
        default: nil
        }
    }
}

extension Error {
    /// Whether a host answered a dial by refusing it.
    fileprivate var isRefusal: Bool {
        if let error = self as? IOError { return error.errnoCode == ECONNREFUSED }
        guard let error = self as? NIOConnectionError else { return false }
        return !error.connectionErrors.isEmpty
            && error.connectionErrors.allSatisfy { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
    }
}
