import Cryptography
import Ethereum
import KeyOperations
import Primitives
import Testing

/// What the client tells of validators' keys, over three endpoints.
@Suite struct OperationsFollowingTests {
    /// What is wrong with an endpoint.
    private enum Fault: Equatable {
        /// It answers so many blocks at once.
        case narrow(Int)
        case hiding
        /// It alters what an operator is.
        case forging
        /// It shows a request whose id is not that of what it asks.
        case impossible
        /// It is on a branch of its own in deep blocks.
        case elsewhere
        case silent
    }

    /// A chain that grows, and what the client says of it.
    private struct Driver {
        let fixture: [Log]
        let configuration: ChainConfiguration
        private(set) var machine: ChainMachine
        private var now = Instant.start
        var faults: [Int: Fault]
        var height: UInt64 = 60
        /// Where the logs are.
        var places: [UInt64]
        private(set) var told: [(records: [OperationsRecord], through: BlockReference)] = []
        private(set) var alarms: [ChainAlarm] = []
        private(set) var foreign: Set<Int> = []
        private var cursor: ChainCursor?

        init(_ faults: [Int: Fault] = [:], agreement: Int = 2, places: [UInt64] = [10, 40, 55]) throws {
            let json = try JSONFixture.load("ethereum/operations.json")
            fixture = try json.list("logs").filter { try $0.text("event").hasSuffix("Requested") }
                .map { try Log(json: try #require($0["log"]), at: "log") }
            #expect(fixture.count >= places.count)
            self.faults = faults
            self.places = places
            let deployment = Deployment(
                chainId: try json.number("chainId"),
                genesis: TestHeaders.hash("main", 0),
                registry: OutboxDriver().configuration.registry
            )
            var configuration = ChainConfiguration(
                deployment: deployment,
                endpoints: EndpointPool.Configuration(
                    endpointCount: 3,
                    identity: ChainIdentity(deployment: deployment),
                    agreement: agreement
                ),
                outbox: OutboxDriver().configuration
            )
            configuration.finalityInterval = 1
            configuration.operations = OperationsSource(
                contract: try #require(json["contract"]).fixed("contract"),
                firstBlock: 2
            )
            self.configuration = configuration
            machine = ChainMachine(configuration, seed: 1)
        }

        var records: [OperationsRecord] { told.flatMap(\.records) }

        mutating func restart() {
            machine = ChainMachine(configuration, cursor: cursor, seed: 2)
            (told, now) = ([], .start)
        }

        mutating func play(_ blocks: Int) {
            for _ in 0..<blocks {
                height += 1
                for _ in 0..<5 {
                    now = now.advanced(by: .seconds(1))
                    perform(machine.expired(at: now))
                }
            }
        }

        private mutating func perform(_ actions: [ChainMachine.Action]) {
            for action in actions {
                switch action {
                case .call(let number, let endpoint, let batch, let time):
                    let fault = faults[endpoint]
                    let outcomes = batch.queries.map { answer($0, fault) }
                    let isSilent = fault == .silent && batch.queries.contains { $0.method == "eth_getLogs" }
                    let result: Result<[RPCOutcome], RPCFault> =
                        isSilent ? .failure(.timeout(time)) : .success(outcomes)
                    perform(machine.handle(.answered(number, result), at: now))
                case .publish(.operations(let records, let last)): told.append((records, last))
                case .publish(.alarm(let alarm)): alarms.append(alarm)
                case .publish(.endpoint(.foreign(let endpoint, _, _))): foreign.insert(endpoint)
                case .save(let cursor): self.cursor = cursor
                case .publish, .persist, .sign, .forget: break
                }
            }
        }

        private func answer(_ query: RPCQuery, _ fault: Fault?) -> RPCOutcome {
            switch query {
            case .chainId: return .success(.number(configuration.deployment.chainId))
            case .header(.latest), .header(.safe): return .success(.header(TestHeaders.header(height)))
            case .header(.finalized): return .success(.header(TestHeaders.header(height - 12)))
            case .header(.number(let number)):
                let branch = fault == .elsewhere && number > 0 ? "other" : "main"
                return .success(.header(TestHeaders.header(number, branch: branch)))
            case .header(.hash(let hash)):
                return .success(
                    .header((0...height).map { TestHeaders.header($0) }.first { $0.hash == hash })
                )
            case .code: return .success(.data([1]))
            case .balance: return .success(.amount(1_000_000_000_000_000_000))
            case .nonce: return .success(.number(7))
            case .call(_, _, let data, _):
                let sizes: [RegistryView: Int] = [
                    .currentView: 1, .currentLeader: 1, .committee: 8, .pending: 7, .latestProof: 2,
                ]
                let view = RegistryView.allCases.first { $0.data == data }
                return .success(.data([UInt8](repeating: 0, count: 32 * (view.flatMap { sizes[$0] } ?? 0))))
            case .logs(let filter): return logs(filter, fault)
            case .receipt: return .success(.receipt(nil))
            case .feeHistory: return .success(.fees(FeeHistory(tips: [3], nextBaseFee: 1)))
            case .send: return .success(.sent)
            }
        }

        private func logs(_ filter: LogFilter, _ fault: Fault?) -> RPCOutcome {
            guard case .range(let range) = filter.place, filter.address == configuration.operations?.contract
            else { return .success(.logs([])) }
            if case .narrow(let limit) = fault, range.count > limit {
                return .failure(RPCRefusal(code: -32_005, message: "at most \(limit) blocks"))
            }
            guard fault != .hiding else { return .success(.logs([])) }
            var logs: [Log] = []
            for (number, log) in zip(places, fixture) where range.contains(number) && number <= height {
                var log = log
                log.block = TestHeaders.main(number)
                if fault == .forging { log.transaction[0] ^= 1 }
                if fault == .impossible { log.topics[1][0] ^= 1 }
                logs.append(log)
            }
            return .success(.logs(logs))
        }
    }

    @Test func `tells the history, and each final block once, and nothing that is not final`() throws {
        var driver = try Driver()
        driver.play(3)
        #expect(driver.records.map(\.block.number) == [10, 40])
        driver.play(6)
        #expect(driver.records.map(\.block.number) == [10, 40, 55])
        let ends = driver.told.map(\.through.number)
        #expect(ends.last == driver.height - 12 && Set(ends).count == ends.count && ends == ends.sorted())
        #expect(driver.machine.status.operations == TestHeaders.main(driver.height - 12))
        guard case .requested(let request, let id)? = driver.records.first?.event else {
            Issue.record("no request")
            return
        }
        let contract = try #require(driver.configuration.operations?.contract)
        #expect(request.id(chainId: driver.configuration.deployment.chainId, contract: contract) == id)
    }

    @Test func `tells all of it again after a restart`() throws {
        var driver = try Driver()
        driver.play(9)
        let first = driver.records
        driver.restart()
        driver.play(3)
        #expect(driver.records == first && first.count == 3)
    }

    @Test(arguments: [1, 2, 7, 30])
    func `finds out how much it may ask for at once`(limit: Int) throws {
        var driver = try Driver([0: .narrow(limit), 1: .narrow(limit), 2: .narrow(limit)])
        driver.play(60)
        #expect(driver.records.map(\.block.number) == [10, 40, 55])
        #expect(driver.told.last?.through == TestHeaders.main(driver.height - 12))
    }

    @Test func `does without an endpoint that hides, alters, contradicts, refuses or is silent`() throws {
        for fault in [Fault.hiding, .forging, .impossible, .elsewhere, .narrow(1), .silent] {
            for endpoint in 0..<3 {
                var driver = try Driver([endpoint: fault])
                driver.play(14)
                #expect(driver.records.map(\.block.number) == [10, 40, 55], "\(fault) of \(endpoint)")
                let honest = driver.records.allSatisfy { record in
                    driver.fixture.contains { $0.transaction == record.transaction }
                }
                #expect(honest, "\(fault) of \(endpoint)")
            }
        }
    }

    @Test func `believes nothing while no two endpoints agree, and says so`() throws {
        var driver = try Driver([0: .hiding, 1: .forging])
        driver.play(14)
        #expect(driver.records.isEmpty)
        #expect(driver.alarms.contains { if case .disagreement = $0 { true } else { false } })
        driver.faults = [:]
        driver.play(14)
        #expect(driver.records.map(\.block.number) == [10, 40, 55])
    }

    @Test func `leaves who makes up a log or a block alone, and asks another`() throws {
        for fault in [Fault.impossible, .elsewhere] {
            var driver = try Driver([0: fault], agreement: 1)
            driver.play(14)
            #expect(driver.records.map(\.block.number) == [10, 40, 55], "\(fault)")
            #expect(driver.foreign == [0], "\(fault)")
        }
    }
}
