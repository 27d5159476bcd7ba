internal import Hummingbird
internal import Logging
internal import ServiceLifecycle
internal import SystemPackage

/// Answers for an operator over a socket in its data directory, as ``StatusServer`` does for an oracle.
///
/// | request | answer |
/// |---|---|
/// | `GET /status` | ``OperatorStatus`` as JSON |
/// | `GET /health` | 200 when it is ready, 503 before |
/// | `GET /metrics` | the counters in the text format of Prometheus |
struct OperatorStatusServer: Service {
    private let socket: StatusSocket
    private let view: OperatorView
    private let metrics: @Sendable () -> String

    init(
        socket: FilePath,
        view: OperatorView,
        metrics: @escaping @Sendable () -> String,
        logger: Logger
    ) throws(StatusServerError) {
        self.socket = try StatusSocket(socket, logger: logger)
        self.view = view
        self.metrics = metrics
    }

    func run() async throws {
        let router = Router()
        router.get("status") { _, _ in try StatusAnswer.json(await view.status()) }
        router.get("health") { _, _ in
            let isReady = await view.status().isReady
            return StatusAnswer.text(isReady ? "ready\n" : "not ready\n", isReady ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { _, _ in StatusAnswer.text(metrics(), .ok) }
        try await socket.serve(router)
    }
}
