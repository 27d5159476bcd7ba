import Cryptography
import Gossip
import Primitives
import Testing

/// What damaged, cut, repeated and misdirected flights of a recorded handshake come to.
@Suite struct HandshakeMutationTests {
    private let world = World()

    /// Feeds one changed flight and answers the connection as it then is.
    private func connection(changing flight: Int, _ change: (inout [UInt8]) -> Void) -> Connection {
        var connection = Connection(world)
        connection.left.start()
        for index in 0..<3 {
            var bytes = index == 1 ? connection.right.takeSent() : connection.left.takeSent()
            if index == flight { change(&bytes) }
            if index == 1 { connection.left.receive(bytes) } else { connection.right.receive(bytes) }
        }
        return connection
    }

    @Test(arguments: 0..<3)
    func `any changed bit ends the handshake`(flight: Int) {
        let size = recordedFlights(world)[flight].count
        for bit in 0..<(size * 8) {
            let ends = connection(changing: flight) { $0[bit / 8] ^= 1 << UInt8(bit % 8) }
            // Message 1 is in clear: its damage shows at the initiator, in message 2.
            #expect(ends.right.established == nil)
            #expect(ends.left.established == nil || flight == 2)
            #expect(ends.left.failure != nil || ends.right.failure != nil)
        }
    }

    @Test(arguments: 0..<3)
    func `a cut flight establishes nothing until its deadline`(flight: Int) {
        let size = recordedFlights(world)[flight].count
        for count in 0..<size {
            var ends = connection(changing: flight) { $0 = Array($0.prefix(count)) }
            #expect(ends.right.established == nil)
            #expect(ends.right.machine.expired(at: .start.advanced(by: .seconds(5))) == [.fail(.timedOut)])
        }
    }

    @Test func `a replayed initiator gets no further than message 2`() {
        let flights = recordedFlights(world)
        var responder = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 999)
        responder.receive(flights[0])
        #expect(!responder.sent.isEmpty)
        responder.receive(flights[2])
        #expect(responder.failure == .notAuthentic)
    }

    @Test func `a replayed responder is not believed`() {
        let flights = recordedFlights(world)
        var initiator = End(
            HandshakeMachine(dialing: world.identity(1), world.nodes[0], at: .start),
            seed: 999
        )
        initiator.start()
        initiator.receive(flights[1])
        #expect(initiator.failure == .notAuthentic)
    }

    @Test func `a flight meant for another member is not believed`() {
        let flights = recordedFlights(world)
        var third = End(HandshakeMachine(accepting: world.nodes[2], at: .start), seed: 200)
        third.receive(flights[0])
        third.receive(flights[2])
        #expect(third.failure == .notAuthentic)
    }

    @Test func `an initiator's own flight reflected to it is not believed`() {
        var initiator = End(
            HandshakeMachine(dialing: world.identity(1), world.nodes[0], at: .start),
            seed: 1
        )
        initiator.start()
        initiator.receive(initiator.takeSent())
        #expect(initiator.failure == .messageLength(32))
    }

    @Test func `random bytes after the preamble establish nothing`() {
        var random = SplitMix64(seed: 3)
        let preamble = Preamble(world.network).bytes
        for seed in 0..<300 as Range<UInt64> {
            var responder = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: seed)
            responder.receive(preamble + [0, 32] + patterned(32, seed: random.next()))
            responder.receive([0, 224] + patterned(224, seed: random.next()))
            #expect(responder.established == nil && responder.failure != nil)
        }
    }

    /// A peer that follows Noise but lies in the payload.
    @Test(arguments: [
        (0, HandshakeFailure.malformedPayload), (1, .malformedPayload), (2, .malformedPayload),
        (3, .malformedPayload),
    ])
    func `a proof of another shape is refused`(shape: Int, failure: HandshakeFailure) throws {
        try expect(failure) { payload, _ in
            switch shape {
            case 0: payload[0] = 2
            case 1: payload[97] = 1
            case 2: payload[159] = 128
            default: payload[0] = 0
            }
        }
    }

    @Test func `a proof by another key, or for another handshake, is refused`() throws {
        let claimed = world.identity(2)
        try expect(.badSignature(claimed)) { payload, _ in
            payload.replaceSubrange(1..<33, with: claimed.array)
        }
        let own = world.identity(0)
        try expect(.badSignature(own)) { payload, _ in payload[40] ^= 1 }
        try expect(.badSignature(own)) { payload, proof in
            let other = LinkProof(
                role: proof.role,
                prologueHash: proof.prologueHash,
                staticKey: proof.staticKey,
                handshakeHash: Digest()
            )
            payload.replaceSubrange(33..<97, with: world.nodes[0].identity.sign(other).array)
        }
        try expect(.badSignature(own)) { payload, proof in
            let reflected = LinkProof(
                role: .responder,
                prologueHash: proof.prologueHash,
                staticKey: proof.staticKey,
                handshakeHash: proof.handshakeHash
            )
            payload.replaceSubrange(33..<97, with: world.nodes[0].identity.sign(reflected).array)
        }
    }

    @Test func `an honest proof made by hand is accepted`() throws {
        try expect(nil) { _, _ in }
    }

    /// Runs an initiator made of the bare Noise handshake against a responder.
    private func expect(
        _ failure: HandshakeFailure?,
        _ lie: (inout [UInt8], LinkProof) -> Void
    ) throws {
        let node = world.nodes[0]
        let preamble = Preamble(world.network)
        let prologue = world.network.prologue(initiator: preamble)
        var random = SeededRandom(seed: 4)
        var noise = NoiseHandshake(role: .initiator, prologue: prologue, staticKey: node.staticKey)
        var responder = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 5)
        responder.receive(preamble.bytes + [0, 32] + (try noise.write(random: &random)))
        let answer = Array(responder.takeSent().dropFirst(14))
        _ = try noise.read(unsafe answer.span.bytes)
        let message = try noise.write(random: &random) { hash in
            let proof = LinkProof(
                role: .initiator,
                prologueHash: SHA256.hash(prologue),
                staticKey: node.staticKey.publicKey,
                handshakeHash: hash
            )
            let content = [1] + node.identity.identity.array + node.identity.sign(proof).array
            var payload: [UInt8] = content + repeatElement(0, count: 63)
            lie(&payload, proof)
            return payload
        }
        responder.receive([0, 224] + message)
        #expect(responder.failure == failure)
        #expect((responder.established == nil) == (failure != nil))
        #expect(responder.sent.isEmpty)
    }
}
