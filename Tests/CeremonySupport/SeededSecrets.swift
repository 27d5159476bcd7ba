import Cryptography
import Primitives

/// Secrets that a seed makes: a ceremony with them goes the same way each time, and hides nothing.
package struct SeededSecrets: SecureRandom {
    private var words: SplitMix64

    /// Equal seeds make equal secrets.
    package init(seed: UInt64) {
        words = SplitMix64(seed: seed)
    }

    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count { unsafe buffer[index] = UInt8(truncatingIfNeeded: words.next() >> 56) }
    }

    /// A number that is not secret, for choices.
    package mutating func choice() -> UInt64 { words.next() }
}

/// What a test took for granted is not so.
package struct StageError: Error, CustomStringConvertible {
    package let description: String

    /// Says what.
    package init(_ description: String) {
        self.description = description
    }
}
