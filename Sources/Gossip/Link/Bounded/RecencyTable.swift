/// A dictionary of bounded size that forgets the entry that was written longest ago.
struct RecencyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var value: Value
        var stamp: UInt64
    }

    private struct Writing: Sendable {
        let key: Key
        let stamp: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var writings = FIFO<Writing>()
    private var stamp: UInt64 = 0

    /// An empty table for at most `limit` entries.
    init(limit: Int) {
        precondition(limit > 0, "a table without room")
        self.limit = limit
    }

    /// The number of entries.
    var count: Int { entries.count }

    /// The writings kept for the order, void ones among them: at most twice the limit.
    var writingCount: Int { writings.count }

    /// The value last written, if it is still remembered.
    subscript(key: Key) -> Value? { entries[key]?.value }

    /// Writes a value, which makes its entry the newest, and forgets the oldest if there are too many.
    ///
    /// - Complexity: Amortized O(1).
    mutating func write(_ value: Value, for key: Key) {
        stamp += 1
        entries[key] = Entry(value: value, stamp: stamp)
        writings.append(Writing(key: key, stamp: stamp))
        while entries.count > limit, let oldest = writings.popFirst() {
            if entries[oldest.key]?.stamp == oldest.stamp { entries[oldest.key] = nil }
        }
        if writings.count > 2 * limit { forgetOldWritings() }
    }

    /// Drops the writings that a later one or a removal has made void.
    private mutating func forgetOldWritings() {
        var living = FIFO<Writing>()
        while let writing = writings.popFirst() {
            if entries[writing.key]?.stamp == writing.stamp { living.append(writing) }
        }
        writings = living
    }

    /// Forgets an entry.
    mutating func remove(_ key: Key) {
        entries[key] = nil
    }
}
