import Ethereum
import Primitives

/// Feeds a pool and keeps what it orders.
struct PoolDriver {
    struct Call: Equatable {
        let number: UInt64
        let endpoint: Int
        let batch: RPCBatch
    }

    var pool: EndpointPool
    var now = Instant.start
    var calls: [Call] = []
    var resolutions: [UInt64: QueryResolution] = [:]
    var reports: [EndpointReport] = []

    init(_ pool: EndpointPool) {
        self.pool = pool
    }

    /// All endpoints have shown their identity, and nothing is under way.
    func ready() -> PoolDriver {
        var driver = self
        driver.wake()
        for call in driver.calls { driver.answerIdentity(call) }
        driver.calls = []
        return driver
    }

    mutating func wake() { perform(pool.expired(at: now)) }

    mutating func want(_ ticket: UInt64, _ queries: [RPCQuery], _ route: QueryRoute) {
        perform(pool.handle(.wanted(QueryTicket(ticket), queries, route), at: now))
    }

    mutating func answer(_ call: Call, _ result: Result<[RPCOutcome], RPCFault>) {
        perform(pool.handle(.answered(call.number, result), at: now))
    }

    /// An answer to a batch that begins with the question for the head.
    mutating func answer(_ call: Call, head: UInt64, _ outcomes: [RPCOutcome]) {
        answer(call, .success([.success(.header(TestHeaders.header(head)))] + outcomes))
    }

    mutating func answerIdentity(_ call: Call) {
        let outcomes: [RPCOutcome] = [
            .success(.number(31_337)),
            .success(.header(TestHeaders.header(0))),
            .success(.data([1])),
            .success(.header(TestHeaders.header(5))),
        ]
        answer(call, .success(outcomes))
    }

    private mutating func perform(_ actions: [EndpointPool.Action]) {
        for action in actions {
            switch action {
            case .call(let number, let endpoint, let batch, _):
                calls.append(Call(number: number, endpoint: endpoint, batch: batch))
            case .resolve(let ticket, let resolution): resolutions[ticket.number] = resolution
            case .report(let report): reports.append(report)
            }
        }
    }
}
