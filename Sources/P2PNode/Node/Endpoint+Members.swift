internal import Logging
internal import Primitives

extension Endpoint {
    /// Where members are to be dialed; one whose endpoint says nothing is told of and left out.
    static func of(_ members: [Member], logger: Logger) -> [Identity: Endpoint] {
        var endpoints: [Identity: Endpoint] = [:]
        for member in members {
            let text = String(decoding: member.endpoint.bytes, as: UTF8.self)
            guard let endpoint = Endpoint(text) else {
                logger.error(
                    "a member's endpoint in the registry is no host:port; it cannot be dialed",
                    metadata: ["identity": "\(member.identity)"]
                )
                continue
            }
            endpoints[member.identity] = endpoint
        }
        return endpoints
    }
}
