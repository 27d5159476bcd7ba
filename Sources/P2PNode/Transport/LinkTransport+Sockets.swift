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

    /// Opens the socket that members connect to.
    func bind() async throws -> NIOAsyncChannel<any Channel, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .bind(host: configuration.listen.host, port: configuration.listen.port) { channel in
                    channel.eventLoop.makeSucceededFuture(channel)
                }
        } catch {
            throw TransportError.cannotListen(configuration.listen, String(describing: error))
        }
    }

    /// Takes connections until cancelled.
    func accept(from server: NIOAsyncChannel<any Channel, Never>) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await channel in connections {
                    guard case .admitted(let ticket) = admit(channel.remoteAddress) else {
                        channel.close(promise: nil)
                        continue
                    }
                    let handshake = handshakeParameters
                    group.addTask {
                        let outcome = await self.serve(channel, ticket: ticket) {
                            HandshakeMachine(accepting: handshake, at: $0)
                        }
                        if case .failed(let end) = outcome { await self.refused(channel, end) }
                    }
                }
            }
        }
    }

    private func refused(_ channel: any Channel, _ end: LinkEnd) {
        logger.debug(
            "connection refused",
            metadata: [
                "address": "\(channel.remoteAddress.map(String.init(describing:)) ?? "unknown")",
                "reason": "\(end)",
            ]
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
        var link: Link?
        var end = LinkEnd.closedByPeer
        do {
            let clock = clock
            let connection = try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(
                    LinkChannelHandler(handshake(clock.now), clock: clock)
                )
                let connection = try LinkChannel(wrappingChannelSynchronously: channel)
                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                return connection
            }.get()
            try await connection.executeThenClose { events, _ in
                for try await event in events {
                    switch event {
                    case .established(let established):
                        link = await self.established(established, on: channel)
                        if let ticket { await self.handshakeEnded(ticket, .established) }
                    case .received(let messages):
                        if let link { await self.observer.received(messages, over: link) }
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
