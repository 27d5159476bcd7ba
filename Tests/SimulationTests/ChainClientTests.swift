import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives
import Testing

@testable import Simulation

/// Members that come to know the chain by the product's client, over endpoints that fail and lie.
@Suite struct ChainClientTests {
    private static func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario(size: 4)
        scenario.chain = .client(Scenario.ChainAccess())
        scenario.badTimes = .seconds(15)
        scenario.watch = .seconds(3)
        change(&scenario)
        return scenario
    }

    @Test(arguments: [UInt64(1), 2])
    func `every promise is kept through bad times of the chain`(seed: UInt64) {
        let scenario = Self.scenario { scenario in
            scenario.byzantine = 1
            scenario.intensity.chain = 6_000
        }
        let report = Simulation.run(scenario, seed: seed)
        #expect(report.violations == [], "\(report.strategies)")
    }

    @Test func `where one endpoint's word is enough, its lie is noticed`() {
        var access = Scenario.ChainAccess()
        access.agreement = 1
        let scenario = Self.scenario { $0.chain = .client(access) }
        let lies = (1...4).map { Fault.endpoint(MemberIndex($0), 0, .falsifying) }
        let faults = lies.map { PlannedFault(at: .start, $0) }
        let plan = FaultPlan(faults: faults, end: .start + .seconds(3))
        let properties = Simulation.run(scenario, seed: 1, plan: plan).violations.map(\.property)
        #expect(properties.contains(.believesNoLie))
    }

    @Test func `an endpoint that puts made-up logs in the place of the true ones hides nothing`() {
        let lies = (1...4).map { Fault.endpoint(MemberIndex($0), 0, .forging) }
        let faults = lies.map { PlannedFault(at: .start, $0) }
        let plan = FaultPlan(faults: faults, end: .start + .seconds(20))
        #expect(Simulation.run(Self.scenario(), seed: 1, plan: plan).violations == [])
    }

    @Test func `members that all start while the chain is silent elect, and are right when it speaks`() {
        let access = Scenario.ChainAccess()
        let cast = [MemberIndex(1), MemberIndex(2), MemberIndex(3), MemberIndex(4)]
        let begin: WorldTime = .start + .seconds(40)
        let end: WorldTime = .start + .seconds(100)
        var faults: [PlannedFault] = []
        for member in cast {
            for place in 0..<access.endpoints {
                faults.append(PlannedFault(at: begin, .endpoint(member, place, .unreachable)))
            }
        }
        faults.append(PlannedFault(at: begin + .seconds(1), .killAll))
        faults.append(PlannedFault(at: begin + .seconds(2), .restartAll))
        for (place, member) in cast.enumerated() {
            let time = begin + .seconds(Int64(10 + 10 * place))
            faults.append(PlannedFault(at: time, .kill(member, afterActions: 0)))
            faults.append(PlannedFault(at: time + .seconds(8), .restart(member)))
        }
        let plan = FaultPlan(faults: faults, end: end)
        let report = Simulation.run(Self.scenario(), seed: 3, plan: plan, keepsTrace: true)
        #expect(report.violations == [])
        let recalls = report.trace.filter { $0.text == "recalls epoch 1" }
        #expect(Set(recalls.map(\.member)).count == 4)
        let signatures = report.trace.filter {
            $0.text.hasPrefix("signs for view") && begin < $0.at && $0.at < end
        }
        #expect(Set(signatures.map(\.text)).count >= 1)
        let confirmed = report.trace.filter { $0.text == "finds epoch 1 on the chain" }
        #expect(Set(confirmed.map(\.member)).count >= 3)
    }

    @Test func `an endpoint that makes up state, account, fees and finality harms nobody`() {
        let lies = (1...4).map { Fault.endpoint(MemberIndex($0), 0, .falsifying) }
        let faults = lies.map { PlannedFault(at: .start, $0) }
        let plan = FaultPlan(faults: faults, end: .start + .seconds(20))
        #expect(Simulation.run(Self.scenario(), seed: 1, plan: plan).violations == [])
    }

    @Test func `an election that nobody brings to the chain is noticed`() {
        let scenario = Self.scenario { $0.patience = .seconds(20) }
        let report = Simulation.run(scenario, seed: 1, plan: FaultPlan(faults: [], end: .start)) { seat in
            BrokenPlayer(seat, .keepsElections)
        }
        #expect(report.violations.map(\.property) == [.anchors])
    }

    @Test func `fees above the limit, gifts and transactions that no disk knows are noticed`() {
        let account = Address([UInt8](repeating: 1, count: 20)) ?? Address()
        func transaction(_ fee: UInt256, to: Address, value: UInt256 = 0) -> Transaction {
            Transaction(
                chainId: 31_337,
                nonce: 0,
                maxPriorityFee: 1,
                maxFee: fee,
                gasLimit: 21_000,
                to: to,
                value: value,
                data: []
            )
        }
        let check = LedgerCheck()
        #expect(check.signs(transaction(FeePolicy.simulated.limit, to: Address()), account: account) == nil)
        #expect(
            check.signs(transaction(FeePolicy.simulated.limit + 1, to: Address()), account: account) != nil
        )
        #expect(check.signs(transaction(FeePolicy.simulated.limit + 1, to: account), account: account) == nil)
        #expect(check.signs(transaction(1, to: account, value: 1), account: account) != nil)
        #expect(check.sends(Digest(), ChainMemory()) != nil)
    }

    @Test func `a transaction that was never mined, and a second one of a nonce, are noticed`() throws {
        let cast = try #require(Cast(Self.scenario(), seed: 1))
        let terms = ContractModel.Terms(committee: cast.committee, cryptography: cast.cryptography)
        var ledger = Ledger(terms, registry: cast.deployment.registry)
        let key = try #require(cast.keys[0].secrets).account
        var random = SplitMix64(seed: 1)
        let now = WorldTime.start + .seconds(1)
        /// The first transaction of the account, told from others by its tip.
        func mined(tip: UInt256) -> SubmissionOutcome {
            let transaction = Transaction(
                chainId: 31_337,
                nonce: 0,
                maxPriorityFee: tip,
                maxFee: FeePolicy.simulated.limit,
                gasLimit: 21_000,
                to: key.address,
                data: []
            )
            let signed = SignedTransaction(transaction, key.sign(transaction.digest))
            #expect(ledger.receive(signed.raw, ready: now) == nil)
            ledger.grow(at: now)
            return .progress(.settled(signed.hash, ledger.head.header.reference, .cancelled))
        }
        let first = mined(tip: 1)
        ledger.reorganise(depth: 1, keeping: 0, at: now, &random)
        let second = mined(tip: 2)
        var check = LedgerCheck()
        #expect(check.tells(first, MemberIndex(1), ledger) == nil)
        #expect(check.tells(first, MemberIndex(1), ledger) == nil)
        #expect(check.tells(second, MemberIndex(1), ledger) != nil)
        let unknown = OutboxReport.settled(Digest(), ledger.head.header.reference, .succeeded)
        #expect(check.tells(.progress(unknown), MemberIndex(1), ledger) != nil)
    }

    @Test func `of two elections in one block both are believed, no third, and none is final early`() throws {
        let cast = try #require(Cast(Self.scenario(), seed: 1))
        let terms = ContractModel.Terms(committee: cast.committee, cryptography: cast.cryptography)
        var ledger = Ledger(terms, registry: cast.deployment.registry)
        let group = try SoleSigner(1_234_567, domain: StatementDomain(cast.deployment))
        let sender = try #require(cast.keys[0].secrets).account
        let leader = cast.committee.roster.members[0].account
        var now = WorldTime.start
        var nonce: UInt64 = 0
        func send(_ call: RegistryCall) {
            let transaction = Transaction(
                chainId: cast.deployment.chainId,
                nonce: nonce,
                maxPriorityFee: 1,
                maxFee: FeePolicy.simulated.limit,
                gasLimit: call.gasLimit,
                to: cast.deployment.registry,
                data: call.data
            )
            nonce += 1
            let signed = SignedTransaction(transaction, sender.sign(transaction.digest))
            #expect(ledger.receive(signed.raw, ready: now) == nil)
        }
        func grow() {
            now = now + .seconds(2)
            ledger.grow(at: now)
        }
        send(try group.registration(of: cast))
        grow()
        for view in [3, 5] as [UInt64] {
            let statement = ElectionStatement(epoch: Epoch(1), view: View(view), leader: leader)
            send(.elect(statement, try group.sign(statement)))
        }
        grow()
        #expect(ledger.head.registry.model.view == View(5))
        let check = LedgerCheck()
        #expect(check.learns(.contractView(View(3)), ledger) == nil)
        #expect(check.learns(.contractView(View(5)), ledger) == nil)
        #expect(check.learns(.contractView(View(4)), ledger) != nil)
        let last = try group.sign(ElectionStatement(epoch: Epoch(1), view: View(5), leader: leader))
        let record = ElectionRecord(
            epoch: Epoch(1),
            view: View(5),
            leader: leader,
            signature: last.compressed,
            block: ledger.head.number,
            transaction: Digest()
        )
        #expect(check.learns(.election(record, .confirmed), ledger) == nil)
        #expect(check.learns(.election(record, .final), ledger) != nil)
        for _ in 0..<12 { grow() }
        #expect(check.learns(.election(record, .final), ledger) == nil)
    }
}
