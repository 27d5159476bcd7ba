import Cryptography
import Primitives
import Testing

@testable import BLS12381

/// Reads what fixtures write in hexadecimal.
enum Read {
    static func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    static func scalar(_ hex: String) throws -> Fr { try #require(FrBytes(hex: hex).flatMap { Fr($0) }) }

    static func secret(_ hex: String) throws -> SecretBytes {
        try unsafe bytes(hex).withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }

    static func secretScalar(_ hex: String) throws -> SecretFr { try #require(SecretFr(try secret(hex))) }

    static func g1(_ hex: String) throws -> G1 { try #require(G1Bytes(hex: hex).flatMap { G1($0) }) }

    static func g2(_ hex: String) throws -> G2 { try #require(G2Bytes(hex: hex).flatMap { G2($0) }) }
}

extension SecretFr {
    /// The number in hexadecimal, for comparison with fixtures.
    var hex: String { unsafe bytes.withUnsafeBytes { unsafe Hex.encode(Array($0)) } }
}

/// Bytes that look random and are the same in each run.
struct RepeatableRandom: SecureRandom {
    private var generator: SplitMix64

    init(seed: UInt64 = 1) {
        generator = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count { unsafe buffer[index] = UInt8(truncatingIfNeeded: generator.next()) }
    }
}
