import Cryptography
import Ethereum
import Primitives
import Testing

@Suite struct EndpointPoolTests {
    private let registry = Address(hex: "00000000000000000000000000000000000000aa")!
    private var identity: ChainIdentity {
        let genesis = TestHeaders.hash("main", 0)
        return ChainIdentity(deployment: Deployment(chainId: 31_337, genesis: genesis, registry: registry))
    }

    private func pool(_ count: Int, agreement: Int = 1) -> PoolDriver {
        let configuration = EndpointPool.Configuration(
            endpointCount: count,
            identity: identity,
            agreement: agreement
        )
        return PoolDriver(EndpointPool(configuration, seed: 1))
    }

    @Test func `asks nothing of an endpoint that has not shown its identity`() {
        var driver = pool(1)
        driver.want(1, [.chainId], .any)
        #expect(driver.resolutions[1] == .noEndpoint)
        driver.wake()
        #expect(driver.calls.count == 1)
        driver.want(2, [.chainId], .any)
        #expect(driver.resolutions[2] == .noEndpoint)
        driver.answerIdentity(driver.calls[0])
        driver.want(3, [.chainId], .any)
        #expect(driver.resolutions[3] == nil)
        #expect(driver.calls.count == 2)
    }

    @Test(arguments: [
        (1, 0, Optional<UInt8>(1)), (31_337, 1, 1), (31_337, 0, nil),
    ])
    func `leaves alone an endpoint of another chain, genesis or contract`(
        chainId: UInt64,
        genesis: UInt64,
        code: UInt8?
    ) {
        var driver = pool(1)
        driver.wake()
        let outcomes: [RPCOutcome] = [
            .success(.number(chainId)),
            .success(.header(TestHeaders.header(0, branch: genesis == 0 ? "main" : "other"))),
            .success(.data(code.map { [$0] } ?? [])),
            .success(.header(TestHeaders.header(5))),
        ]
        driver.answer(driver.calls[0], .success(outcomes))
        guard case .foreign(0, _, let until)? = driver.reports.last else {
            Issue.record("not found to be foreign: \(driver.reports)")
            return
        }
        driver.want(1, [.chainId], .any)
        #expect(driver.resolutions[1] == .noEndpoint)
        #expect(driver.pool.endpoints[0].head == nil)
        driver.now = until
        driver.wake()
        #expect(driver.calls.last?.batch.queries.first == .chainId)
    }

    @Test func `refuses a contract of another code`() {
        var wanted = identity
        wanted.codeHash = Keccak256.hash([2])
        var driver = PoolDriver(EndpointPool(.init(endpointCount: 1, identity: wanted), seed: 1))
        driver.wake()
        driver.answerIdentity(driver.calls[0])
        guard case .foreign? = driver.reports.last else {
            Issue.record("\(driver.reports)")
            return
        }
    }

