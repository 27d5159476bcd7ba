import Cryptography
import Gossip
import Primitives
import Testing

@Suite struct HandshakeMachineTests {
    private let world = World()

    @Test func `two members establish a link and know each other`() throws {
        var connection = Connection(world)
        connection.run()
        #expect(connection.left.established == world.identity(1))
        #expect(connection.right.established == world.identity(0))
        let left = try connection.left.session()
        let right = try connection.right.session()
        #expect(left.peer == world.identity(1) && left.initiator == .own)
        #expect(right.peer == world.identity(0) && right.initiator == .peer)
        #expect(left.id == right.id)
        #expect(throws: End.NoSession.self) { _ = try connection.left.session() }
        #expect(connection.left.machine.nextDeadline == nil)
    }

    @Test func `no two handshakes have one id`() throws {
        var first = Connection(world)
        first.run()
        var second = Connection(world)
        second.left.random = SeededRandom(seed: 7)
        second.run()
        let one = try first.left.session()
        let other = try second.left.session()
        #expect(one.id != other.id)
    }

    @Test func `writes the bytes that the protocol says`() {
        let flights = recordedFlights(world)
        let preamble = Array("ORC1".utf8) + [1, 0, 0, 0] + world.network.hint.array
        #expect(flights[0].count == 12 + 2 + 32)
        #expect(Array(flights[0].prefix(14)) == preamble + [0, 32])
        #expect(flights[1].count == 12 + 2 + 256)
        #expect(Array(flights[1].prefix(14)) == preamble + [1, 0])
        #expect(flights[2].count == 2 + 224)
        #expect(Array(flights[2].prefix(2)) == [0, 224])
    }

    @Test func `does the same however the bytes are cut`() throws {
        let flights = recordedFlights(world)
        var random = SplitMix64(seed: 5)
        for size in [1, 2, 3, 7, 13, 0, 0, 0, 0] {
            var connection = Connection(world)
            connection.left.start()
            for flight in 0..<3 {
                var bytes = flight == 1 ? connection.right.takeSent() : connection.left.takeSent()
                #expect(bytes == flights[flight])
                while !bytes.isEmpty {
                    let count = min(bytes.count, size == 0 ? 1 + Int(random.next() % 40) : size)
                    let part = Array(bytes.prefix(count))
                    bytes.removeFirst(count)
                    if flight == 1 { connection.left.receive(part) } else { connection.right.receive(part) }
                }
            }
            #expect(connection.left.established == world.identity(1))
            #expect(connection.right.established == world.identity(0))
        }
    }

    @Test func `leaves what follows message 3 to the session`() throws {
        var connection = Connection(world)
        connection.left.start()
        connection.right.receive(connection.left.takeSent())
        connection.left.receive(connection.right.takeSent())
        var left = try connection.left.session()
        let sent = [message(.hello, 200), message(.ping, 8)]
        connection.right.receive(connection.left.takeSent() + (try left.seal(sent)))
        var right = try connection.right.session()
        #expect(try right.open(&connection.right.unread) == sent)
        #expect(connection.right.unread.isEmpty)
    }

