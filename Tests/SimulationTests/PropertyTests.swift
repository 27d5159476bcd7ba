import Peer
import Primitives
import Simulation
import Testing

/// Each property is seen to fail on a machine that breaks it: what cannot fail proves nothing.
@Suite struct PropertyTests {
    struct Case: CustomTestStringConvertible {
        let property: Property
        let fault: BrokenPlayer.Fault
        /// How many of the four members are broken.
        var count = 4
        /// What happens to the world.
        var faults: [Fault] = []
        var testDescription: String { "\(property.rawValue): \(fault)" }
    }

    /// Every member's process dies once, one after the other, so that views change.
    private static let changes: [Fault] = (1...4).flatMap {
        [Fault.kill(MemberIndex($0), afterActions: 0), .restart(MemberIndex($0))]
    }

    @Test(arguments: [
        Case(property: .oneLeaderPerView, fault: .followsWrongLeader, count: 1),
        Case(property: .viewsOnlyRise, fault: .forgetsItsView, faults: changes),
        Case(property: .certificateNeedsQuorum, fault: .trimsCertificates, faults: changes),
        Case(property: .noVoteWithoutDurableLock, fault: .votesBeforeDurable, count: 1),
        Case(property: .nonceUsedOnce, fault: .reusesNonces, count: 1, faults: changes),
        Case(property: .noFraming, fault: .accusesInnocent, count: 1),
        Case(property: .agreementOnAnchored, fault: .misreadsChain, count: 1),
        Case(property: .recovers, fault: .fallsMute, count: 2),
        Case(property: .sticky, fault: .leadsThenFallsMute),
        Case(property: .nothingDurableLost, fault: .losesLogs, count: 1),
        Case(property: .attestsTruth, fault: .losesLogs, count: 1),
        Case(property: .attests, fault: .keepsAnchors),
        Case(property: .bounded, fault: .floods, count: 1),
        Case(property: .bounded, fault: .overworks, count: 1),
    ])
    func `a broken machine is noticed`(_ run: Case) {
        let (scenario, plan) = Self.world(run.faults)
        let report = Simulation.run(scenario, seed: 1, plan: plan) { seat -> any Player in
            guard Int(seat.member.rawValue) <= run.count else { return HonestPlayer(seat) }
            return BrokenPlayer(seat, run.fault)
        }
        let isNoticed = report.violations.contains { $0.property == run.property }
        #expect(isNoticed, "\(report.violations)")
    }

    @Test(arguments: [[], changes])
    func `sound machines in the same worlds break nothing`(faults: [Fault]) {
        let (scenario, plan) = Self.world(faults)
        #expect(Simulation.run(scenario, seed: 1, plan: plan).violations == [])
    }

    private static func world(_ faults: [Fault]) -> (Scenario, FaultPlan) {
        var scenario = Scenario(size: 4)
        scenario.intensity = .calm
        // What the flapper keeps is not looked at in the end.
        scenario.isFlapping = false
        scenario.patience = .seconds(30)
        scenario.watch = .seconds(8)
        let planned = faults.enumerated().map {
            PlannedFault(at: .start + .seconds(5 + 3 * Int64($0)), $1)
        }
        return (scenario, FaultPlan(faults: planned, end: .start + .seconds(6 + 3 * Int64(faults.count))))
    }
}
