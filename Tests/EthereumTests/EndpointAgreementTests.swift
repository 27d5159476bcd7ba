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
