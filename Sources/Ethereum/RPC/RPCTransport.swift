/// A node's JSON-RPC address, and what people call it.
package struct RPCEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The name in messages; addresses often hold an access token and are not shown.
    package let name: String
    /// `http://` or `https://`.
    package let url: String

    /// An endpoint.
    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    package var description: String { name }
}

/// Carries requests to endpoints.
package protocol RPCTransport: Sendable {
    /// Posts a body and waits for the whole reply.
    ///
    /// - Parameters:
    ///   - body: JSON.
    ///   - endpoint: where to.
    ///   - time: how long the whole exchange may take.
    ///   - limit: how many bytes the reply may have.
    /// - Returns: the reply's body.
    /// - Throws: ``RPCFault``. It is thrown also when the task is cancelled.
    func post(
        _ body: [UInt8],
        to endpoint: RPCEndpoint,
        within time: Duration,
        limit: Int
    ) async throws(RPCFault) -> [UInt8]
}
