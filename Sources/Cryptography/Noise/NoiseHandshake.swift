package import Primitives

/// A handshake by `Noise_XX_25519_ChaChaPoly_SHA256` (Noise rev 34, sections 5.3 and 7.5).
///
/// ```
/// initiator → e
///           ← e, ee, s, es    responder
///           → s, se
/// ```
/// Each side learns the other's static key only encrypted, and knows after its last message that the peer has
/// that key. Whose it is, is for the payloads to say. Calls that are out of turn trap: they are our own bugs.
package struct NoiseHandshake: ~Copyable, Sendable {
    /// The most bytes of a Noise message (section 3).
    package static let messageLimit = 65_535

    private enum Token { case e, s, ee, es, se }

    private static let pattern: [[Token]] = [[.e], [.e, .ee, .s, .es], [.s, .se]]

    /// This side.
    package let role: LinkProof.Role
    private let staticKey: LinkKeyPair
    private var symmetric: SymmetricState
    private var ephemeralKey: LinkKeyPair?
    private var remoteEphemeral: LinkKey?
    private var remoteStatic: LinkKey?
    /// How many messages were written and read.
    private var step = 0

    /// Begins with the prologue, which both sides must have alike.
    package init(role: LinkProof.Role, prologue: [UInt8], staticKey: LinkKeyPair) {
        self.role = role
        self.staticKey = staticKey
        symmetric = SymmetricState(protocolName: "Noise_XX_25519_ChaChaPoly_SHA256")
        symmetric.mixHash(unsafe prologue.span.bytes)
    }

    /// Whether both sides have said all.
    package var isDone: Bool { step == Self.pattern.count }

    /// Noise's `h`; after the last message the name of this one session.
    package var handshakeHash: Digest { symmetric.hash }

    private var isWriting: Bool { (step % 2 == 0) == (role == .initiator) }

    /// The next message, whose payload may depend on the hash of all before it.
    ///
    /// - Parameters:
    ///   - random: Gives the ephemeral key.
    ///   - payload: Makes the payload from ``handshakeHash`` as it is just before the payload is sealed.
    /// - Returns: The message's bytes.
    /// - Throws: ``NoiseError/smallOrderKey`` for the peer's key.
    package mutating func write(
        random: inout some SecureRandom,
        payload: (Digest) -> [UInt8] = { _ in [] }
    ) throws(NoiseError) -> [UInt8] {
        precondition(isWriting && !isDone, "not this side's turn to write")
        var message: [UInt8] = []
        for token in Self.pattern[step] {
            switch token {
            case .e:
                let key = LinkKeyPair(random: &random)
                ephemeralKey = key
                message += key.publicKey.array
                symmetric.mixHash(key.publicKey)
            case .s:
                try symmetric.encryptAndHash(unsafe staticKey.publicKey.array.span.bytes, into: &message)
            case .ee, .es, .se:
                try mix(token)
            }
        }
        let content = payload(symmetric.hash)
        try symmetric.encryptAndHash(unsafe content.span.bytes, into: &message)
        precondition(message.count <= Self.messageLimit, "the payload does not fit a Noise message")
        step += 1
        return message
    }

    /// A message's payload and what it was bound to.
    package struct Reading: Hashable, Sendable {
        /// The payload.
        package let payload: [UInt8]
        /// ``NoiseHandshake/handshakeHash`` as it was just before the payload was sealed.
        package let hash: Digest
        /// The peer's static key, once a message has brought it.
        package let peerKey: LinkKey?
    }

    /// Reads the peer's next message.
    ///
    /// After an error the handshake is over.
    package mutating func read(_ message: RawSpan) throws(NoiseError) -> Reading {
        precondition(!isWriting && !isDone, "not this side's turn to read")
        var rest = message
        for token in Self.pattern[step] {
            switch token {
            case .e:
                let bytes = try Self.take(32, of: &rest)
                let key = LinkKey(span: bytes)
                remoteEphemeral = key
                symmetric.mixHash(bytes)
            case .s:
                let bytes = try Self.take(32 + symmetric.overhead, of: &rest)
                remoteStatic = LinkKey(try symmetric.decryptAndHash(bytes))
            case .ee, .es, .se:
                try mix(token)
            }
        }
        let hash = symmetric.hash
        guard rest.byteCount >= symmetric.overhead else { throw .messageLength(message.byteCount) }
        let payload = try symmetric.decryptAndHash(rest)
        step += 1
        return Reading(payload: payload, hash: hash, peerKey: remoteStatic)
    }

    @_lifetime(copy bytes)
    private static func take(_ count: Int, of bytes: inout RawSpan) throws(NoiseError) -> RawSpan {
        guard bytes.byteCount >= count else { throw .messageLength(bytes.byteCount) }
        let taken = bytes.extracting(first: count)
        bytes = bytes.extracting(droppingFirst: count)
        return taken
    }

    private mutating func mix(_ token: Token) throws(NoiseError) {
        // In `es` and `se` the initiator's key comes first.
        let usesOwnEphemeral = token == .ee || (token == .es) == (role == .initiator)
        let usesTheirEphemeral = token == .ee || (token == .es) != (role == .initiator)
        let own = usesOwnEphemeral ? ephemeralKey : staticKey
        guard let own, let theirs = usesTheirEphemeral ? remoteEphemeral : remoteStatic else {
            preconditionFailure("the pattern mixes a key before it is known")
        }
        symmetric.mixKey(try own.agree(with: theirs))
    }

    /// The two directions' cipher states, once ``isDone``.
    package consuming func split() -> NoiseTransport {
        precondition(isDone, "a handshake is not split before its end")
        let (hash, role) = (symmetric.hash, role)
        let (initiator, responder) = symmetric.split()
        return NoiseTransport(
            sending: CipherState(key: role == .initiator ? initiator : responder),
            receiving: CipherState(key: role == .initiator ? responder : initiator),
            handshakeHash: hash
        )
    }
}

/// What a handshake leaves behind: a cipher state for each direction.
package struct NoiseTransport: ~Copyable, Sendable {
    /// Seals what this side says.
    package var sending: CipherState
    /// Opens what the peer says.
    package var receiving: CipherState
    /// Names the session: equal at both ends and at no other.
    package let handshakeHash: Digest

    /// Gives each direction to an owner of its own.
    package consuming func takeApart<R: ~Copyable>(
        _ body: (_ sending: consuming CipherState, _ receiving: consuming CipherState) -> R
    ) -> R {
        body(sending, receiving)
    }
}
