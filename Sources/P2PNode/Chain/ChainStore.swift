package import Ethereum
package import Primitives

/// What the chain layer must find again after a crash.
package struct ChainMemory: Sendable {
    /// Where following goes on.
    package var cursor: ChainCursor?
    /// Calls that were not settled.
    package var records: [OutboxRecord]

    /// What was found.
    package init(cursor: ChainCursor? = nil, records: [OutboxRecord] = []) {
        self.cursor = cursor
        self.records = records
    }
}

/// One change of a ``ChainMemory``.
package enum ChainWrite: Hashable, Sendable {
    /// Puts or replaces a call under its id.
    case put(OutboxRecord)
    /// Forgets a call.
    case forget(Digest)
    /// Replaces the cursor.
    case save(ChainCursor)
}

/// Where the chain layer keeps what it must find again.
package protocol ChainStore: Sendable {
    /// What was kept.
    func load() async throws -> ChainMemory

    /// Returns when the change would survive a crash.
    func write(_ change: ChainWrite) async throws
}
