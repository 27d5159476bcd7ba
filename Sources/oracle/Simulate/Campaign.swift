import Glibc
import Simulation
import Synchronization

/// Plays many seeds, several at a time.
final class Campaign: Sendable {
    private let seeds: Range<UInt64>
    private let workers: Int
    private let next: Mutex<UInt64>
    private let begun = ContinuousClock().now

    /// The machine's cores.
    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    init(seeds: Range<UInt64>, workers: Int) {
        self.seeds = seeds
        self.workers = workers
        next = Mutex(seeds.lowerBound)
    }

    /// How long the campaign took so far, in seconds.
    var seconds: Double { (ContinuousClock().now - begun) / .seconds(1) }

    /// Plays all seeds and sums up.
    ///
    /// - Parameters:
    ///   - scenario: What is played with a seed.
    ///   - progress: Hears where it stands after each seed.
    /// - Returns: The sum of all runs.
    func run(
        _ scenario: @escaping @Sendable (UInt64) -> Scenario,
        progress: (Summary, _ seconds: Double) -> Void
    ) async -> Summary {
        await withTaskGroup(of: Report?.self) { group in
            for _ in 0..<workers { group.addTask { self.playNext(scenario) } }
            var summary = Summary()
            while let report = await group.next() {
                guard let report else { continue }
                summary.add(report)
                group.addTask { self.playNext(scenario) }
                progress(summary, seconds)
            }
            return summary
        }
    }

    private func playNext(_ scenario: (UInt64) -> Scenario) -> Report? {
        let seed = next.withLock { next -> UInt64? in
            guard next < seeds.upperBound else { return nil }
            defer { next += 1 }
            return next
        }
        return seed.map { Simulation.run(scenario($0), seed: $0) }
    }
}
