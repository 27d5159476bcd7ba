internal import ServiceLifecycle

/// Runs a desk of operations as long as its node runs.
struct OperationService: Service {
    let desk: OperationDesk
    let links: LinkTransport

    func run() async throws {
        await cancelWhenGracefulShutdown { await desk.run(beside: links) }
    }
}
