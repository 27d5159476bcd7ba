internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves the metrics over TCP, for Prometheus on another machine.
///
/// Nothing else can be asked there.
package struct MetricsServer: Service {
    private let address: Endpoint
    private let text: @Sendable () -> String
    private let logger: Logger

    /// A server that listens once it runs.
    package init(address: Endpoint, text: @escaping @Sendable () -> String, logger: Logger) {
        self.address = address
        self.text = text
        self.logger = logger
    }

    /// Serves until the graceful shutdown.
    package func run() async throws {
        try await run { _ in }
    }

    /// The same, telling on which port it listens.
    func run(onListening: @escaping @Sendable (Int?) async -> Void) async throws {
        let router = Router()
        router.get("metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text()))
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: { await onListening($0.localAddress?.port) },
            logger: logger
        )
        try await application.run()
    }
}
