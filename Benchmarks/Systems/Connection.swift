import Cryptography
import Gossip
import Primitives

/// Two nodes that know each other.
struct Acquaintance {
    let dialing: HandshakeParameters
    let accepting: HandshakeParameters

    init() {
        var random = SystemRandom()
        let network = LinkNetwork(Deployment(chainId: 1, genesis: Digest(), registry: Address()))
        let keys = [IdentityKey(random: &random), IdentityKey(random: &random)]
        let sides = keys.map {
            HandshakeParameters(
                network: network,
                identity: $0,
                staticKey: LinkKeyPair(random: &random),
                admissible: Set(keys.map(\.identity))
            )
        }
        dialing = sides[0]
        accepting = sides[1]
    }
}

struct NoLink: Error {}

/// Shakes hands in memory, both sides, and answers the dialing side's session.
func shakeHands(_ nodes: Acquaintance) throws -> LinkSession {
    var random = SystemRandom()
    var left = HandshakeMachine(dialing: nodes.accepting.identity.identity, nodes.dialing, at: .start)
    var right = HandshakeMachine(accepting: nodes.accepting, at: .start)
    var toRight = sent(left.start(random: &random))
    var toLeft = sent(right.start(random: &random))
    while !toRight.isEmpty || !toLeft.isEmpty {
        let atRight = right.receive(unsafe toRight.span.bytes, random: &random)
        toRight.removeFirst(atRight.consumed)
        toLeft += sent(atRight.actions)
        let atLeft = left.receive(unsafe toLeft.span.bytes, random: &random)
        toLeft.removeFirst(atLeft.consumed)
        toRight += sent(atLeft.actions)
        guard atLeft.consumed + atRight.consumed > 0 else { break }
    }
    guard let session = left.takeSession(), right.takeSession() != nil else { throw NoLink() }
    return session
}

private func sent(_ actions: [HandshakeMachine.Action]) -> [UInt8] {
    actions.flatMap { action -> [UInt8] in
        if case .send(let bytes) = action { bytes } else { [] }
    }
}

/// Both sides of a link's handshake.
@Sendable
func handshakes() throws -> [Figure] {
    let nodes = Acquaintance()
    let time = try medianTime { _ = try shakeHands(nodes) }
    return [Figure(name: "handshake, both sides, processor time", value: time.shown)]
}
