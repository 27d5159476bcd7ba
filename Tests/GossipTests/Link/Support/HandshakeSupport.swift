import Cryptography
import Gossip
import Primitives

/// A generator that is predictable, so that a handshake can be recorded and repeated.
struct SeededRandom: SecureRandom {
    var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = UInt8(truncatingIfNeeded: generator.next())
        }
    }
}

/// A network, and nodes that know each other.
struct World {
    let network: LinkNetwork
    let nodes: [HandshakeParameters]

    init(chainId: UInt64 = 31_337, count: Int = 3, seed: UInt64 = 1) {
        var random = SeededRandom(seed: seed)
        let network = LinkNetwork(
            Deployment(chainId: chainId, genesis: Digest(), registry: Address())
        )
        let keys = (0..<count).map { _ in IdentityKey(random: &random) }
        self.network = network
        nodes = keys.map { key in
            HandshakeParameters(
                network: network,
                identity: key,
                staticKey: LinkKeyPair(random: &random),
                admissible: Set(keys.map(\.identity))
            )
        }
    }

    func identity(_ index: Int) -> Identity { nodes[index].identity.identity }
}

/// One end of a connection with its unconsumed bytes and all that it ordered.
struct End: ~Copyable {
    var machine: HandshakeMachine
    var random: SeededRandom
    var unread: [UInt8] = []
    var sent: [UInt8] = []
    var established: Identity?
    var failure: HandshakeFailure?

    init(_ machine: consuming HandshakeMachine, seed: UInt64) {
        self.machine = machine
        random = SeededRandom(seed: seed)
    }

    mutating func perform(_ actions: [HandshakeMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let bytes): sent += bytes
            case .establish(let identity): established = identity
            case .fail(let failure): self.failure = failure
            }
        }
    }

    mutating func start() {
        let actions = machine.start(random: &random)
        perform(actions)
    }

    mutating func receive(_ bytes: [UInt8]) {
        let arrived = unread + bytes
        let progress = machine.receive(unsafe arrived.span.bytes, random: &random)
        unread = Array(arrived.dropFirst(progress.consumed))
        perform(progress.actions)
    }

    struct NoSession: Error {}

    /// The session, the first time it is asked for.
    mutating func session() throws -> LinkSession {
        guard let session = machine.takeSession() else { throw NoSession() }
        return session
    }

    mutating func takeSent() -> [UInt8] {
        defer { sent = [] }
        return sent
    }
}

/// Both ends of a connection.
struct Connection: ~Copyable {
    var left: End
    var right: End

    init(_ dialing: HandshakeParameters, to expected: Identity, _ accepting: HandshakeParameters) {
        left = End(HandshakeMachine(dialing: expected, dialing, at: .start), seed: 100)
        right = End(HandshakeMachine(accepting: accepting, at: .start), seed: 200)
    }

    /// Two nodes of a world.
    init(_ world: World, _ dialing: Int = 0, _ accepting: Int = 1) {
        self.init(world.nodes[dialing], to: world.identity(accepting), world.nodes[accepting])
    }

    /// Carries everything to and fro until both are silent.
    mutating func run() {
        left.start()
        while !left.sent.isEmpty || !right.sent.isEmpty {
            right.receive(left.takeSent())
            left.receive(right.takeSent())
        }
    }
}

/// The bytes of each flight of a handshake between nodes 0 and 1: initiator, responder, initiator.
func recordedFlights(_ world: World) -> [[UInt8]] {
    var connection = Connection(world)
    connection.left.start()
    let first = connection.left.takeSent()
    connection.right.receive(first)
    let second = connection.right.takeSent()
    connection.left.receive(second)
    return [first, second, connection.left.takeSent()]
}

extension LinkSession {
    /// All records for what waits.
    mutating func seal(_ queue: inout OutboundQueue, room: Int = RecordFormat.recordLimit) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var isMade = false
            let record = try record(&queue, room: room, isMade: &isMade)
            guard isMade else { return bytes }
            bytes += record
        }
    }

    private mutating func record(
        _ queue: inout OutboundQueue,
        room: Int,
        isMade: inout Bool
    ) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var output = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
            isMade = try appendRecord(from: &queue, to: &output)
            initialized = unsafe output.finalize(for: bytes)
        }
    }

    /// All records for these messages.
    mutating func seal(_ messages: [LinkMessage]) throws -> [UInt8] {
        var queue = OutboundQueue()
        for message in messages { _ = queue.enqueue(message) }
        return try seal(&queue)
    }

    /// Consumes what it can from the front of the bytes.
    mutating func open(_ bytes: inout [UInt8]) throws(LinkOffence) -> [LinkMessage] {
        var messages: [LinkMessage] = []
        try open(&bytes, into: &messages)
        return messages
    }

    /// Consumes what it can from the front of the bytes.
    mutating func open(_ bytes: inout [UInt8], into messages: inout [LinkMessage]) throws(LinkOffence) {
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        let consumed = try receive(&raw, into: &messages)
        bytes.removeFirst(consumed)
    }
}