    @Test func `asks the next when one fails, and leaves the failed one alone`() {
        var driver = pool(2).ready()
        driver.want(1, [.chainId], .any)
        #expect(driver.calls[0].endpoint == 0)
        driver.answer(driver.calls[0], .failure(.timeout(.seconds(5))))
        #expect(driver.calls.last?.endpoint == 1)
        driver.answer(driver.calls[driver.calls.count - 1], .success([.success(.number(7))]))
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.endpoint == 1)
        driver.want(2, [.chainId], .any)
        #expect(driver.calls.last?.endpoint == 1)
    }

    @Test func `asks for the identity again after a fault`() throws {
        var driver = pool(1).ready()
        driver.want(1, [.chainId], .any)
        driver.answer(driver.calls[0], .failure(.status(500, retryAfter: nil)))
        #expect(driver.resolutions[1] == .failed(.status(500, retryAfter: nil)))
        driver.calls = []
        driver.wake()
        #expect(driver.calls.isEmpty)
        driver.now = try #require(driver.pool.nextDeadline)
        driver.wake()
        #expect(driver.calls.count == 1)
        driver.answerIdentity(driver.calls[0])
        #expect(driver.pool.endpoints[0].standing == .ready)
        #expect(driver.pool.endpoints[0].failures == 0)
    }

    @Test func `waits longer after each failure, up to its limit`() throws {
        var driver = pool(1)
        var waits: [Duration] = []
        for _ in 0..<12 {
            driver.calls = []
            driver.wake()
            driver.answer(try #require(driver.calls.first), .failure(.unreachable("refused")))
            let deadline = try #require(driver.pool.nextDeadline)
            waits.append(driver.now.duration(to: deadline))
            driver.now = deadline
        }
        #expect(waits[0] >= .milliseconds(250) && waits[0] <= .milliseconds(500))
        #expect(waits[11] >= .seconds(30) && waits[11] <= .seconds(60))
        #expect(waits[5] > waits[0])
    }

    @Test func `waits as long as an endpoint asks for, within reason`() throws {
        for (asked, granted) in [(20, 20), (100_000, 300)] {
            var driver = pool(1).ready()
            driver.want(1, [.chainId], .any)
            driver.answer(driver.calls[0], .failure(.status(429, retryAfter: .seconds(asked))))
            #expect(driver.pool.nextDeadline == driver.now.advanced(by: .seconds(granted)))
        }
    }

    @Test func `does not count an answer from behind the head`() {
        var driver = pool(2).ready()
        driver.want(1, [.chainId], .atLeast(10))
        #expect(driver.calls[0].batch.queries == [.header(.latest), .chainId])
        driver.answer(driver.calls[0], head: 9, [.success(.number(1))])
        #expect(driver.resolutions[1] == nil)
        driver.answer(driver.calls[1], head: 10, [.success(.number(2))])
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.outcomes == [.success(.number(2))])
        #expect(answer.isCurrent && answer.head?.number == 10)
        #expect(driver.pool.highestHead?.number == 10)
    }

    @Test func `marks the best answer as behind when all are`() {
        var driver = pool(2).ready()
        driver.want(1, [.receipt(Digest())], .atLeast(10))
        driver.answer(driver.calls[0], head: 8, [.success(.receipt(nil))])
        driver.answer(driver.calls[1], head: 7, [.success(.receipt(nil))])
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(!answer.isCurrent && answer.endpoint == 0)
    }

    @Test func `asks elsewhere for a block that one does not know`() {
        var driver = pool(2).ready()
        let header = TestHeaders.header(3)
        driver.want(1, [.header(.hash(header.hash))], .any)
        driver.answer(driver.calls[0], .success([.success(.header(nil))]))
        driver.answer(driver.calls[1], .success([.success(.header(header))]))
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.endpoint == 1)
    }

    @Test func `takes a revert from the first, another refusal from the last`() {
        let call = RPCQuery.call(to: Address(), from: nil, data: [], at: Digest())
        let revert = RPCRefusal(code: 3, message: "execution reverted: STALE_VIEW", data: [1])
        var driver = pool(2).ready()
        driver.want(1, [call], .any)
        driver.answer(driver.calls[0], .success([.failure(revert)]))
        #expect(driver.resolutions[1] != nil)
        driver.calls = []
        driver.want(2, [call], .any)
        driver.answer(
            driver.calls[0],
            .success([.failure(RPCRefusal(code: -32_000, message: "header not found"))])
        )
        #expect(driver.resolutions[2] == nil)
        #expect(driver.calls.count == 2)
    }

    @Test func `hands too wide a range back at once`() {
        let filter = LogFilter(.range(1...9), address: registry, topics: [])
        var driver = pool(2).ready()
        driver.want(1, [.logs(filter)], .any)
        driver.answer(driver.calls[0], .success([.failure(RPCRefusal(code: -32_005, message: "too many"))]))
        #expect(driver.resolutions[1] != nil)
    }

    @Test func `does not blame an endpoint for an answer that was too large`() {
        var driver = pool(1).ready()
        driver.want(1, [.chainId], .any)
        driver.answer(driver.calls[0], .failure(.tooLarge(limit: 10)))
        #expect(driver.resolutions[1] == .failed(.tooLarge(limit: 10)))
        #expect(driver.pool.endpoints[0].standing == .ready)
    }

    @Test func `hands a transaction to all, and tells what each said`() {
        var driver = pool(3).ready()
        driver.want(1, [.send([1], hash: Digest())], .everywhere)
        #expect(driver.calls.map(\.endpoint) == [0, 1, 2])
        driver.answer(driver.calls[0], .success([.success(.sent)]))
        driver.answer(driver.calls[1], .failure(.timeout(.seconds(5))))
        #expect(driver.resolutions[1] == nil)
        driver.answer(
            driver.calls[2],
            .success([.failure(RPCRefusal(code: -32_000, message: "already known"))])
        )
        guard case .spread(let spread)? = driver.resolutions[1] else {
            Issue.record("no spread")
            return
        }
        #expect(spread.count == 3)
    }
}
