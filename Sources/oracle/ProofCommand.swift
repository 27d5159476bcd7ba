import ArgumentParser
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle proof`.
struct ProofCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract:
            "Shows, hands on and checks what members have said and their committee has attested on the chain.",
        subcommands: [
            PublishCommand.self, ListProofsCommand.self, ExportProofCommand.self, VerifyProofCommand.self,
        ]
    )
}

/// `oracle proof list`.
struct ListProofsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "Lists the newest entries of the members' logs, and which of them are anchored on the chain.",
        discussion: """
            An entry is anchored once the group's signature over what all logs came to, with this entry in its author's, \
            is confirmed on the chain. Entries are named MEMBER:SEQUENCE.

            Examples:
              oracle proof list --data /var/lib/oracle
              oracle proof list --published
              oracle proof list --member 2 --last 100
              oracle proof list --json | jq -r '.[] | select(.anchor) | .id'
            """
    )

    @OptionGroup var target: NodeTarget

    @Option(
        name: .long,
        help: ArgumentHelp("Only the log of the member at this position.", valueName: "position")
    )
    var member: UInt16?

    @Option(name: .long, help: ArgumentHelp("How many entries of each log, at most 200.", valueName: "count"))
    var last = 20

    @Flag(help: "Only what members publish, not what the protocol has them say.")
    var published = false

    @Flag(help: "Print the list as JSON.")
    var json = false

    func validate() throws {
        guard (1...200).contains(last) else { throw ValidationError("--last is a number from 1 to 200") }
    }

    func run() async throws {
        let items = try await target.client.reached { client throws(StatusClientError) in
            try await client.proofs(of: member, last: last, published: published)
        }
        print(json ? try ProofView.json(items) : ProofView.text(items, published: published))
    }
}

/// `oracle proof export`.
struct ExportProofCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes an entry with all that proves it to a file that anybody can check without a node.",
        discussion: """
            The file holds the signed entry, its way to the root of its author's log, the list of all logs' roots with the \
            group's signature, the committee, and where the chain has the anchor; nothing in it is secret that the entry \
            does not say. Ends with 1 when the entry is not there or not anchored yet.

            Example:
              oracle proof export 2:17 --output oracle-2-17.json --data /var/lib/oracle
            """
    )

    @OptionGroup var target: NodeTarget

    @Argument(help: "Which, as `oracle proof list` names it: MEMBER:SEQUENCE.")
    var id: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp("By this epoch's committee, which also names the member.", valueName: "number")
    )
    var epoch: UInt64?

    func validate() throws {
        guard ProofItem.parts(of: id) != nil else {
            throw ValidationError("'\(id)' is no MEMBER:SEQUENCE, as 2:17 is")
        }
    }

    func run() async throws {
        let answer = try await target.client.reached { client throws(StatusClientError) in
            try await client.proof(id, in: epoch)
        }
        let bundle: ProofBundle
        switch answer {
        case .success(let held): bundle = held
        case .failure(let refusal):
            Terminal.complain("there is no proof of \(id): \(refusal.reason)")
            throw ExitCode(Exit.negative)
        }
        let bytes = try bundle.json
        do {
            try AtomicFile.write(unsafe bytes.span.bytes, to: FilePath(output), replacing: true)
        } catch {
            Terminal.complain("\(output) cannot be written: \(error)")
            throw ExitCode(Exit.failed)
        }
    }
}
