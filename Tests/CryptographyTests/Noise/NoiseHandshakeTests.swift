import Cryptography
import Primitives
import Testing

@Suite struct NoiseHandshakeTests {
    private static let smallOrder = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]

    private static func side(_ role: LinkProof.Role, prologue: [UInt8] = [1, 2, 3]) -> NoiseHandshake {
        var random = SystemRandom()
        return NoiseHandshake(role: role, prologue: prologue, staticKey: LinkKeyPair(random: &random))
    }

    @Test func `both sides learn each other's key and the hash before each payload`() throws {
        var random = SystemRandom()
        let keys = [LinkKeyPair(random: &random), LinkKeyPair(random: &random)]
        var left = NoiseHandshake(role: .initiator, prologue: [], staticKey: keys[0])
        var right = NoiseHandshake(role: .responder, prologue: [], staticKey: keys[1])
        var hashes: [Digest] = []
        var readings: [NoiseHandshake.Reading] = []
        let one = try left.write(random: &random) {
            hashes.append($0); return [1]
        }
        readings.append(try right.read(one))
        let two = try right.write(random: &random) {
            hashes.append($0); return [2]
        }
        readings.append(try left.read(two))
        let three = try left.write(random: &random) {
            hashes.append($0); return [3]
        }
        readings.append(try right.read(three))
        #expect(readings.map(\.peerKey) == [nil, keys[1].publicKey, keys[0].publicKey])
        #expect(readings.map(\.payload) == [[1], [2], [3]])
        #expect(readings.map(\.hash) == hashes)
        #expect(Set(hashes).count == 3)
    }

    @Test func `fails at message 2 when prologues differ`() throws {
        var random = SystemRandom()
        var left = Self.side(.initiator, prologue: [1])
        var right = Self.side(.responder, prologue: [2])
        _ = try right.read(try left.write(random: &random))
        let reply = try right.write(random: &random)
        #expect(throws: NoiseError.notAuthentic) { try left.read(reply) }
    }

    @Test(arguments: smallOrder)
    func `refuses an ephemeral key of small order`(hex: String) throws {
        var random = SystemRandom()
        var right = Self.side(.responder)
        _ = try right.read(try bytes(hex))
        #expect(throws: NoiseError.smallOrderKey) { try right.write(random: &random) }
    }

    @Test(arguments: smallOrder)
    func `agrees on nothing with a key of small order`(hex: String) throws {
        var random = SystemRandom()
        let pair = LinkKeyPair(random: &random)
        let key = try #require(LinkKey(hex: hex))
        #expect(throws: NoiseError.smallOrderKey) { try pair.agree(with: key) }
    }

    @Test func `agrees on one secret from both ends`() throws {
        var random = SystemRandom()
        let left = LinkKeyPair(random: &random)
        let right = LinkKeyPair(random: &random)
        #expect(try left.agree(with: right.publicKey) == right.agree(with: left.publicKey))
    }

    @Test(arguments: 0..<3)
    func `refuses every message cut short or with any bit changed`(step: Int) throws {
        let messages = try recorded()
        let message = messages[step].bytes
        for count in 0..<message.count {
            var random = SystemRandom()
            var sides = try replay(messages, upTo: step)
            #expect(throws: NoiseError.self) {
                // The first message alone is in clear: its damage shows in what follows.
                _ = try sides.read(Array(message.prefix(count)))
                if step == 0 { try sides.answer(&random) }
            }
        }
        for bit in 0..<(message.count * 8) {
            var random = SystemRandom()
            var sides = try replay(messages, upTo: step)
            var changed = message
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: NoiseError.self) {
                _ = try sides.read(changed)
                if step == 0 { try sides.answer(&random) }
            }
        }
    }

    @Test func `shows nothing of a secret`() {
        var random = SystemRandom()
        let pair = LinkKeyPair(random: &random)
        #expect("\(pair)" == "LinkKeyPair(\(pair.publicKey))")
    }
}

/// One message and the keys its sender drew for it.
private struct Recorded {
    var bytes: [UInt8]
}

/// Both sides of a handshake, at some step.
private struct Sides: ~Copyable {
    var left: NoiseHandshake
    var right: NoiseHandshake
    var step: Int

    mutating func write(_ random: inout some SecureRandom) throws(NoiseError) -> [UInt8] {
        step % 2 == 0 ? try left.write(random: &random) : try right.write(random: &random)
    }

    /// The receiver of the current step reads.
    mutating func read(_ message: [UInt8]) throws(NoiseError) -> NoiseHandshake.Reading {
        let reading = step % 2 == 0 ? try right.read(message) : try left.read(message)
        step += 1
        return reading
    }

    /// The receiver answers, and the other side reads the answer.
    mutating func answer(_ random: inout some SecureRandom) throws(NoiseError) {
        guard step < 3 else { return }
        _ = try read(try write(&random))
    }
}

private func fresh() throws -> Sides {
    Sides(
        left: NoiseHandshake(
            role: .initiator,
            prologue: [],
            staticKey: LinkKeyPair(secret: try secret(String(repeating: "11", count: 32)))
        ),
        right: NoiseHandshake(
            role: .responder,
            prologue: [],
            staticKey: LinkKeyPair(secret: try secret(String(repeating: "22", count: 32)))
        ),
        step: 0
    )
}

private func chosen(_ step: Int) -> ChosenBytes {
    ChosenBytes(bytes: [UInt8](repeating: UInt8(0x33 + step), count: 32))
}

private func recorded() throws -> [Recorded] {
    var sides = try fresh()
    return try (0..<3).map { step in
        var random = chosen(step)
        let message = try sides.write(&random)
        _ = try sides.read(message)
        return Recorded(bytes: message)
    }
}

/// Both sides as they were before the message of a step was read.
private func replay(_ messages: [Recorded], upTo step: Int) throws -> Sides {
    var sides = try fresh()
    for index in 0...step {
        var random = chosen(index)
        let message = try sides.write(&random)
        if index < step { _ = try sides.read(message) }
    }
    return sides
}
