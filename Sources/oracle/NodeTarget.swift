import ArgumentParser
import P2PNode
import SystemPackage

/// Which running node a command speaks to.
struct NodeTarget: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The node's data directory.", valueName: "dir"))
    var data: String = "."

    @Option(
        name: .long,
        help: ArgumentHelp("The node's status socket, if it is elsewhere.", valueName: "path")
    )
    var socket: String?

    var client: StatusClient {
        StatusClient(socket: socket.map { FilePath($0) } ?? FilePath(data).appending("oracle.sock"))
    }
}

extension StatusClient {
    /// Does something with the node; when nobody answers, says so and ends with ``Exit/unreachable``.
    func reached<Result>(
        _ body: (StatusClient) async throws(StatusClientError) -> Result
    ) async throws -> Result {
        do throws(StatusClientError) {
            return try await body(self)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.unreachable)
        }
    }
}
