import Simulation

/// How fast whole committees are simulated, on one core: seeds that are played anyway, with signatures counted.
@Sendable
func simulation() -> [Figure] {
    [(4, 60), (7, 30), (10, 15), (31, 2)].map { size, seeds in
        var scenario = Scenario(size: size, byzantine: (size - 1) / 3)
        scenario.badTimes = .seconds(30)
        let begun = processorTime()
        var minutes = 0.0
        var events = 0
        for seed in 0..<UInt64(seeds) {
            let report = Simulation.run(scenario, seed: seed)
            minutes += report.nodeMinutes
            events += report.events
        }
        let time = processorTime() - begun
        return Figure(
            name: "simulated committee of \(size), \(scenario.byzantine) liars, one core",
            value:
                "\(rounded(minutes / (time / .seconds(1)))) node-minutes/s, \((time / events).shown) an event"
        )
    }
}
