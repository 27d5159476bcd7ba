import Cryptography
import Ethereum
import Primitives
import Testing

/// The whole client over three endpoints of which two must agree, and one lies.
@Suite struct ChainMachineTests {
    /// Follows a chain without reorganisations, and asks for an election; every action is carried out at once.
    private struct Driver {
        /// What one endpoint says; as the others say, where it is `nil`.
        struct Lie {
            var finalized: UInt64?
            var nonce: UInt64?
            var revert: RPCRefusal?
            /// By how many blocks of its own making its head is above the height.
            var lead: Int64?
        }

        private let key: AccountKey
        private(set) var machine: ChainMachine
        private var now = Instant.start
        private let lie: Lie
        var height: UInt64 = 40
        /// How many blocks the last endpoint is behind.
        var lag: UInt64 = 0
        private(set) var signed: [Transaction] = []

        init(_ lie: Lie, agreement: Int = 2) {
            self.lie = lie
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
                    identity: ChainIdentity(deployment: deployment),
                    agreement: agreement
                ),
                outbox: OutboxDriver().configuration
            )
            machine = ChainMachine(configuration, seed: 1)
        }

        /// Lets a few polls pass, a block each.
        mutating func play(_ blocks: Int) {
            for _ in 0..<blocks {
                height += 1
                now = now.advanced(by: .seconds(5))
                perform(machine.expired(at: now))
            }
        }

        mutating func want(_ view: UInt64) {
            perform(machine.handle(.wanted(OutboxDriver.election(view)), at: now))
        }

        private mutating func perform(_ actions: [ChainMachine.Action]) {
            for action in actions {
                switch action {
                case .call(let number, let endpoint, let batch, _):
                    let outcomes = batch.queries.map {
                        answer($0, endpoint == 0 ? lie : Lie(), at: endpoint == 2 ? height - lag : height)
                    }
                    perform(machine.handle(.answered(number, .success(outcomes)), at: now))
                case .persist(_, let ticket): perform(machine.handle(.persisted(ticket), at: now))
                case .sign(let id, let transaction):
                    signed.append(transaction)
                    let whole = SignedTransaction(transaction, key.sign(transaction.digest))
                    perform(machine.handle(.signed(id, whole), at: now))
                case .forget, .save, .publish: break
                }
            }
        }

        /// The branch an endpoint is on, and the header of a number there.
        private func header(_ number: UInt64, _ lie: Lie) -> BlockHeader {
            guard lie.lead != nil, number > 40 else { return TestHeaders.header(number) }
            let parent = number == 41 ? TestHeaders.hash("main", 40) : nil
            return TestHeaders.header(number, branch: "liar", parent: parent)
        }

        private func answer(_ query: RPCQuery, _ lie: Lie, at height: UInt64) -> RPCOutcome {
            let top = UInt64(Int64(height) + (lie.lead ?? 0))
            switch query {
            case .chainId: return .success(.number(31_337))
            case .header(.latest), .header(.safe): return .success(.header(header(top, lie)))
            case .header(.finalized):
                return .success(.header(TestHeaders.header(lie.finalized ?? height - 12)))
            case .header(.number(let number)):
                return .success(.header(number <= top ? header(number, lie) : nil))
            case .header(.hash(let hash)):
                let found = (0...top).map { header($0, lie) }.first { $0.hash == hash }
                return .success(.header(found))
            case .code: return .success(.data([1]))
            case .balance: return .success(.amount(1_000_000_000_000_000_000))
            case .nonce: return .success(.number(lie.nonce ?? 7))
            case .call(_, _, let data, _):
                let sizes: [RegistryView: Int] = [
                    .currentView: 1, .currentLeader: 1, .committee: 8, .pending: 7, .latestProof: 2,
                ]
                if let view = RegistryView.allCases.first(where: { $0.data == data }) {
                    return .success(.data([UInt8](repeating: 0, count: 32 * (sizes[view] ?? 0))))
                }
                return lie.revert.map { .failure($0) } ?? .success(.data([]))
            case .logs: return .success(.logs([]))
            case .receipt: return .success(.receipt(nil))
            case .feeHistory:
                return .success(.fees(FeeHistory(tips: [3], nextBaseFee: 1_000_000_000)))
            case .send: return .success(.sent)
            }
        }
    }

    @Test(arguments: [nil, 3, 55] as [UInt64?])
    func `what one endpoint calls final makes nothing final early, and holds nothing back`(lie: UInt64?) {
        var driver = Driver(Driver.Lie(finalized: lie))
        driver.want(3)
        driver.play(20)
        #expect(driver.machine.status.tip?.number == driver.height)
        #expect(driver.machine.status.finalized?.number == driver.height - 12)
    }

    @Test(arguments: [-3, 0, 1, 2, 15, 16, 17] as [Int64], [0, 1, 2] as [UInt64])
    func `a branch that one endpoint makes up is not followed`(lead: Int64, lag: UInt64) {
        var driver = Driver(Driver.Lie(lead: lead))
        driver.lag = lag
        driver.play(20)
        let tip = driver.machine.status.tip
        #expect(tip?.number == driver.height - lag)
        #expect(tip?.hash == TestHeaders.hash("main", driver.height - lag))
    }

    @Test func `a block is final where one endpoint's word is enough`() {
        var driver = Driver(Driver.Lie(finalized: 55), agreement: 1)
        driver.want(3)
        driver.play(20)
        #expect(driver.machine.status.finalized?.number == 55)
    }

    @Test(arguments: [0, 6, 8, 1_000_000, .max] as [UInt64])
    func `a nonce that one endpoint makes up is not used`(lie: UInt64) {
        var driver = Driver(Driver.Lie(nonce: lie))
        driver.play(3)
        driver.want(3)
        driver.play(3)
        #expect(driver.signed.first?.nonce == 7)
    }

    @Test func `a revert that one endpoint makes up holds nothing back`() {
        let refusal = RPCRefusal(code: 3, message: "execution reverted: BadSignature", data: [1])
        var driver = Driver(Driver.Lie(revert: refusal))
        driver.play(3)
        driver.want(3)
        driver.play(3)
        #expect(driver.signed.count >= 1)
        #expect(driver.machine.status.pending.count == 1)
    }
}
