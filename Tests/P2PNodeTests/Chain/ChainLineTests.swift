import Cryptography
import Ethereum
import Logging
import Primitives
import Testing

@testable import P2PNode

@Suite struct ChainLineTests {
    private let account = Address(hex: "00000000000000000000000000000000000000aa")!
    private let block = BlockReference(number: 12, hash: Digest())
    private let election = ChainCall.registry(
        .elect(
            ElectionStatement(epoch: Epoch(1), view: View(7), leader: Address()),
            RegistrySignature(rx: 1, ry: 2, s: 3)
        )
    )

    @Test func `says that the contract lacks ether for a report, and which`() throws {
        let statement = RequestFailureStatement(
            epoch: Epoch(1),
            requestId: Digest(),
            reason: 1,
            blamedIds: []
        )
        let report = try #require(ReportCall(.fail(statement, .none), to: account))
        let line = try line(.submission(.report(report), .postponed(.noEther)))
        #expect(line.level == .error && line.message.contains("Send it more"))
        #expect(line.message.contains("the failure of request 0x0000"))
        #expect(line.metadata["call"] == "report" && line.metadata["epoch"] == "1")
    }

    private func line(_ event: ChainEvent) throws -> ChainLine {
        let now = Instant.start.advanced(by: .seconds(100))
        return try #require(ChainLine(event, endpoints: ["main", "other"], account: account, now: now))
    }

    @Test func `says what the account lacks, in ether, and what that keeps the node from`() throws {
        let line = try line(.alarm(.lowBalance(9_000_000_000_000_001)))
        #expect(line.level == .warning)
        #expect(line.message.contains("\(account.checksummed) has 0.009000 ether left"))
        #expect(line.message.contains("Send it more"))
        #expect(line.metadata["wei"] == "9000000000000001")
        #expect(line.metadata["event"] == "chain.balanceLow")
        let rich = try self.line(.alarm(.lowBalance(UInt256(12_345_678) * 1_000_000_000_000)))
        #expect(rich.message.contains("has 12.345678 ether left"))
    }

    @Test func `names endpoints as the configuration does, and how long they are left alone`() throws {
        let until = Instant.start.advanced(by: .milliseconds(101_500))
        let fault = RPCFault.unreachable("connection refused")
        let failed = try line(.endpoint(.failed(1, fault, until: until)))
        #expect(
            failed.message
                == "endpoint other failed and is left alone for 1500 ms: not reachable: connection refused"
        )
        #expect(failed.metadata["endpoint"] == "other" && failed.metadata["wait"] == "1500 ms")
        let foreign = try line(.endpoint(.foreign(0, "chain id 1", until: until.advanced(by: .seconds(60)))))
        #expect(foreign.level == .error)
        #expect(
            foreign.message.hasPrefix(
                "endpoint main cannot be trusted and is not asked for 61 s: chain id 1. Check"
            )
        )
        let final = try line(.alarm(.contradictedFinality(block, endpoint: 1)))
        #expect(final.message.hasPrefix("endpoint other: block 12"))
    }

    @Test func `says since when there has been no block`() throws {
        let line = try line(.stale(since: .start))
        #expect(line.message.hasPrefix("no endpoint has shown a new block for 100 s"))
    }

    @Test func `says of every outcome what it is about, in words and for programs`() throws {
        let hash = Digest()
        let reports: [OutboxReport] = [
            .sent(hash, nonce: 3), .raised(hash), .cancelling(hash), .included(hash, block, .succeeded),
            .included(hash, block, .reverted), .included(hash, block, .cancelled), .reopened,
            .displaced(nonce: 3), .rejected("oversized data"), .unaffordable("insufficient funds"),
            .settled(hash, block, .succeeded),
        ]
        let outcomes: [SubmissionOutcome] =
            reports.map { .progress($0) } + [
                .postponed(.wrongEpoch), .doneByOther(block), .superseded(block),
                .conflict(elected: account, block), .refused(.badSignature), .settled,
            ]
        var messages: Set<String> = []
        for outcome in outcomes {
            let line = try line(.submission(election, outcome))
            #expect(line.message.contains("the election of view 7"))
            #expect(line.metadata["call"] == "elect" && line.metadata["view"] == "7")
            #expect(line.metadata["event"]?.description.hasPrefix("chain.") == true)
            // No notation of the language that the program is written in.
            #expect(!line.message.contains { "[]{}\"".contains($0) } && !line.message.contains("Ethereum."))
            messages.insert(line.message)
        }
        #expect(messages.count == outcomes.count)
    }

    @Test(arguments: [
        (
            SubmissionOutcome.progress(.unaffordable("insufficient funds")), Logger.Level.error,
            "Send it ether"
        ),
        (.progress(.displaced(nonce: 3)), .warning, "Only this node may use the account's key"),
        (.progress(.rejected("oversized data")), .error, "given up: oversized data"),
        (.refused(.badSignature), .error, "never take the election of view 7 (BAD_SIGNATURE)"),
        (.conflict(elected: Address(), BlockReference(number: 1, hash: Digest())), .critical, "two leaders"),
    ])
    func `is loud where a person must act, and says how`(
        outcome: SubmissionOutcome,
        level: Logger.Level,
        words: String
    ) throws {
        let line = try line(.submission(election, outcome))
        #expect(line.level == level)
        #expect(line.message.contains(words))
    }

    @Test func `leaves to others what they tell`() {
        let event = ChainEvent.head(block, timestamp: 0)
        #expect(ChainLine(event, endpoints: [], account: account, now: .start) == nil)
    }
}
