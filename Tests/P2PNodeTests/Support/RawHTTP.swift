import NIOCore
import NIOPosix
import SystemPackage

/// The least of an HTTP client, to see what goes over the connection.
enum RawHTTP {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// The whole answer of a TCP server, head and body.
    static func get(_ path: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await ask(path, channel)
    }

    /// The whole answer of a server on a socket of the file system, head and body.
    static func get(_ path: String, socket: FilePath) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket.string) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await ask(path, channel)
    }

    private static func ask(_ path: String, _ channel: Connection) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            )
            var answer = ""
            for try await part in inbound { answer += String(buffer: part) }
            return answer
        }
    }
}
