import ArgumentParser
import FoundationEssentials
import P2PNode

/// `oracle verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks what a committee has signed, without a node and without a network.",
        subcommands: [VerifyCertificateCommand.self]
    )
}

/// `oracle verify certificate`.
struct VerifyCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Says whether a committee has elected the leader that a certificate or a log names.",
        discussion: """
            Takes an election certificate (the JSON of `oracle status --json`, or its bytes in hexadecimal), a \
            LeaderElected log, a list of logs, or a transaction's receipt as an Ethereum node gives them. The verdict is \
            as good as the committee's record: take it from a node that you trust.

            Ends with 0 when everything holds, with 1 when something does not.

            Examples:
              oracle verify certificate certificate.json --committee committee.json
              oracle status --json | oracle verify certificate - --committee committee.json
              oracle verify certificate receipt.json --committee committee.json --json | jq .valid
            """
    )

    @Argument(
        help: ArgumentHelp("The certificate, log or receipt; - reads standard input.", valueName: "file")
    )
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("The committee's record, from `oracle committee export`.", valueName: "file")
    )
    var committee: String

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    func run() throws {
        let record = try InputFile.parsed(committee, limit: CommitteeFile.sizeLimit) {
            bytes throws(OfflineError) in
            try CommitteeFile(json: bytes).record
        }
        let claims = try InputFile.parsed(file, limit: ElectionClaim.sizeLimit, ElectionClaim.all(in:))
        let verdicts = claims.map { ElectionVerdict(on: $0, by: record) }
        if json {
            print(try VerdictView.json(verdicts))
        } else {
            for verdict in verdicts { print(verdict.text) }
        }
        if !verdicts.allSatisfy(\.isValid) { throw ExitCode(Exit.negative) }
    }
}

/// Verdicts for programs.
enum VerdictView {
    private struct Report: Encodable {
        var valid: Bool
        var elections: [Election]
    }

    private struct Election: Encodable {
        var valid: Bool
        var epoch: UInt64
        var view: UInt64
        var leader: Int?
        var account: String?
        var reason: String?
    }

    /// All of them, and whether all hold.
    static func json(_ verdicts: [ElectionVerdict]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let report = Report(
            valid: verdicts.allSatisfy(\.isValid),
            elections: verdicts.map {
                Election(
                    valid: $0.isValid,
                    epoch: $0.epoch,
                    view: $0.view,
                    leader: $0.leader,
                    account: $0.account,
                    reason: $0.reason
                )
            }
        )
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
