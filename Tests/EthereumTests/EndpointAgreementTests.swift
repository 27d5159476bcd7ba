import Ethereum
import Primitives
import Testing

/// What proves nothing by itself counts only when enough endpoints say the same.
@Suite struct EndpointAgreementTests {
    private let query = RPCQuery.call(to: Address(), from: nil, data: [], at: Digest())

    private func driver(_ count: Int, agreement: Int) -> PoolDriver {
        let genesis = TestHeaders.hash("main", 0)
        let deployment = Deployment(chainId: 31_337, genesis: genesis, registry: Address())
        let configuration = EndpointPool.Configuration(
            endpointCount: count,
            identity: ChainIdentity(deployment: deployment),
            agreement: agreement
        )
        return PoolDriver(EndpointPool(configuration, seed: 1)).ready()
    }

    @Test func `counts an answer that as many give as must`() {
        var driver = driver(3, agreement: 2)
        driver.want(1, [query], .agreed)
        #expect(driver.calls.count == 2)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        #expect(driver.resolutions[1] == nil)
        driver.answer(driver.calls[1], .success([.success(.data([1]))]))
        guard case .answered? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(driver.calls.count == 2)
    }

    @Test func `asks one more where two differ, and the majority counts`() {
        var driver = driver(3, agreement: 2)
        driver.want(1, [query], .agreed)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        driver.answer(driver.calls[1], .success([.success(.data([2]))]))
        #expect(driver.calls.count == 3)
        driver.answer(driver.calls[2], .success([.success(.data([2]))]))
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.outcomes == [.success(.data([2]))])
    }

    @Test func `tells when nobody is left and they differ`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [query], .agreed)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        driver.answer(driver.calls[1], .success([.success(.data([2]))]))
        #expect(driver.resolutions[1] == .disagreement)
    }

    @Test func `does not take ignorance for contradiction`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [query], .agreed)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        let unknown = RPCRefusal(code: -32_000, message: "header for hash not found")
        driver.answer(driver.calls[1], .success([.failure(unknown)]))
        #expect(driver.resolutions[1] == .noEndpoint)
    }

    @Test func `is content with one where one must agree`() {
        var driver = driver(2, agreement: 1)
        driver.want(1, [query], .agreed)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        guard case .answered? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
    }

    @Test func `fails when those who must agree cannot be asked`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [query], .agreed)
        driver.answer(driver.calls[0], .success([.success(.data([1]))]))
        driver.answer(driver.calls[1], .failure(.unreachable("reset")))
        #expect(driver.resolutions[1] == .failed(.unreachable("reset")))
    }

    @Test func `takes reverts for the same that return the same, in whatever words`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [query], .agreed)
        let words = [(3, "execution reverted: StaleView"), (-32_015, "VM execution error: revert")]
        for (call, (code, message)) in zip(driver.calls, words) {
            let refusal = RPCRefusal(code: code, message: message, data: [1, 2])
            driver.answer(call, .success([.failure(refusal)]))
        }
        guard case .answered? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        driver.want(2, [query], .agreed)
        for (call, byte) in zip(driver.calls.suffix(2), [1, 2] as [UInt8]) {
            let refusal = RPCRefusal(code: 3, message: "execution reverted", data: [byte])
            driver.answer(call, .success([.failure(refusal)]))
        }
        #expect(driver.resolutions[2] == .disagreement)
    }

    @Test func `does not follow one endpoint's head far above the others, and asks it last from then on`() {
        var driver = driver(3, agreement: 2)
        driver.want(1, [], .atLeast(5))
        driver.answer(driver.calls[0], head: 1_000, [])
        #expect(driver.resolutions[1] == nil)
        #expect(driver.calls.count == 2)
        driver.answer(driver.calls[1], head: 6, [])
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.head?.number == 6)
        #expect(driver.pool.highestHead?.number == 6)
        driver.want(2, [], .atLeast(5))
        #expect(driver.calls.last?.endpoint == 1)
    }

    @Test func `follows a head that is far above what was known when another shows such a head`() {
        var driver = driver(3, agreement: 2)
        driver.want(1, [], .atLeast(5))
        driver.answer(driver.calls[0], head: 1_000, [])
        driver.answer(driver.calls[1], head: 1_001, [])
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.head?.number == 1_001)
    }

    @Test func `has no answer where all but one that is far above are silent`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [], .atLeast(5))
        driver.answer(driver.calls[0], head: 1_000, [])
        driver.answer(driver.calls[1], .failure(.unreachable("reset")))
        #expect(driver.resolutions[1] == .failed(.unreachable("reset")))
    }

    @Test func `counts only those that have come as far as they must`() {
        var driver = driver(3, agreement: 2)
        driver.want(1, [query], .agreedAtLeast(9))
        driver.answer(driver.calls[0], head: 8, [.success(.data([1]))])
        driver.answer(driver.calls[1], head: 9, [.success(.data([1]))])
        #expect(driver.resolutions[1] == nil)
        driver.answer(driver.calls[2], head: 10, [.success(.data([1]))])
        guard case .answered(let answer)? = driver.resolutions[1] else {
            Issue.record("not answered")
            return
        }
        #expect(answer.outcomes == [.success(.data([1]))])
    }

    @Test func `does not take who is behind for a contradiction`() {
        var driver = driver(2, agreement: 2)
        driver.want(1, [query], .agreedAtLeast(9))
        driver.answer(driver.calls[0], head: 8, [.success(.data([1]))])
        driver.answer(driver.calls[1], head: 9, [.success(.data([2]))])
        #expect(driver.resolutions[1] == .noEndpoint)
    }
}
