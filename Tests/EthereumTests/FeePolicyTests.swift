import Ethereum
import Testing

@Suite struct FeePolicyTests {
    private let policy = FeePolicy(leastTip: 100, greatestTip: 10_000, limit: 1_000_000)

    private func history(_ tips: UInt256...) -> FeeHistory { FeeHistory(tips: tips, nextBaseFee: 0) }

    @Test func `offers twice the base fee and the median tip within its bounds`() {
        #expect(
            policy.offer(nextBaseFee: 1_000, history: history(900, 300, 500)) == Fees(tip: 500, limit: 2_500)
        )
        #expect(policy.offer(nextBaseFee: 1_000, history: history()).tip == 100)
        #expect(policy.offer(nextBaseFee: 1_000, history: nil).tip == 100)
        #expect(policy.offer(nextBaseFee: 1_000, history: history(1)).tip == 100)
        #expect(policy.offer(nextBaseFee: 1_000, history: history(.max)).tip == 10_000)
        #expect(policy.offer(nextBaseFee: .max, history: nil).limit == 1_000_000)
    }

    @Test func `outbids by an eighth and one wei at least, in both`() throws {
        let raised = try #require(policy.outbid(Fees(tip: 800, limit: 8_000), with: Fees(tip: 0, limit: 0)))
        #expect(raised == Fees(tip: 901, limit: 9_001))
        let offer = Fees(tip: 5_000, limit: 50_000)
        #expect(policy.outbid(Fees(tip: 800, limit: 8_000), with: offer) == offer)
        #expect(policy.outbid(Fees(tip: 1, limit: 900_000), with: offer) == nil)
    }

    @Test func `survives five full blocks with its first offer`() {
        var header = TestHeaders.header(1, baseFee: 1_000)
        let offer = FeePolicy().offer(nextBaseFee: header.nextBaseFee, history: nil)
        for number in 2...6 as ClosedRange<UInt64> {
            let full = BlockHeader(
                reference: header.reference,
                parentHash: header.parentHash,
                timestamp: 0,
                baseFee: header.nextBaseFee,
                gasUsed: 30_000_000,
                gasLimit: 30_000_000,
                bloom: Bloom()
            )
            header = full
            #expect(full.baseFee <= offer.limit, "block \(number)")
        }
    }

    @Test func `reads a fee history and leaves empty blocks out`() throws {
        let text = """
            {"oldestBlock":"0x1","baseFeePerGas":["0x1","0x2","0x3"],"gasUsedRatio":[0.5,0],
            "reward":[["0x64"],["0x0"]]}
            """
        let history = try FeeHistory(json: try JSONParser.parse(Array(text.utf8)))
        #expect(history == FeeHistory(tips: [100], nextBaseFee: 3))
        for bad in [#"{}"#, #"{"baseFeePerGas":[]}"#, #"{"baseFeePerGas":["0x1"],"reward":[["0x1","0x2"]]}"#]
        {
            #expect(throws: ShapeError.self) { try FeeHistory(json: try JSONParser.parse(Array(bad.utf8))) }
        }
    }
}
