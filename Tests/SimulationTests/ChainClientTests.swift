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
}
