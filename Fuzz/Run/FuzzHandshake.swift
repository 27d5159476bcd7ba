import Cryptography
import FuzzDriver
import Gossip
import Primitives

/// A generator with a seed, so that an input always does the same.
private struct SeededRandom: SecureRandom {
    var generator: SplitMix64

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count { unsafe buffer[index] = UInt8(truncatingIfNeeded: generator.next()) }
    }
}

/// Two members that know each other.
private struct Pair {
    let network = LinkNetwork(Deployment(chainId: 31_337, genesis: Digest(), registry: Address()))
    let left: HandshakeParameters
    let right: HandshakeParameters
    var random = SeededRandom(generator: SplitMix64(seed: 1))

    init() {
        let keys = [IdentityKey(random: &random), IdentityKey(random: &random)]
        let known = Set(keys.map(\.identity))
        left = HandshakeParameters(
            network: network,
            identity: keys[0],
            staticKey: LinkKeyPair(random: &random),
            admissible: known
        )
        right = HandshakeParameters(
            network: network,
            identity: keys[1],
            staticKey: LinkKeyPair(random: &random),
            admissible: known
        )
    }
}

private let pair = Pair()

/// Bytes at either end, changed bytes of an honest end, and well-sealed payloads that no honest end sends.
///
/// Nobody is ever taken for a member without that member's own flight.
func fuzzHandshake(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    switch selector % 4 {
    case 0: feedAccepting(bytes)
    case 1: feedDialing(bytes)
    case 2: feedChanged(bytes)
    default: feedSealed(bytes)
    }
}

private func feedAccepting(_ bytes: [UInt8]) {
    var random = pair.random
    var machine = HandshakeMachine(accepting: pair.right, at: .start)
    let progress = machine.receive(unsafe bytes.span.bytes, random: &random)
    check(progress, of: bytes.count)
    precondition(!isEstablished(progress.actions), "a link with nobody")
}

private func feedDialing(_ bytes: [UInt8]) {
    var random = pair.random
    var machine = HandshakeMachine(dialing: pair.right.identity.identity, pair.left, at: .start)
    _ = machine.start(random: &random)
    let progress = machine.receive(unsafe bytes.span.bytes, random: &random)
    check(progress, of: bytes.count)
    precondition(!isEstablished(progress.actions), "a link with nobody")
}

/// The honest flights of a dialing end, with bytes exchanged at places that the input names.
private func feedChanged(_ changes: [UInt8]) {
    var random = pair.random
    var dialing = HandshakeMachine(dialing: pair.right.identity.identity, pair.left, at: .start)
    var accepting = HandshakeMachine(accepting: pair.right, at: .start)
    let opening = sent(dialing.start(random: &random))
    let split = changes.count / 2
    let first = changed(opening, by: changes[..<split])
    let answer = accepting.receive(unsafe first.span.bytes, random: &random)
    check(answer, of: first.count)
    let reply = sent(answer.actions)
    let last = dialing.receive(unsafe reply.span.bytes, random: &random)
    check(last, of: reply.count)
    let third = changed(sent(last.actions), by: changes[split...])
    let rest = Array(first.dropFirst(answer.consumed)) + third
    let end = accepting.receive(unsafe rest.span.bytes, random: &random)
    check(end, of: rest.count)
    let wasHonest = first == opening && third == sent(last.actions)
    precondition(wasHonest || !isEstablished(end.actions), "a link over changed bytes")
    precondition(!wasHonest || isEstablished(end.actions), "no link over honest bytes")
}

/// A dialing end of the right keys whose last payload is the input.
private func feedSealed(_ payload: [UInt8]) {
    var random = pair.random
    var machine = HandshakeMachine(accepting: pair.right, at: .start)
    let preamble = Preamble(pair.network)
    var noise = NoiseHandshake(
        role: .initiator,
        prologue: pair.network.prologue(initiator: preamble),
        staticKey: pair.left.staticKey
    )
    guard let first = try? noise.write(random: &random) else { return }
    let opening = preamble.bytes + framed(first)
    let answer = sent(machine.receive(unsafe opening.span.bytes, random: &random).actions)
    let second = Array(answer.dropFirst(Preamble.size + 2))
    guard (try? noise.read(unsafe second.span.bytes)) != nil,
        let third = try? noise.write(random: &random, payload: { _ in Array(payload.prefix(4_096)) })
    else { preconditionFailure("the honest end does not answer") }
    let bytes = framed(third)
    let progress = machine.receive(unsafe bytes.span.bytes, random: &random)
    check(progress, of: bytes.count)
    precondition(!isEstablished(progress.actions), "a link without a signature")
}

private func framed(_ message: [UInt8]) -> [UInt8] {
    [UInt8(truncatingIfNeeded: message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
}

/// Pairs of a place and a value; the value is added.
private func changed(_ bytes: [UInt8], by changes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    var changes = changes
    while let place = changes.popFirst(), let value = changes.popFirst(), !bytes.isEmpty {
        bytes[Int(place) % bytes.count] &+= value
    }
    return bytes
}

private func sent(_ actions: [HandshakeMachine.Action]) -> [UInt8] {
    actions.flatMap { if case .send(let bytes) = $0 { bytes } else { [UInt8]() } }
}

private func isEstablished(_ actions: [HandshakeMachine.Action]) -> Bool {
    actions.contains { if case .establish = $0 { true } else { false } }
}

private func check(_ progress: HandshakeMachine.Progress, of count: Int) {
    precondition(progress.consumed <= count, "more is consumed than has arrived")
    precondition(sent(progress.actions).count <= 1_024, "a stranger makes a member say much")
}
