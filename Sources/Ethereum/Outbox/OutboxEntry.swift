internal import Primitives

/// A record and where it stands.
struct OutboxEntry: Sendable {
    enum Phase: Hashable {
        /// The call is being stored; it may be sent only when somebody releases it.
        case storing(ticket: UInt64)
        /// Stored, not released.
        case held
        /// Released, waiting for a nonce.
        case queued
        /// A transaction is being signed.
        case signing(isCancellation: Bool)
        /// The transaction is being stored.
        case recording(ticket: UInt64)
        /// Sent first at this block, and last at that one; the first is not known yet after a restart.
        case sent(since: UInt64?, last: UInt64)
        /// A transaction of the nonce is in a block.
        case included(Digest, BlockReference, Inclusion)
    }

    var record: OutboxRecord
    var phase: Phase
    /// It may be sent once it is stored.
    var isReleased = false
    /// Nobody needs the call now; what has not been mined of it need not be.
    var isRecalled = false
    /// A node has found the newest offer too low.
    var mustRaise = false
    /// How many blocks in a row showed the nonce used and none of our receipts.
    var missing = 0
    /// The last of those blocks.
    var missingAt: UInt64?

    /// Whether its nonce is to be freed by a payment of nothing.
    var isUnwanted: Bool { isRecalled || record.isWithdrawn }

    /// Whether a transaction of its nonce is in a block.
    var isIncluded: Bool {
        if case .included = phase { return true }
        return false
    }

    /// Whether it holds a nonce that nothing mined has used yet.
    var isOpen: Bool {
        switch phase {
        case .signing, .recording, .sent: true
        case .storing, .held, .queued, .included: false
        }
    }
}

extension OutboxRecord {
    /// The hashes of all attempts, the oldest first.
    var hashes: [Digest] { attempts.map(\.transaction.hash) }

    /// What the newest attempt offers.
    var offer: Fees? {
        attempts.last.map {
            Fees(tip: $0.transaction.transaction.maxPriorityFee, limit: $0.transaction.transaction.maxFee)
        }
    }
}
