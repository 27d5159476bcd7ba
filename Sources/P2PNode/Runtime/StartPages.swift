internal import ServiceLifecycle

/// Gives back the memory that only the start needed, once it is over (``ImagePages``).
struct StartPages: Service {
    /// Committees that start together have a key and a leader by then; a node that needs longer reads a few pages again.
    private static let delay: Duration = .seconds(15)

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.delay) }
        } catch is CancellationError {
            return
        }
        ImagePages.giveBack()
        // A part that returns would end the node.
        try await gracefulShutdown()
    }
}
