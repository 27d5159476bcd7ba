package import Primitives

/// What became of a mined transaction.
package struct Receipt: Hashable, Sendable {
    /// The transaction.
    package var transaction: Digest
    /// The block it is in.
    package var block: BlockReference
    /// Whether it did what it was sent for; if not, it was reverted and still paid for its gas.
    package var succeeded: Bool
    /// How much gas it used.
    package var gasUsed: UInt64
    /// What each gas cost, in wei.
    package var effectiveGasPrice: UInt256

    /// A receipt.
    package init(
        transaction: Digest,
        block: BlockReference,
        succeeded: Bool,
        gasUsed: UInt64,
        effectiveGasPrice: UInt256
    ) {
        self.transaction = transaction
        self.block = block
        self.succeeded = succeeded
        self.gasUsed = gasUsed
        self.effectiveGasPrice = effectiveGasPrice
    }

    /// Reads the answer of `eth_getTransactionReceipt` when there is one.
    package init(json: JSON) throws(ShapeError) {
        func field(_ name: String) throws(ShapeError) -> JSON { try json.member(name, of: "receipt") }
        transaction = try field("transactionHash").fixed("receipt.transactionHash")
        block = BlockReference(
            number: try field("blockNumber").quantity("receipt.blockNumber"),
            hash: try field("blockHash").fixed("receipt.blockHash")
        )
        switch try field("status").quantity("receipt.status") {
        case 0: succeeded = false
        case 1: succeeded = true
        default: throw ShapeError("receipt.status", expected: "0x0 or 0x1", found: json["status"])
        }
        gasUsed = try field("gasUsed").quantity("receipt.gasUsed")
        effectiveGasPrice = try field("effectiveGasPrice").wideQuantity("receipt.effectiveGasPrice")
    }
}
