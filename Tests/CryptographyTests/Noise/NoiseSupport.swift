import Cryptography
import Primitives

/// Gives bytes that were chosen beforehand, then traps.
struct ChosenBytes: SecureRandom {
    var bytes: [UInt8]

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= buffer.count, "more randomness drawn than was chosen")
        for index in 0..<buffer.count { unsafe buffer[index] = bytes[index] }
        bytes.removeFirst(buffer.count)
    }
}

/// A secret from hexadecimal text.
func secret(_ hex: String) throws -> SecretBytes {
    let bytes = try Hex.decode(hex) ?? { throw BadHex() }()
    return unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
}

/// Bytes from hexadecimal text.
func bytes(_ hex: String) throws -> [UInt8] {
    try Hex.decode(hex) ?? { throw BadHex() }()
}

struct BadHex: Error {}

extension CipherState {
    /// Ciphertext and tag of a plaintext.
    mutating func seal(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        var buffer = plaintext + [UInt8](repeating: 0, count: Self.tagSize)
        var span = buffer.mutableSpan
        try unsafe span.withUnsafeMutableBytes { (buffer) throws(NoiseError) in try unsafe seal(buffer) }
        return buffer
    }

    /// The plaintext of ciphertext and tag.
    mutating func open(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        var buffer = ciphertext
        var span = buffer.mutableSpan
        try unsafe span.withUnsafeMutableBytes { (buffer) throws(NoiseError) in try unsafe open(buffer) }
        return buffer.dropLast(Self.tagSize)
    }
}

extension NoiseHandshake {
    /// Reads a message that lies in an array.
    mutating func read(_ message: [UInt8]) throws(NoiseError) -> Reading {
        try read(unsafe message.span.bytes)
    }
}
