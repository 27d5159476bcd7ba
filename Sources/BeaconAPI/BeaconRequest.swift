package import Ethereum

/// One HTTP request of the beacon API.
package struct BeaconRequest: Hashable, Sendable {
    /// The path from the API's root on, with its query.
    package var path: String
    /// JSON to post; `nil` for a GET.
    package var body: [UInt8]?
    /// Whether the answer may come as SSZ, which is a third as long as JSON.
    package var acceptsSSZ: Bool
    /// How many bytes the reply may have.
    package var limit: Int

    /// The address at a node.
    ///
    /// Whatever path the configured address has stays in front.
    package func url(at endpoint: RPCEndpoint) -> String {
        var root = endpoint.url[...]
        while root.last == "/" { root.removeLast() }
        return root + path
    }

    /// The header in which a client says what it reads.
    package var accept: String {
        acceptsSSZ ? "application/octet-stream, application/json;q=0.9" : "application/json"
    }
}

/// What a node has answered, with whatever status.
package struct BeaconReply: Hashable, Sendable {
    /// The HTTP status.
    package var status: Int
    /// How long the node asks to be left alone.
    package var retryAfter: Duration?
    /// Whether the body is SSZ by the header, not JSON.
    package var isSSZ: Bool
    /// The body.
    package var body: [UInt8]

    /// Joins the four.
    package init(status: Int, retryAfter: Duration? = nil, isSSZ: Bool = false, body: [UInt8]) {
        self.status = status
        self.retryAfter = retryAfter
        self.isSSZ = isSSZ
        self.body = body
    }
}

/// Carries requests of the beacon API.
package protocol BeaconTransport: Sendable {
    /// Sends a request and waits for the whole reply, of any status. Redirects are not followed.
    ///
    /// - Throws: ``Ethereum/RPCFault`` when there is no reply, or a longer one than the request's limit; also when the
    ///   task is cancelled.
    func exchange(
        _ request: BeaconRequest,
        with endpoint: RPCEndpoint,
        within time: Duration
    ) async throws(RPCFault) -> BeaconReply
}
