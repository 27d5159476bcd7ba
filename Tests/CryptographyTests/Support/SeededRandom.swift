import Primitives

@testable import Cryptography

/// A generator whose output depends on its seed alone, so that a failing test can be repeated.
struct SeededRandom: SecureRandom {
    private var words: SplitMix64

    init(_ seed: UInt64) {
        words = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = UInt8(truncatingIfNeeded: words.next() >> 56)
        }
    }

    /// A number from a range.
    mutating func number(in range: Range<Int>) -> Int {
        range.lowerBound + Int(words.next() % UInt64(range.count))
    }

    /// A uniformly random public scalar.
    mutating func scalar() -> Scalar {
        Scalar(reducing: bytes())
    }
}
