import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import P2PNode

@Suite struct MetricsServerTests {
    @Test func `answers to metrics and to nothing else, and ends when told`() async throws {
        let server = MetricsServer(
            address: Endpoint(host: "127.0.0.1", port: 0),
            text: { "answer 42\n" },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let ports = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        let group = ServiceGroup(
            services: [
                ServiceOf {
                    try await server.run { port in
                        if let port { ports.continuation.yield(port) }
                    }
                }
            ],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        async let running: Void = group.run()
        var listening = ports.stream.makeAsyncIterator()
        let port = try #require(await listening.next())
        let answer = try await RawHTTP.get("/metrics", port: port)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("text/plain; version=0.0.4"))
        #expect(answer.hasSuffix("\r\n\r\nanswer 42\n"))
        #expect(try await RawHTTP.get("/status", port: port).hasPrefix("HTTP/1.1 404"))
        await group.triggerGracefulShutdown()
        try await running
    }
}

/// A service that does what it is given.
struct ServiceOf: Service {
    let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    func run() async throws {
        try await body()
    }
}