    @Test func `names the other protocol before its fifth byte`() {
        for text in ["GET / HTTP/1.1", "SSH-2.0", "\u{16}\u{3}\u{1}", "ORC2"] {
            var end = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 1)
            end.receive(Array(text.utf8.prefix(4)))
            #expect(end.failure == .otherProtocol)
            #expect(end.sent.isEmpty)
        }
    }

    @Test(arguments: [(UInt16(2), UInt16(0)), (0, 0), (1, 1), (1, 0x8000), (258, 3)])
    func `answers its own preamble to another version or unknown flags`(version: UInt16, flags: UInt16) {
        let expected: HandshakeFailure = version == 1 ? .unknownFlags(flags) : .otherVersion(version)
        let other = Preamble(world.network, version: version, flags: flags).bytes
        var responder = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 1)
        responder.receive(other + patterned(34))
        #expect(responder.failure == expected)
        #expect(responder.sent == Preamble(world.network).bytes)
        var initiator = End(
            HandshakeMachine(dialing: world.identity(1), world.nodes[0], at: .start),
            seed: 1
        )
        initiator.start()
        initiator.receive(other)
        #expect(initiator.failure == expected)
    }

    @Test func `both ends name the other network`() {
        let elsewhere = World(chainId: 1)
        var connection = Connection(world.nodes[0], to: world.identity(1), elsewhere.nodes[1])
        connection.run()
        let (ours, theirs) = (world.network.hint, elsewhere.network.hint)
        #expect(connection.left.failure == .otherNetwork(theirs: theirs, ours: ours))
        #expect(connection.right.failure == .otherNetwork(theirs: ours, ours: theirs))
    }

    @Test func `binds chain, contract and genesis even where hints collide`() throws {
        // A peer that lies about its hint gets past the preamble and no further.
        let elsewhere = World(chainId: 1)
        var connection = Connection(elsewhere.nodes[0], to: elsewhere.identity(1), world.nodes[1])
        connection.left.start()
        var flight = connection.left.takeSent()
        flight.replaceSubrange(8..<12, with: world.network.hint.array)
        connection.right.receive(flight)
        var answer = connection.right.takeSent()
        answer.replaceSubrange(8..<12, with: elsewhere.network.hint.array)
        connection.left.receive(answer)
        #expect(connection.left.failure == .notAuthentic)
        #expect("\(HandshakeFailure.notAuthentic)".contains("other network, chain, contract"))
    }

    @Test func `refuses the member that was not dialed`() {
        var connection = Connection(world.nodes[0], to: world.identity(2), world.nodes[1])
        connection.run()
        #expect(connection.left.failure == .unexpectedIdentity(world.identity(1)))
        #expect(connection.right.established == nil && connection.right.failure == nil)
        #expect(throws: End.NoSession.self) { _ = try connection.left.session() }
    }

    @Test func `refuses itself`() {
        var connection = Connection(world.nodes[0], to: world.identity(0), world.nodes[0])
        connection.run()
        #expect(connection.left.failure == .ownIdentity)
    }

    @Test func `tells a stranger so after message 3, in a record only it can read`() throws {
        let stranger = World(seed: 9).nodes[0]
        var parameters = stranger
        parameters.admissible.insert(world.identity(1))
        var connection = Connection(parameters, to: world.identity(1), world.nodes[1])
        connection.run()
        #expect(connection.right.failure == .notAdmitted(stranger.identity.identity))
        #expect(connection.right.failure?.isBadIdentity == true)
        #expect(throws: End.NoSession.self) { _ = try connection.right.session() }
        var session = try connection.left.session()
        let messages = try session.open(&connection.left.unread)
        #expect(messages == [LinkMessage(.close, body: Close(.notAdmitted).sszBytes)])
    }

    @Test func `an initiator shows itself to no stranger`() {
        var parameters = world.nodes[0]
        parameters.admissible = []
        var connection = Connection(parameters, to: world.identity(1), world.nodes[1])
        connection.run()
        #expect(connection.left.failure == .notAdmitted(world.identity(1)))
        #expect(connection.right.established == nil)
    }

    @Test func `gives up after five seconds, once`() {
        let start = Instant.start.advanced(by: .seconds(100))
        var machine = HandshakeMachine(accepting: world.nodes[0], at: start)
        let due = start.advanced(by: .seconds(5))
        #expect(machine.nextDeadline == due)
        #expect(machine.expired(at: start.advanced(by: .milliseconds(4_999))) == [])
        #expect(machine.expired(at: due) == [.fail(.timedOut)])
        #expect(machine.nextDeadline == nil)
        #expect(machine.expired(at: due) == [])
        #expect(machine.closedByPeer() == [])
    }

    @Test func `reports a connection that ends early`() {
        var machine = HandshakeMachine(accepting: world.nodes[0], at: .start)
        #expect(machine.closedByPeer() == [.fail(.closedByPeer)])
        #expect(machine.closedByPeer() == [])
    }

    @Test func `refuses a wrong length before the message comes`() {
        for length in [0, 31, 33, 96, 512, 513, 65_535] {
            var end = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 1)
            end.receive(Preamble(world.network).bytes + [UInt8(length >> 8), UInt8(length & 255)])
            #expect(end.failure == .messageLength(length))
        }
    }

    @Test func `consumes nothing after its end`() {
        var end = End(HandshakeMachine(accepting: world.nodes[1], at: .start), seed: 1)
        end.receive([1, 2, 3, 4])
        #expect(end.failure == .otherProtocol)
        end.receive(recordedFlights(world)[0])
        #expect(end.sent.isEmpty && end.established == nil)
    }
}
