/// What recent blocks have charged, from `eth_feeHistory`.
package struct FeeHistory: Hashable, Sendable {
    /// How many blocks are asked for at most.
    package static let maxBlocks = 64

    /// The median tip of each block that had transactions, in wei per gas, oldest first.
    package var tips: [UInt256]
    /// What the block after the newest will charge, in wei per gas.
    package var nextBaseFee: UInt256

    /// Fees that were observed.
    package init(tips: [UInt256], nextBaseFee: UInt256) {
        self.tips = tips
        self.nextBaseFee = nextBaseFee
    }

    /// Reads the answer to a request with the one percentile 50.
    package init(json: JSON) throws(ShapeError) {
        let path = "feeHistory"
        let fees = try json.member("baseFeePerGas", of: path)
            .elements(path + ".baseFeePerGas", atMost: Self.maxBlocks + 1)
        guard let next = fees.last else {
            throw ShapeError(path + ".baseFeePerGas", expected: "not empty", found: .array([]))
        }
        nextBaseFee = try next.wideQuantity(path + ".baseFeePerGas")
        var tips: [UInt256] = []
        if let rewards = json.optionalMember("reward") {
            for row in try rewards.elements(path + ".reward", atMost: Self.maxBlocks) {
                for reward in try row.elements(path + ".reward", atMost: 1) {
                    tips.append(try reward.wideQuantity(path + ".reward"))
                }
            }
        }
        // An empty block reports a tip of zero, which says nothing about what miners take.
        self.tips = tips.filter { $0 != .zero }
    }

    /// The median of ``tips``, or `nil` when no block had any.
    package var medianTip: UInt256? {
        tips.isEmpty ? nil : tips.sorted()[tips.count / 2]
    }
}
