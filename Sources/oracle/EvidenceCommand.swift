import ArgumentParser
import Consensus
import FoundationEssentials
import P2PNode
import Primitives
import SystemPackage

/// `oracle evidence`.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Shows, hands on and checks proofs that a member has broken the protocol.",
        subcommands: [
            ListEvidenceCommand.self, ExportEvidenceCommand.self, VerifyEvidenceCommand.self,
        ]
    )
}

/// `oracle evidence list`.
struct ListEvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Says which members stand convicted in this epoch, and of what.",
        discussion: """
            A node holds one proof for each member and each crime. Every honest member finds the same members guilty.

            Examples:
              oracle evidence list --data /var/lib/oracle
              oracle evidence list --json | jq -r '.[].id'
            """
    )

    @OptionGroup var target: NodeTarget

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() async throws {
        let findings = try await target.client.reached { client throws(StatusClientError) in
            try await client.evidence()
        }
        if json {
            print(try EvidenceView.json(findings))
        } else {
            print(EvidenceView.text(findings))
        }
    }
}

/// `oracle evidence export`.
struct ExportEvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a proof to a file that anybody can check without a node.",
        discussion: """
            The file holds the proof and the committee that it is judged by; nothing in it is secret. Ends with 1 when the \
            node holds no such proof.

            Example:
              oracle evidence export 5c0f1e2d3b4a5968 --output oracle-4.evidence --data /var/lib/oracle
            """
    )

    @OptionGroup var target: NodeTarget

    @Argument(help: "Which, as `oracle evidence list` names it.")
    var id: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    func run() async throws {
        let file = try await target.client.reached { client throws(StatusClientError) in
            try await client.evidence(id)
        }
        guard let file else {
            Terminal.complain(
                "the node holds no evidence '\(id)'; 'oracle evidence list' names what it holds"
            )
            throw ExitCode(Exit.negative)
        }
        let bytes = file.sszBytes
        do {
            try AtomicFile.write(unsafe bytes.span.bytes, to: FilePath(output), replacing: true)
        } catch {
            Terminal.complain("\(output) cannot be written: \(error)")
            throw ExitCode(Exit.failed)
        }
    }
}

/// `oracle evidence verify`.
struct VerifyEvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Says what a file of evidence proves, without a node and without a network.",
        discussion: """
            The file names the committee itself. Give the committee's record, taken from a node that you trust, to have \
            the two compared.

            Ends with 0 when the file convicts a member, with 1 when it does not.

            Examples:
              oracle evidence verify oracle-4.evidence --committee committee.json
              oracle evidence verify oracle-4.evidence --json | jq .valid
            """
    )

    @Argument(help: ArgumentHelp("The file of evidence; - reads standard input.", valueName: "file"))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("The committee's record, from `oracle committee export`.", valueName: "file")
    )
    var committee: String?

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    func run() throws {
        let record = try committee.map { path in
            try InputFile.parsed(path, limit: CommitteeFile.sizeLimit) { bytes throws(OfflineError) in
                try CommitteeFile(json: bytes).record
            }
        }
        let evidence = try InputFile.parsed(
            file,
            limit: EvidenceFile.sizeLimit,
            EvidenceFile.init(file:)
        )
        let verdict = EvidenceFileVerdict(on: evidence, by: record)
        print(json ? try EvidenceView.json(verdict) : verdict.text)
        if !verdict.isValid { throw ExitCode(Exit.negative) }
    }
}

/// Evidence as people and programs like to read it.
enum EvidenceView {
    private struct Report: Encodable {
        var valid: Bool
        var committeeGiven: Bool
        var evidence: EvidenceFinding?
        var reason: String?
    }

    /// A list in sentences.
    static func text(_ findings: [EvidenceFinding]) -> String {
        guard !findings.isEmpty else { return "No member stands convicted." }
        let lines = findings.map { finding in
            """
            \(finding.id)  member \(finding.member) of epoch \(finding.epoch), account \(finding.account),
                              \(finding.deed) (\(finding.crime))
            """
        }
        return lines.joined(separator: "\n")
    }

    /// A list for programs.
    static func json(_ findings: [EvidenceFinding]) throws -> String {
        try encoded(findings)
    }

    /// A verdict for programs.
    static func json(_ verdict: EvidenceFileVerdict) throws -> String {
        try encoded(
            Report(
                valid: verdict.isValid,
                committeeGiven: verdict.isCommitteeGiven,
                evidence: verdict.finding,
                reason: verdict.reason
            )
        )
    }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
