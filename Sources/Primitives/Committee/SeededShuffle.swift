/// Shuffles of 1...count that everybody draws alike from a public seed.
///
/// The words of the stream are the four 64-bit little-endian words of `sha256(label || seed || uint64(0))`, then those
/// of `sha256(label || seed || uint64(1))` and so on.
package struct SeededShuffle: Sendable {
    private let label: StaticString
    private let seed: Digest
    private var counter: UInt64 = 0
    private var block = Digest()
    private var used = 32

    /// The stream of a label, which says what the shuffles are for, and a seed.
    package init(_ label: StaticString, seed: Digest) {
        self.label = label
        self.seed = seed
    }

    /// The next shuffle, by Fisher and Yates: choice `i` (from `count - 1` down to 1) takes the next words of the
    /// stream, skips those at or above the greatest multiple of `i + 1`, and swaps places `i` and `word mod (i + 1)`.
    package mutating func next(count: Int) -> [MemberIndex] {
        var members = (1...count).map { MemberIndex($0) }
        for place in stride(from: count - 1, through: 1, by: -1) {
            members.swapAt(place, next(below: UInt64(place + 1)))
        }
        return members
    }

    private mutating func next(below bound: UInt64) -> Int {
        let excess = (UInt64.max % bound + 1) % bound
        while true {
            let word = nextWord()
            if word <= UInt64.max - excess { return Int(word % bound) }
        }
    }

    private mutating func nextWord() -> UInt64 {
        if used == 32 {
            var hash = SHA256()
            hash.update(label)
            hash.update(seed)
            hash.update(counter.sszBytes)
            block = hash.finalize()
            counter += 1
            used = 0
        }
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(block[used + index]) << UInt64(8 * index) }
        used += 8
        return word
    }
}
