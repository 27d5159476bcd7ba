internal import AsyncHTTPClient
package import Ethereum
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Carries requests over HTTP and HTTPS.
///
/// Connections are kept and shared. Redirects are not followed: an endpoint that has moved must be configured
/// anew, and what is asked for never goes to a host that nobody has named.
package final class HTTPTransport: RPCTransport {
    let client: HTTPClient

    /// A transport without connections.
    ///
    /// It must be ended with ``shutdown()``.
    package init() {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5)),
            connectionPool: .init(idleTimeout: .seconds(60))
        )
        configuration.httpVersion = .http1Only
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: configuration
        )
    }

    /// Closes all connections; requests under way fail.
    package func shutdown() async throws {
        try await client.shutdown()
    }

    package func post(
        _ body: [UInt8],
        to endpoint: RPCEndpoint,
        within time: Duration,
        limit: Int
    ) async throws(RPCFault) -> [UInt8] {
        try await Self.bounded(by: time, limit) { try await self.exchange(body, endpoint, time, limit) }
    }

    /// Ends an operation in time, and says what went wrong in the endpoints' words.
    static func bounded<Value: Sendable>(
        by time: Duration,
        _ limit: Int,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws(RPCFault) -> Value {
        do {
            return try await withDeadline(time, operation)
        } catch let fault as RPCFault {
            throw fault
        } catch is CancellationError {
            throw .unreachable("the request was cancelled")
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: limit)
        } catch let error as HTTPClientError where Self.timeouts.contains(error) {
            throw .timeout(time)
        } catch {
            throw .unreachable(String(describing: error))
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .readTimeout, .writeTimeout, .connectTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
        .getConnectionFromPoolTimeout,
    ]

    private func exchange(
        _ body: [UInt8],
        _ endpoint: RPCEndpoint,
        _ time: Duration,
        _ limit: Int
    ) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: endpoint.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "accept", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, deadline: .now() + TimeAmount(time))
        guard response.status == .ok else {
            throw RPCFault.status(Int(response.status.code), retryAfter: Self.retryAfter(response.headers))
        }
        let buffer = try await response.body.collect(upTo: limit)
        return Array(buffer: buffer)
    }

    /// How long the endpoint asks to be left alone, when it says so in seconds.
    static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        guard let text = headers.first(name: "retry-after"), let seconds = UInt32(text) else { return nil }
        return .seconds(Int64(seconds))
    }
}

/// Ends an operation that takes longer than it may, wherever it hangs.
private func withDeadline<Value: Sendable>(
    _ time: Duration,
    _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await ContinuousClock().sleep(for: time)
            throw RPCFault.timeout(time)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
