import ArgumentParser
import P2PNode

/// `oracle status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows where a running oracle or operator stands.",
        discussion: """
            Examples:
              oracle status --data /var/lib/oracle
              oracle status --why               what the node waits for, in sentences
              oracle status --json | jq .view   for programs
            """
    )

    @OptionGroup var target: NodeTarget

    @Flag(help: "Print the node's whole answer as JSON.")
    var json = false

    @Flag(help: "Say what the node waits for and why.")
    var why = false

    func run() async throws {
        let standing = try await target.client.reached { client throws(StatusClientError) in
            try await client.standing()
        }
        switch standing {
        case .oracle(let status): try show(status)
        case .operator(let status):
            if json {
                print(try StatusView.json(status))
            } else if why {
                for sentence in status.explanation { print(sentence) }
            } else {
                print(OperatorStatusView(status, isTerminal: Terminal.isOutput).text)
            }
        }
    }

    private func show(_ status: NodeStatus) throws {
        if json {
            print(try StatusView.json(status))
        } else if why {
            for sentence in status.explanation { print(sentence) }
        } else {
            print(StatusView(status, isTerminal: Terminal.isOutput).text)
        }
        if status.isHalted { throw ExitCode(Exit.negative) }
    }
}
