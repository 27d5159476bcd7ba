/// What a transaction offers per gas.
package struct Fees: Hashable, Sendable {
    /// What the block's producer gets at most, in wei.
    package var tip: UInt256
    /// What is paid in all at most, in wei.
    package var limit: UInt256

    /// An offer.
    package init(tip: UInt256, limit: UInt256) {
        self.tip = tip
        self.limit = limit
    }
}

/// How much the node offers for its transactions.
package struct FeePolicy: Hashable, Sendable {
    /// The least tip, in wei per gas: what empty blocks do not tell.
    package var leastTip: UInt256
    /// The greatest first tip, in wei per gas, however generous others are.
    package var greatestTip: UInt256
    /// The most that is ever paid per gas, in wei.
    package var limit: UInt256
    /// How many times the next base fee a first offer covers; 2 outlasts five full blocks.
    package var headroom: UInt64 = 2

    /// A policy; amounts are in wei per gas.
    package init(
        leastTip: UInt256 = 100_000_000,
        greatestTip: UInt256 = 10_000_000_000,
        limit: UInt256 = 500_000_000_000
    ) {
        self.leastTip = leastTip
        self.greatestTip = greatestTip
        self.limit = limit
    }

    /// A first offer: the next base fee several times over, and the usual tip.
    package func offer(nextBaseFee: UInt256, history: FeeHistory?) -> Fees {
        let tip = min(max(history?.medianTip ?? leastTip, leastTip), greatestTip)
        let whole = min(nextBaseFee * headroom + tip, limit)
        return Fees(tip: min(tip, whole), limit: whole)
    }

    /// An offer that replaces another: both amounts rise by an eighth and 1 wei at least.
    ///
    /// Nodes demand 10 % on both. `nil` when that would exceed the policy's limit.
    package func outbid(_ previous: Fees, with offer: Fees) -> Fees? {
        let tip = max(previous.tip * 9 / 8 + 1, offer.tip)
        let whole = max(previous.limit * 9 / 8 + 1, offer.limit)
        guard whole <= limit else { return nil }
        return Fees(tip: min(tip, whole), limit: whole)
    }

    /// An offer for a cancellation, which may exceed the limit: nothing else frees the nonce.
    package func outbidForCancellation(_ previous: Fees) -> Fees {
        let whole = previous.limit * 9 / 8 + 1
        return Fees(tip: min(previous.tip * 9 / 8 + 1, whole), limit: whole)
    }
}
