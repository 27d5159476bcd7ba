import Benchmark

/// Everything that is measured; `scripts/bench operations` runs it.
let benchmarks: @Sendable () -> Void = {
    codec()
    identities()
    threshold(3, of: 4)
    threshold(7, of: 10)
    threshold(67, of: 100)
    bls()
    gossipMachine(of: 4)
    gossipMachine(of: 100)
    store()
}

/// The same for all but for how many calls make one measurement.
func configuration(_ scale: BenchmarkScalingFactor) -> Benchmark.Configuration {
    Benchmark.Configuration(
        metrics: [.wallClock],
        warmupIterations: 3,
        scalingFactor: scale,
        maxDuration: .milliseconds(800),
        maxIterations: 100_000
    )
}

/// Measures a call on what was prepared once before.
///
/// Of calls that take less than a hundred microseconds a thousand make one measurement, and the figure is of each.
func measure<Subject>(
    _ name: String,
    isShort: Bool = false,
    on prepare: @escaping () async throws -> Subject,
    _ body: @escaping (Subject) throws -> Void
) {
    Benchmark(name, configuration: configuration(isShort ? .kilo : .one)) { benchmark, subject in
        for _ in benchmark.scaledIterations { try body(subject) }
    } setup: {
        try await prepare()
    }
}

/// What was measured did not do its work.
struct Wrong: Error {}
