import Primitives
import Simulation
import Testing

/// Dealers that fork their logs once their deals are part of the key, before those who were away.
@Suite struct ForkedDealTests {
    @Test(arguments: [4, 7], [UInt64(5), 11, 14, 15, 16])
    func `who was away while the key was made gets it though its dealers forked their logs`(
        size: Int,
        seed: UInt64
    ) {
        let liars = (size - 1) / 3
        var scenario = Scenario(size: size, byzantine: liars)
        scenario.assigned = Array(repeating: [.lateForker], count: liars)
        scenario.intensity = .calm
        scenario.isFlapping = false
        let cast = Simulation.run(scenario, seed: seed, plan: FaultPlan(faults: [], end: .start)).strategies
        let away = (1...size).map { MemberIndex($0) }.filter { cast[$0] == nil }.prefix(liars)
        let groups = (1...size).map { away.contains(MemberIndex($0)) ? 1 : 0 }
        let plan = FaultPlan(
            faults: [PlannedFault(at: .start, .partition(groups))],
            end: .start + .seconds(100)
        )
        #expect(Simulation.run(scenario, seed: seed, plan: plan).violations == [])
    }
}
