internal import FoundationEssentials
internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import SystemPackage

/// A socket in the data directory, which only the node's own user can reach.
struct StatusSocket: Sendable {
    private let path: String
    private let logger: Logger

    /// What a `sockaddr_un` has room for, less the terminating zero.
    private static let pathLimit = 107

    init(_ path: FilePath, logger: Logger) throws(StatusServerError) {
        guard path.length <= Self.pathLimit else {
            throw .socketPath(path.string, limit: Self.pathLimit)
        }
        self.path = path.string
        self.logger = logger
    }

    /// Serves until the graceful shutdown; a socket that an earlier run has left is replaced.
    func serve(_ router: Router<BasicRequestContext>) async throws {
        unsafe unlink(path)
        let path = path
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in unsafe chmod(path, 0o600) },
            logger: logger
        )
        defer { unsafe unlink(path) }
        try await application.run()
    }
}

/// Answers of the forms that a status socket gives.
enum StatusAnswer {
    static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return json(Array(try encoder.encode(value)))
    }

    static func json(_ bytes: [UInt8]) -> Response {
        Self.bytes(bytes, of: "application/json")
    }

    static func bytes(_ bytes: [UInt8], of type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    static func text(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
