import Ethereum
import Primitives
import TestSupport
import Testing

@Suite struct EndpointOrdealTests {
    /// Endpoints that answer late, wrongly or never, and are caught at lies.
    private struct World {
        let configuration: EndpointPool.Configuration
        var ordeal: Ordeal<EndpointPool>
        var calls: [(number: UInt64, batch: RPCBatch)] = []
        var open: Set<QueryTicket> = []
        var resolved = 0
        var lastTicket: UInt64 = 0

        init(seed: UInt64) {
            let deployment = Deployment(
                chainId: 31_337,
                genesis: TestHeaders.hash("main", 0),
                registry: OutboxDriver().configuration.registry
            )
            var configuration = EndpointPool.Configuration(
                endpointCount: 4,
                identity: ChainIdentity(deployment: deployment),
                agreement: Int(1 + seed % 3)
            )
            configuration.lagTolerance = seed.isMultiple(of: 2) ? 2 : 0
            self.configuration = configuration
            ordeal = Ordeal(EndpointPool(configuration, seed: seed), seed: seed)
        }

        private mutating func header() -> BlockHeader {
            TestHeaders.header(min(ordeal.number(below: 30), BlockHeader.greatestNumber))
        }

        private mutating func outcome(_ query: RPCQuery) -> RPCOutcome {
            if ordeal.once(in: 12) { return .failure(RPCRefusal(code: -32_000, message: "no")) }
            switch query {
            case .chainId: return .success(.number(ordeal.once(in: 20) ? 1 : 31_337))
            case .header(.number(0)): return .success(.header(TestHeaders.header(0)))
            case .header: return .success(.header(ordeal.once(in: 9) ? nil : header()))
            case .code: return .success(.data([1]))
            default: return .success(.data([UInt8(ordeal.random.next() % 2)]))
            }
        }

        private mutating func result(_ batch: RPCBatch) -> Result<[RPCOutcome], RPCFault> {
            switch ordeal.random.next() % 20 {
            case 0: .failure(.timeout(.seconds(5)))
            case 1: .failure(.status(429, retryAfter: .seconds(Int64(ordeal.random.next() % 10_000_000))))
            case 2: .failure(.badReply("nonsense"))
            case 3: .failure(.tooLarge(limit: 1 << 20))
            default: .success(batch.queries.map { outcome($0) })
            }
        }

        private mutating func route() -> QueryRoute {
            switch ordeal.random.next() % 5 {
            case 0: .any
            case 1: .avoiding(Int(ordeal.random.next() % 4))
            case 2: .atLeast(ordeal.number(below: 30))
            case 3: .agreed
            default: .everywhere
            }
        }

        mutating func event() -> EndpointPool.Event? {
            switch ordeal.random.next() % 12 {
            case 0, 1, 2:
                lastTicket += 1
                let ticket = QueryTicket(lastTicket)
                open.insert(ticket)
                let query: RPCQuery =
                    ordeal.once(in: 2)
                    ? .header(.hash(Digest())) : .call(to: Address(), from: nil, data: [], at: Digest())
                return .wanted(ticket, [query], route())
            case 3: return ordeal.once(in: 8) ? .caught(Int(ordeal.random.next() % 4), "lied") : nil
            case 4: return .answered(ordeal.number(below: 500), .failure(.timeout(.seconds(1))))
            default:
                guard !calls.isEmpty else { return nil }
                let call = calls.remove(at: Int(ordeal.random.next() % UInt64(calls.count)))
                return .answered(call.number, result(call.batch))
            }
        }

        mutating func take(_ actions: [EndpointPool.Action]) {
            for action in actions {
                switch action {
                case .call(let number, _, let batch, _): calls.append((number, batch))
                case .resolve(let ticket, _):
                    resolved += 1
                    if open.remove(ticket) == nil { Issue.record("resolved twice, or what nobody asked") }
                case .report: break
                }
            }
        }
    }

    @Test(arguments: 1...6)
    func `every question is resolved once, whatever the endpoints say and in whatever order`(seed: UInt64) {
        var world = World(seed: seed)
        var heaviest = 0
        for step in 0..<4_000 {
            if world.ordeal.once(in: 4) {
                world.take(world.ordeal.rest())
            } else if let event = world.event() {
                world.take(world.ordeal.feed(event))
            }
            if step.isMultiple(of: 400) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        // What is under way comes to its end, as the transport's time limits see to.
        while !world.calls.isEmpty {
            let call = world.calls.removeFirst()
            world.take(world.ordeal.feed(.answered(call.number, .failure(.timeout(.seconds(5))))))
        }
        #expect(world.open.isEmpty)
        #expect(world.resolved > 100)
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 20_000)
    }
}
