import Cryptography
import Gossip
import NIOCore
import NIOPosix
import P2PNode
import Primitives

/// One who has a member's link key but not the key of its identity, and speaks the handshake by hand.
struct LinkThief: Sendable {
    /// What it offers as a proof that it is the member.
    enum Proof: Sendable {
        /// The member's identity with a signature by this key over this very handshake.
        case signed(IdentityKey)
        /// What somebody once offered in another handshake.
        case repeated([UInt8])
    }

    /// How an attempt ended.
    enum Outcome: Equatable {
        /// The connection was closed before anything was said.
        case unheard
        /// The other end said so much after it had the proof, and closed.
        case closed(after: [UInt8])
        /// The other end has given its own proof, as it does to whom it takes for the one it dialed.
        case trusted([UInt8])
    }

    /// Whom it claims to be.
    let claimed: Identity
    /// The key that it shakes hands with.
    let staticKey: LinkKeyPair
    let proof: Proof

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static let network = TestMember.network
    private static let opening = Preamble.size + 2
    private static let first = opening + 32
    private static let second = opening + 256
    private static let third = 2 + 224

    /// Dials from an address of the loopback network, and stays until the other end closes.
    func dial(_ endpoint: Endpoint, from host: String) async throws -> Outcome {
        try await shakeHands(with: endpoint, from: host).outcome
    }

    /// The proof that a member answers with; it gives one to whoever shakes hands.
    func proofOfAnswer(by endpoint: Endpoint, from host: String) async throws -> [UInt8] {
        try await shakeHands(with: endpoint, from: host).answer
    }

    private func shakeHands(
        with endpoint: Endpoint,
        from host: String
    ) async throws -> (outcome: Outcome, answer: [UInt8]) {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(to: SocketAddress(ipAddress: host, port: 0))
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let preamble = Preamble(Self.network)
            let prologue = Self.network.prologue(initiator: preamble)
            var noise = NoiseHandshake(role: .initiator, prologue: prologue, staticKey: staticKey)
            var random = SystemRandom()
            var unread: [UInt8] = []
            var answer: [UInt8]?
            do {
                let opening = preamble.bytes + framed(try noise.write(random: &random))
                try await outbound.write(ByteBuffer(bytes: opening))
                for try await part in inbound {
                    unread += Array(part.readableBytesView)
                    guard answer == nil, unread.count >= Self.second else { continue }
                    answer = try noise.read(unsafe Array(unread[Self.opening...]).span.bytes).payload
                    unread = []
                    let hash = SHA256.hash(prologue)
                    let message = try noise.write(random: &random) { payload(.initiator, hash, $0) }
                    try await outbound.write(ByteBuffer(bytes: framed(message)))
                }
            } catch is IOError {
                // Closed while it was still speaking, which resets the connection.
            } catch is ChannelError {
                // The same, noticed before it spoke.
            }
            return answer.map { (.closed(after: unread), $0) } ?? (.unheard, [])
        }
    }

    /// Invites somebody to a port and answers the first who dials it.
    func answer(_ invite: @Sendable (Endpoint) async -> Void) async throws -> Outcome {
        // Wrapped when it is taken: of those that dial again, and are not, nothing must be left to finish.
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeSucceededFuture(channel)
            }
        return try await server.executeThenClose { connections in
            await invite(Endpoint(host: "127.0.0.1", port: server.channel.localAddress?.port ?? 0))
            for try await channel in connections {
                let connection = try await channel.eventLoop.submit {
                    let connection = try Connection(wrappingChannelSynchronously: channel)
                    channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                    return connection
                }.get()
                return try await answer(connection)
            }
            return .unheard
        }
    }

    private func answer(_ connection: Connection) async throws -> Outcome {
        try await connection.executeThenClose { inbound, outbound in
            let preamble = Preamble(Self.network)
            let prologue = Self.network.prologue(initiator: preamble)
            var noise = NoiseHandshake(role: .responder, prologue: prologue, staticKey: staticKey)
            var random = SystemRandom()
            var unread: [UInt8] = []
            var hasAnswered = false
            for try await part in inbound {
                unread += Array(part.readableBytesView)
                if !hasAnswered, unread.count >= Self.first {
                    _ = try noise.read(unsafe Array(unread[Self.opening...]).span.bytes)
                    unread = []
                    hasAnswered = true
                    let hash = SHA256.hash(prologue)
                    let message = try noise.write(random: &random) { payload(.responder, hash, $0) }
                    try await outbound.write(ByteBuffer(bytes: preamble.bytes + framed(message)))
                } else if hasAnswered, unread.count >= Self.third {
                    return .trusted(try noise.read(unsafe Array(unread[2..<Self.third]).span.bytes).payload)
                }
            }
            return hasAnswered ? .closed(after: unread) : .unheard
        }
    }

    private func payload(_ role: LinkProof.Role, _ prologueHash: Digest, _ hash: Digest) -> [UInt8] {
        switch proof {
        case .repeated(let bytes): return bytes
        case .signed(let key):
            let statement = LinkProof(
                role: role,
                prologueHash: prologueHash,
                staticKey: staticKey.publicKey,
                handshakeHash: hash
            )
            return [1] + claimed.array + key.sign(statement).array + [UInt8](repeating: 0, count: 63)
        }
    }

    private func framed(_ message: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }
}
