package import Cryptography
package import Primitives

/// One end of a connection until both know who the other is.
///
/// ```
/// initiator                                     responder
///   preamble, message 1          ──▶
///                                ◀──   preamble, message 2 (who I am)
///   message 3 (who I am)         ──▶
/// ```
/// Messages are framed `length u16 BE | message`, and each place has one length, checked before the message is
/// awaited. Until message 3 is verified a responder holds this value and nothing else for the connection.
/// Whatever fails, fails in the same silence on the wire, except that preambles are always answered by
/// preambles, and that a proven stranger is told so in a record only it can read.
///
/// Bad bytes of the peer are ``HandshakeFailure``s. After `establish` or `fail` nothing more is consumed.
/// Not a ``Machine`` by name, as it owns secrets and cannot be copied; by shape it is one.
package struct HandshakeMachine: ~Copyable, Sendable {
    /// The longest that a handshake may take, from the connection on.
    package static let deadline = Duration.seconds(5)

    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Write these bytes to the connection.
        case send([UInt8])
        /// The link stands: fetch it with ``takeSession()``.
        case establish(Identity)
        /// Close the connection, once what was to be sent is sent.
        case fail(HandshakeFailure)
    }

    /// What came of arrived bytes.
    package struct Progress: Hashable, Sendable {
        /// How many bytes were consumed; the rest must come again in front of what arrives next, to this machine
        /// or, once the link stands, to its session.
        package var consumed = 0
        /// What to do, in order.
        package var actions: [Action] = []
    }

    private enum State: Hashable, Sendable {
        case awaitingPreamble
        case awaitingMessage(length: Int)
        case over
    }

    private let parameters: HandshakeParameters
    private let expected: Identity?
    private let giveUpAt: Instant
    private var state = State.awaitingPreamble
    private var noise: NoiseHandshake?
    private var prologueHash = Digest()
    private var session: LinkSession?

    /// A connection that this node has opened to reach a member.
    package init(dialing expected: Identity, _ parameters: HandshakeParameters, at now: Instant) {
        self.init(parameters, expected: expected, at: now)
        begin(.initiator, with: Preamble(parameters.network))
    }

    /// A connection that this node has accepted.
    package init(accepting parameters: HandshakeParameters, at now: Instant) {
        self.init(parameters, expected: nil, at: now)
    }

    private init(_ parameters: HandshakeParameters, expected: Identity?, at now: Instant) {
        self.parameters = parameters
        self.expected = expected
        giveUpAt = now.advanced(by: Self.deadline)
    }

    /// When ``expired(at:)`` is due.
    package var nextDeadline: Instant? { state == .over ? nil : giveUpAt }

    /// The role that this end signs as.
    private var role: LinkProof.Role { expected == nil ? .responder : .initiator }

    private mutating func begin(_ role: LinkProof.Role, with preamble: Preamble) {
        let prologue = parameters.network.prologue(initiator: preamble)
        prologueHash = SHA256.hash(prologue)
        noise = NoiseHandshake(role: role, prologue: prologue, staticKey: parameters.staticKey)
    }

    /// Says what the side that dialed says first; the other side says nothing yet.
    package mutating func start(random: inout some SecureRandom) -> [Action] {
        guard role == .initiator, state == .awaitingPreamble else { return [] }
        do throws(HandshakeFailure) {
            return [.send(Preamble(parameters.network).bytes + (try write(random: &random)))]
        } catch {
            return fail(error)
        }
    }

    /// Takes what has arrived.
    package mutating func receive(_ bytes: RawSpan, random: inout some SecureRandom) -> Progress {
        var progress = Progress()
        do throws(HandshakeFailure) {
            if state == .awaitingPreamble { try readPreamble(bytes, &progress) }
            while case .awaitingMessage(let length) = state {
                let rest = bytes.extracting(droppingFirst: progress.consumed)
                guard try Self.hasMessage(of: length, in: rest) else { break }
                progress.consumed += 2 + length
                progress.actions += try read(rest.extracting(2..<(2 + length)), random: &random)
            }
        } catch {
            progress.actions += fail(error)
        }
        return progress
    }

    /// The connection has ended.
    package mutating func closedByPeer() -> [Action] {
        state == .over ? [] : fail(.closedByPeer)
    }

    /// Gives up when the deadline has passed.
    package mutating func expired(at now: Instant) -> [Action] {
        state == .over || now < giveUpAt ? [] : fail(.timedOut)
    }

    /// The link, once, after `establish`.
    package mutating func takeSession() -> LinkSession? {
        session.take()
    }

    private mutating func fail(_ failure: HandshakeFailure) -> [Action] {
        state = .over
        noise = nil
        return [.fail(failure)]
    }

    private mutating func readPreamble(_ bytes: RawSpan, _ progress: inout Progress) throws(HandshakeFailure)
    {
        guard Preamble.canBegin(bytes) else { throw .otherProtocol }
        guard bytes.byteCount >= Preamble.size else { return }
        guard let theirs = Preamble(bytes.extracting(first: Preamble.size)) else { throw .otherProtocol }
        progress.consumed = Preamble.size
        let ours = Preamble(parameters.network)
        if role == .responder { progress.actions.append(.send(ours.bytes)) }
        guard theirs.version == ours.version else { throw .otherVersion(theirs.version) }
        guard theirs.flags == ours.flags else { throw .unknownFlags(theirs.flags) }
        guard theirs.hint == ours.hint else { throw .otherNetwork(theirs: theirs.hint, ours: ours.hint) }
        if role == .responder { begin(.responder, with: theirs) }
        state = .awaitingMessage(length: role == .initiator ? Self.second : Self.first)
    }

    /// Whether the message that must come now is there whole.
    private static func hasMessage(of length: Int, in bytes: RawSpan) throws(HandshakeFailure) -> Bool {
        guard bytes.byteCount >= 2 else { return false }
        let announced = Int(bytes.byte(at: 0)) << 8 | Int(bytes.byte(at: 1))
        guard announced == length else { throw .messageLength(announced) }
        return bytes.byteCount >= 2 + length
    }

    private mutating func read(
        _ message: RawSpan,
        random: inout some SecureRandom
    ) throws(HandshakeFailure) -> [Action] {
        let reading: NoiseHandshake.Reading
        do throws(NoiseError) {
            guard let result = try noise?.read(message) else { return [] }
            reading = result
        } catch {
            throw HandshakeFailure(error)
        }
        switch (role, message.byteCount) {
        case (.responder, Self.first):
            guard reading.payload.isEmpty else { throw .malformedPayload }
            state = .awaitingMessage(length: Self.third)
            return [.send(try write(random: &random))]
        case (.responder, _):
            let peer = try claimedIdentity(in: reading)
            return finish(peer)
        case (.initiator, _):
            let peer = try claimedIdentity(in: reading)
            if let failure = objection(to: peer) { throw failure }
            return [.send(try write(random: &random))] + finish(peer)
        }
    }

    /// The next message with its length in front.
    private mutating func write(random: inout some SecureRandom) throws(HandshakeFailure) -> [UInt8] {
        let (identity, role, prologueHash) = (parameters.identity, role, prologueHash)
        let staticKey = parameters.staticKey.publicKey
        let isFirst = state == .awaitingPreamble
        do throws(NoiseError) {
            let message = try noise?.write(random: &random) { hash in
                guard !isFirst else { return [] }
                let proof = LinkProof(
                    role: role,
                    prologueHash: prologueHash,
                    staticKey: staticKey,
                    handshakeHash: hash
                )
                return IdentityPayload(identity: identity.identity, signature: identity.sign(proof)).bytes
            }
            let bytes = message ?? []
            return [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)]
                + bytes
        } catch {
            throw HandshakeFailure(error)
        }
    }

    /// Whose key has signed this handshake.
    private func claimedIdentity(in reading: NoiseHandshake.Reading) throws(HandshakeFailure) -> Identity {
        guard let payload = IdentityPayload(reading.payload), let key = reading.peerKey else {
            throw .malformedPayload
        }
        let proof = LinkProof(
            role: role == .initiator ? .responder : .initiator,
            prologueHash: prologueHash,
            staticKey: key,
            handshakeHash: reading.hash
        )
        guard payload.identity.hasSigned(proof, payload.signature) else {
            throw .badSignature(payload.identity)
        }
        return payload.identity
    }

    private func objection(to peer: Identity) -> HandshakeFailure? {
        if peer == parameters.identity.identity { return .ownIdentity }
        if let expected, peer != expected { return .unexpectedIdentity(peer) }
        return parameters.admissible.contains(peer) ? nil : .notAdmitted(peer)
    }

    /// Ends the handshake with whoever proved to be at the other end.
    private mutating func finish(_ peer: Identity) -> [Action] {
        guard let noise = noise.take() else { return [] }
        let side: LinkSide = role == .initiator ? .own : .peer
        var link = LinkSession.over(noise.split(), with: peer, by: side)
        state = .over
        if let failure = objection(to: peer) {
            let farewell = failure == .notAdmitted(peer) ? link.farewell(.notAdmitted) : []
            return (farewell.isEmpty ? [] : [.send(farewell)]) + fail(failure)
        }
        session = consume link
        return [.establish(peer)]
    }

    private static let first = 32
    private static let second = 32 + 48 + IdentityPayload.size + CipherState.tagSize
    private static let third = 48 + IdentityPayload.size + CipherState.tagSize
}

extension HandshakeFailure {
    fileprivate init(_ error: NoiseError) {
        switch error {
        case .notAuthentic, .exhausted: self = .notAuthentic
        case .smallOrderKey: self = .smallOrderKey
        case .messageLength(let length): self = .messageLength(length)
        }
    }
}
