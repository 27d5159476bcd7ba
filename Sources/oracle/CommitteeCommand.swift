import ArgumentParser
import P2PNode
import SystemPackage

/// `oracle committee`.
struct CommitteeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "committee",
        abstract: "Tells of the committee that a node serves in.",
        subcommands: [ExportCommitteeCommand.self]
    )
}

/// `oracle committee export`.
struct ExportCommitteeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the committee's public record, with which anybody can check its certificates.",
        discussion: """
            The record holds the registry, the members and the group key in use; nothing in it is secret. Ends with 1 when \
            the committee has no group key yet.

            Examples:
              oracle committee export --data /var/lib/oracle > committee.json
              oracle committee export --data /var/lib/oracle --output committee.json
            """
    )

    @OptionGroup var target: NodeTarget

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write it; standard output unless given.", valueName: "file")
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp("The committee of this earlier epoch.", valueName: "number"))
    var epoch: UInt64?

    func run() async throws {
        let answer = try await target.client.reached { client throws(StatusClientError) in
            try await client.committee(of: epoch)
        }
        guard let answer else {
            Terminal.complain(
                epoch.map { "the node does not know the committee of epoch \($0)" }
                    ?? "the committee has no group key yet; ask again when 'oracle status' shows one"
            )
            throw ExitCode(Exit.negative)
        }
        let json = try answer.json
        guard let output else {
            print(String(decoding: json, as: UTF8.self), terminator: "")
            return
        }
        do {
            try AtomicFile.write(unsafe json.span.bytes, to: FilePath(output), replacing: true)
        } catch {
            Terminal.complain("\(output) cannot be written: \(error)")
            throw ExitCode(Exit.failed)
        }
    }
}
