internal import AsyncHTTPClient
package import BeaconAPI
package import Ethereum
internal import NIOCore
internal import NIOHTTP1

extension HTTPTransport: BeaconTransport {
    package func exchange(
        _ request: BeaconRequest,
        with endpoint: RPCEndpoint,
        within time: Duration
    ) async throws(RPCFault) -> BeaconReply {
        try await Self.bounded(by: time, request.limit) {
            var sent = HTTPClientRequest(url: request.url(at: endpoint))
            sent.headers.add(name: "accept", value: request.accept)
            if let body = request.body {
                sent.method = .POST
                sent.headers.add(name: "content-type", value: "application/json")
                sent.body = .bytes(ByteBuffer(bytes: body))
            }
            let response = try await self.client.execute(sent, deadline: .now() + TimeAmount(time))
            let buffer = try await response.body.collect(upTo: request.limit)
            let kind = response.headers.first(name: "content-type")?.lowercased()
            return BeaconReply(
                status: Int(response.status.code),
                retryAfter: Self.retryAfter(response.headers),
                isSSZ: kind?.hasPrefix("application/octet-stream") == true,
                body: Array(buffer: buffer)
            )
        }
    }
}
