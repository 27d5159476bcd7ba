internal import ServiceLifecycle

/// Gives back the memory that only the start needed, once it is over (``ImagePages``).
struct StartPages: Service {
    /// After the first election of a committee that starts together, and before anybody looks.
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
