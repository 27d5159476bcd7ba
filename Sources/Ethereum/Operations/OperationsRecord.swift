package import Primitives

/// Where it is recorded what becomes of validators' keys.
package struct OperationsSource: Hashable, Sendable {
    /// The contract.
    package var contract: Address
    /// The first block that may hold a log of it: that of its deployment, or an earlier one.
    package var firstBlock: UInt64

    /// A contract whose logs are read from a block on.
    package init(contract: Address, firstBlock: UInt64) {
        self.contract = contract
        self.firstBlock = firstBlock
    }
}

/// An event of the contract for validators' keys and where it is recorded; its block is final.
package struct OperationsRecord: Hashable, Sendable {
    /// What happened.
    package var event: OperationsEvent
    /// The block.
    package var block: BlockReference
    /// The transaction.
    package var transaction: Digest

    /// An event at its place.
    package init(event: OperationsEvent, block: BlockReference, transaction: Digest) {
        self.event = event
        self.block = block
        self.transaction = transaction
    }
}
