package import Primitives

/// What the chain client must find again after a crash.
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

    /// Makes one change.
    package mutating func take(_ change: ChainWrite) {
        switch change {
        case .put(let record):
            records.removeAll { $0.id == record.id }
            records.append(record)
        case .forget(let id): records.removeAll { $0.id == id }
        case .save(let cursor): self.cursor = cursor
        }
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
