import ArgumentParser
import P2PNode

/// `oracle drain`.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Has a node hand over leadership, and take none until told otherwise.",
        discussion: """
            Do this before you stop a node: the next leader takes over at once instead of after a timeout.

            Examples:
              oracle drain --data /var/lib/oracle
              oracle drain --undo --data /var/lib/oracle
            """
    )

    @OptionGroup var target: NodeTarget

    @Flag(help: "Let the node lead again.")
    var undo = false

    func run() async throws {
        let isDraining = !undo
        try await target.client.reached { client throws(StatusClientError) in
            try await client.drain(isDraining)
        }
        print(undo ? "The node may lead again." : "The node hands over leadership and takes none.")
    }
}
