import Cryptography
import Primitives

/// A generator whose output depends on its seed alone, so that a failing run can be repeated.
struct RepeatableRandom: SecureRandom {
    private var words: SplitMix64

    init(_ seed: UInt64) {
        words = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = UInt8(truncatingIfNeeded: words.next() >> 56)
        }
    }

    /// A number from 0 up to a bound.
    mutating func below(_ bound: Int) -> Int {
        Int(words.next() % UInt64(bound))
    }

    /// True once in so many draws.
    mutating func oneIn(_ count: Int) -> Bool {
        below(count) == 0
    }

    /// A duration between two numbers of milliseconds.
    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(range.lowerBound + below(range.count))
    }
}
