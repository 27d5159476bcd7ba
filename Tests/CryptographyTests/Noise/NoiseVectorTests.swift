import Cryptography
import Primitives
import TestSupport
import Testing

/// Whole sessions against published vectors and against the Python package noiseprotocol.
@Suite struct NoiseVectorTests {
    struct Message: Decodable {
        let payload: String
        let ciphertext: String
    }

    struct Published: Decodable {
        struct Vector: Decodable {
            let protocol_name: String
            let init_prologue: String
            let init_static: String
            let init_ephemeral: String
            let resp_static: String
            let resp_ephemeral: String
            let handshake_hash: String?
            let messages: [Message]
        }

        let vectors: [Vector]
    }

    struct Session: Decodable {
        let init_static: String
        let init_ephemeral: String
        let resp_static: String
        let resp_ephemeral: String
        let prologue: String
        let handshake_hash: String
        let handshake: [Message]
        let transport: [Message]
        let after_rekey: [Message]
    }

    private static let published = "noise-xx-25519-chachapoly-sha256.json"

    @Test(.enabled(if: PublishedVectors.has(published), "the published vectors are not beside the checkout"))
    func `makes the published vectors' bytes on both sides`() throws {
        let file: Published = try PublishedVectors.load(Self.published)
        try #require(!file.vectors.isEmpty)
        for vector in file.vectors {
            #expect(vector.protocol_name == "Noise_XX_25519_ChaChaPoly_SHA256")
            let session = Session(
                init_static: vector.init_static,
                init_ephemeral: vector.init_ephemeral,
                resp_static: vector.resp_static,
                resp_ephemeral: vector.resp_ephemeral,
                prologue: vector.init_prologue,
                handshake_hash: try #require(vector.handshake_hash),
                handshake: Array(vector.messages.prefix(3)),
                transport: [],
                after_rekey: []
            )
            // The published transport messages go on alternating where the handshake stopped.
            try check(session, transport: Array(vector.messages.dropFirst(3)), first: .responder)
        }
    }

    @Test func `makes the bytes that an independent implementation makes`() throws {
        let sessions: [Session] = try Fixture.load("noise/xx.json")
        #expect(sessions.count == 3)
        for session in sessions { try check(session, transport: session.transport, first: .initiator) }
    }

    private func check(_ session: Session, transport: [Message], first: LinkProof.Role) throws {
        let prologue = try bytes(session.prologue)
        var initiator = NoiseHandshake(
            role: .initiator,
            prologue: prologue,
            staticKey: LinkKeyPair(secret: try secret(session.init_static))
        )
        var responder = NoiseHandshake(
            role: .responder,
            prologue: prologue,
            staticKey: LinkKeyPair(secret: try secret(session.resp_static))
        )
        var initiatorRandom = ChosenBytes(bytes: try bytes(session.init_ephemeral))
        var responderRandom = ChosenBytes(bytes: try bytes(session.resp_ephemeral))
        for (index, message) in session.handshake.enumerated() {
            let payload = try bytes(message.payload)
            let written: [UInt8]
            let reading: NoiseHandshake.Reading
            if index % 2 == 0 {
                written = try initiator.write(random: &initiatorRandom) { _ in payload }
                reading = try responder.read(written)
            } else {
                written = try responder.write(random: &responderRandom) { _ in payload }
                reading = try initiator.read(written)
            }
            #expect(Hex.encode(written) == message.ciphertext)
            #expect(reading.payload == payload)
        }
        #expect(initiator.isDone && responder.isDone)
        var left = initiator.split()
        var right = responder.split()
        #expect(left.handshakeHash.hex == session.handshake_hash)
        #expect(right.handshakeHash.hex == session.handshake_hash)
        try exchange(transport, first: first, &left, &right)
        left.sending.rekey()
        left.receiving.rekey()
        right.sending.rekey()
        right.receiving.rekey()
        try exchange(session.after_rekey, first: first, &left, &right)
    }

    private func exchange(
        _ messages: [Message],
        first: LinkProof.Role,
        _ initiator: inout NoiseTransport,
        _ responder: inout NoiseTransport
    ) throws {
        for (index, message) in messages.enumerated() {
            let payload = try bytes(message.payload)
            let sealed: [UInt8]
            let opened: [UInt8]
            if (index % 2 == 0) == (first == .initiator) {
                sealed = try initiator.sending.seal(payload)
                opened = try responder.receiving.open(sealed)
            } else {
                sealed = try responder.sending.seal(payload)
                opened = try initiator.receiving.open(sealed)
            }
            #expect(Hex.encode(sealed) == message.ciphertext)
            #expect(opened == payload)
        }
    }
}
