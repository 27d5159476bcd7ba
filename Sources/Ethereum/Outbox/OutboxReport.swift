package import Primitives

/// What has become of a call that was handed to the outbox.
package enum OutboxReport: Hashable, Sendable {
    /// A transaction with it is stored and on its way.
    case sent(Digest, nonce: UInt64)
    /// The same with higher fees.
    case raised(Digest)
    /// A transaction that only frees the nonce is on its way instead.
    case cancelling(Digest)
    /// A transaction of the nonce is in a block: the call, done or reverted, or the cancellation.
    case included(Digest, BlockReference, Inclusion)
    /// The block is no longer canonical; the transactions are sent again.
    case reopened
    /// Someone else has used the nonce with this account's key; the call waits for another.
    case displaced(nonce: UInt64)
    /// No endpoint takes the transaction, in these words; it is given up.
    case rejected(String)
    /// The account cannot pay for it, in these words; it is tried again.
    case unaffordable(String)
    /// The block of its inclusion can no longer be undone.
    case settled(Digest, BlockReference, Inclusion)
}

/// What an included transaction did.
package enum Inclusion: Hashable, Sendable {
    /// The call took effect.
    case succeeded
    /// The contract refused the call.
    case reverted
    /// It was the cancellation.
    case cancelled
}

/// What the chain shows of the account and its transactions after one block.
package struct AccountObservation: Hashable, Sendable {
    /// The block.
    package var header: BlockHeader
    /// How many transactions of the account were mined.
    package var nonce: UInt64
    /// What it has, in wei.
    package var balance: UInt256
    /// What others pay; `nil` when it is not known.
    package var fees: FeeHistory?
    /// Receipts in canonical blocks of the transactions that were asked about.
    package var receipts: [Digest: Receipt]
    /// Whether a missing receipt means that there is none.
    package var isCurrent: Bool

    /// An observation.
    package init(
        header: BlockHeader,
        nonce: UInt64,
        balance: UInt256,
        fees: FeeHistory?,
        receipts: [Digest: Receipt],
        isCurrent: Bool
    ) {
        self.header = header
        self.nonce = nonce
        self.balance = balance
        self.fees = fees
        self.receipts = receipts
        self.isCurrent = isCurrent
    }
}
