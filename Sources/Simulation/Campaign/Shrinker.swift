/// Cuts the plan of a failing run down to the few faults that it takes to break the same promise.
///
/// Zeller and Hildebrandt's delta debugging (Simplifying and Isolating Failure-Inducing Input, 2002), with a
/// bound on the runs. The seed stays the same, so every draw of the world and of the rule-breakers does too; but a
/// fault left out changes what follows, so the smaller run fails by its own right, not because the larger one did.
package struct Shrinker {
    /// Which faults of the seed's own plan are left, by their places in it.
    package private(set) var kept: [Int]
    /// The run with these alone.
    package private(set) var report: Report
    /// How many runs it took so far.
    package private(set) var runs = 0
    /// Whether leaving out any one more fault would make the run good.
    package private(set) var isDone = false
    private let original: FaultPlan
    private let broken: Set<Property>
    private let players: ((Seat) -> any Player)?
    private var parts = 2

    /// Begins with a run that has failed.
    ///
    /// - Parameters:
    ///   - failure: What came of it.
    ///   - players: Who played it, see ``Simulation/run(_:seed:plan:keepsTrace:players:)``.
    /// - Precondition: The report has a violation.
    package init(_ failure: Report, players: ((Seat) -> any Player)? = nil) {
        precondition(!failure.isGood, "nothing to shrink")
        original = failure.plan
        kept = Array(failure.plan.faults.indices)
        broken = Set(failure.violations.map(\.property))
        self.players = players
        report = failure
    }

    /// Tries until it is done or so many more runs are spent.
    ///
    /// - Parameters:
    ///   - budget: How many runs.
    ///   - progress: Hears how many faults are left, and in which run.
    package mutating func shrink(budget: Int, progress: (_ left: Int, _ run: Int) -> Void = { _, _ in }) {
        let limit = runs + budget
        while !isDone, runs < limit {
            let size = max(1, (kept.count + parts - 1) / parts)
            var hasShrunk = false
            for start in stride(from: 0, to: kept.count, by: size) where runs < limit {
                let rest = Array(kept[..<start] + kept[min(start + size, kept.count)...])
                progress(kept.count, runs)
                guard fails(with: rest) else { continue }
                parts = max(parts - 1, 2)
                hasShrunk = true
                break
            }
            if hasShrunk { continue }
            if size == 1 { isDone = true }
            parts = min(parts * 2, max(kept.count, 2))
        }
    }

    private mutating func fails(with places: [Int]) -> Bool {
        runs += 1
        let plan = original.keeping(places)
        let attempt = Simulation.run(
            report.scenario,
            seed: report.seed,
            plan: plan,
            keepsTrace: true,
            players: players
        )
        guard attempt.violations.contains(where: { broken.contains($0.property) }) else { return false }
        kept = places
        report = attempt
        return true
    }
}

extension FaultPlan {
    /// The plan with only the faults at these places; places that it does not have are passed over.
    package func keeping(_ places: [Int]) -> FaultPlan {
        var plan = self
        plan.faults = places.filter(faults.indices.contains).map { faults[$0] }
        return plan
    }
}
