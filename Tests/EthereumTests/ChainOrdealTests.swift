import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

@Suite struct ChainOrdealTests {
    /// Three endpoints that say anything of the right type, and a store and a key that answer when they like.
    private struct World {
        var ordeal: Ordeal<ChainMachine>
        let key: AccountKey
        var calls: [(number: UInt64, batch: RPCBatch)] = []
        var answers: [ChainMachine.Event] = []
        var height: UInt64 = 20

        init(seed: UInt64) {
            key = OutboxDriver().key
            let deployment = Deployment(
                chainId: 31_337,
                genesis: TestHeaders.hash("main", 0),
                registry: OutboxDriver().configuration.registry
            )
            let configuration = ChainConfiguration(
                deployment: deployment,
                endpoints: EndpointPool.Configuration(
                    endpointCount: 3,
                    identity: ChainIdentity(deployment: deployment)
                ),
                outbox: OutboxDriver().configuration
            )
            ordeal = Ordeal(ChainMachine(configuration, seed: seed), seed: seed)
        }

        private mutating func header(_ selector: BlockSelector) -> BlockHeader? {
            switch selector {
            case .hash(let hash):
                for branch in ["main", "other"] {
                    for number in 0...height where TestHeaders.hash(branch, number) == hash {
                        return TestHeaders.header(number, branch: branch)
                    }
                }
                return nil
            case .number(let number): return TestHeaders.header(number)
            case .finalized, .safe: return TestHeaders.header(height > 12 ? height - 12 : 0)
            case .latest:
                let branch = ordeal.once(in: 6) ? "other" : "main"
                let number = ordeal.once(in: 9) ? ordeal.number(below: height) : height
                // A lying endpoint may name any fee and any number.
                return TestHeaders.header(number, branch: branch, baseFee: ordeal.once(in: 9) ? .max : 7)
            }
        }

        private mutating func outcome(_ query: RPCQuery) -> RPCOutcome {
            if ordeal.once(in: 12) { return .failure(RPCRefusal(code: -32_000, message: "no")) }
            switch query {
            case .chainId: return .success(.number(31_337))
            case .header(let selector):
                return .success(.header(ordeal.once(in: 12) ? nil : header(selector)))
            case .code: return .success(.data([1]))
            case .balance: return .success(.amount(UInt256(ordeal.number())))
            case .nonce: return .success(.number(ordeal.number(below: 9)))
            case .call:
                let words = ordeal.one(of: [1, 1, 8, 7])
                return .success(.data([UInt8](repeating: 0, count: 32 * words)))
            case .logs: return .success(.logs([]))
            case .receipt: return .success(.receipt(nil))
            case .feeHistory:
                let fee: UInt256 = ordeal.once(in: 4) ? .max : 9
                return .success(.fees(FeeHistory(tips: [fee, 3], nextBaseFee: fee)))
            case .send: return .success(.sent)
            }
        }

        private mutating func result(_ batch: RPCBatch) -> Result<[RPCOutcome], RPCFault> {
            switch ordeal.random.next() % 16 {
            case 0: .failure(.timeout(.seconds(5)))
            case 1: .failure(.status(429, retryAfter: .seconds(Int64(ordeal.random.next() % 10_000_000))))
            case 2: .failure(.badReply("nonsense"))
            default: .success(batch.queries.map { outcome($0) })
            }
        }

        mutating func event() -> ChainMachine.Event? {
            switch ordeal.random.next() % 12 {
            case 0: return .wanted(OutboxDriver.election(ordeal.number(below: 20)))
            case 1: return .unwanted(OutboxDriver.election(ordeal.number(below: 20)).id)
            case 2, 3: return answers.isEmpty ? nil : answers.removeFirst()
            default:
                if ordeal.once(in: 4) { height += 1 }
                guard !calls.isEmpty else { return nil }
                let call = calls.remove(at: Int(ordeal.random.next() % UInt64(calls.count)))
                return .answered(call.number, result(call.batch))
            }
        }

        mutating func take(_ actions: [ChainMachine.Action]) {
            for action in actions {
                switch action {
                case .call(let number, _, let batch, _): calls.append((number, batch))
                case .persist(_, let ticket): answers.append(.persisted(ticket))
                case .sign(let id, let transaction):
                    let signed = SignedTransaction(transaction, key.sign(transaction.digest))
                    answers.append(.signed(id, signed))
                case .forget, .save, .publish: break
                }
            }
        }
    }

    @Test(arguments: 1...6)
    func `no answers of endpoints, in any order, stop it, set it spinning or make it grow`(seed: UInt64) {
        var world = World(seed: seed)
        var heaviest = 0
        for step in 0..<2_500 {
            if world.ordeal.once(in: 3) {
                world.take(world.ordeal.rest())
            } else if let event = world.event() {
                world.take(world.ordeal.feed(event))
            }
            if step.isMultiple(of: 250) { heaviest = max(heaviest, world.ordeal.weight) }
        }
        #expect(world.ordeal.problems.isEmpty)
        #expect(heaviest < 100_000)
        // The chain was followed at all, so that the events meant something.
        #expect(world.ordeal.machine.status.tip != nil)
    }
}
