import Ethereum
import Testing

/// The client against a real development chain, one test after the other.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: DevChain.isAvailable, "there is no Python environment; scripts/python-env makes it")
)
enum DevelopmentChainTests {}

/// Runs a test on a fresh registry, whose first committee is proposed, and has a final group key too.
///
/// The endpoints named in `lags` are so many blocks behind.
func withRegistry(
    registered: Bool = true,
    lags: [String: Int] = [:],
    _ body: (DevChain, TestRegistry) async throws -> Void
) async throws {
    let registry = try await SharedChain.instance.fresh(lags: lags)
    if registered {
        try await registry.register()
        try await registry.chain.mine(8)
    }
    try await body(registry.chain, registry)
}

/// The one chain of all tests, with the registry on it.
private actor SharedChain {
    static let instance = SharedChain()

    private struct Start {
        let registry: TestRegistry
        var snapshot: JSON
    }

    private var start: Result<Start, any Error>?

    /// The registry just after its proposal; the chain is started when there is none.
    func fresh(lags: [String: Int]) async throws -> TestRegistry {
        if let start, case .success(var start) = start, start.registry.chain.isRunning {
            let chain = start.registry.chain
            try await chain.reset(lags: [:])
            try await chain.revert(to: start.snapshot)
            start.snapshot = try await chain.snapshot()
            self.start = .success(start)
        } else if case .failure? = start {
            // A chain that does not start is not waited for again and again.
        } else {
            do {
                let registry = try await TestRegistry(on: try await DevChain())
                start = .success(Start(registry: registry, snapshot: try await registry.chain.snapshot()))
            } catch {
                start = .failure(error)
            }
        }
        guard let registry = try start?.get().registry else { preconditionFailure("there is a start") }
        try await registry.chain.reset(lags: lags)
        return registry
    }
}
