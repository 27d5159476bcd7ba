import ArgumentParser
import Consensus
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle log`.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Writes, checks and brings in the members' logs as a file.",
        subcommands: [ExportLogCommand.self, VerifyLogCommand.self, ImportLogCommand.self]
    )
}

/// `oracle log export`.
struct ExportLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the logs that a data directory holds to a file, whether its node runs or not.",
        discussion: """
            The file has every entry as its author signed it, and the committees that are known; nothing in it is secret. \
            Anybody can check it with 'oracle log verify'.

            Examples:
              oracle log export --data /var/lib/oracle -o logs.bin
              oracle log export --member 2 --data /var/lib/oracle -o oracle-2.bin
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data = "."

    @Option(
        name: .long,
        help: ArgumentHelp("Only the log of the member at this position.", valueName: "position")
    )
    var member: UInt16?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    func run() async throws {
        try await LogView.told("\(output)") {
            let export = try await LogExport(of: DataDirectory(opening: FilePath(data)), member: member)
            let progress = Progress("written", of: export.total)
            try await export.write(to: FilePath(output), progress: progress.show)
            progress.end()
            print("\(export.total) entries written to \(output.printable)")
        }
    }
}

/// `oracle log verify`.
struct VerifyLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks a file of logs entry by entry, without a node and without a network.",
        discussion: """
            Checks every signature, that each entry names the one before it, and what each log comes to; when the file holds a \
            list that the group has signed, that the logs are what it attests. The file names the committees itself: give a \
            committee's record, taken from a node that you trust, to have the two compared.

            Ends with 0 when all of it holds, with 1 when something does not.

            Examples:
              oracle log verify logs.bin --committee committee.json
              oracle log verify logs.bin --json | jq -r '.logs[] | "\\(.member) \\(.last) \\(.root)"'
            """
    )

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("A committee's record, from `oracle committee export`.", valueName: "file")
    )
    var committee: String?

    @Flag(help: "Print what was found as JSON.")
    var json = false

    func run() throws {
        let record = try LogView.record(committee)
        let progress = Progress("checked", of: nil)
        do {
            let report = try LogFileReport(on: FilePath(file), by: record, progress: progress.show)
            progress.end()
            print(json ? try LogView.json(report) : LogView.text(report))
        } catch let error as LogFileError {
            Terminal.complain("\(file): \(error)")
            if case .wrong = error { throw ExitCode(Exit.negative) }
            if case .changed = error { throw ExitCode(Exit.negative) }
            throw ExitCode(Exit.failed)
        } catch let error as Errno {
            Terminal.complain("\(file): \(error)")
            throw ExitCode(Exit.failed)
        }
    }
}

/// `oracle log import`.
struct ImportLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings the entries of a file into the data directory of a node that does not run.",
        discussion: """
            Spares a member that was away for long the way over the network. Taken is only what goes on from the entries that \
            the directory holds, signed by members of the committees that it knows; a directory that knows none yet needs a \
            committee's record. Where an author has signed two histories the proof is kept, and named.

            Ends with 1 when of some log not all was taken.

            Examples:
              oracle log import logs.bin --data /var/lib/oracle
              oracle log import logs.bin --committee committee.json --data /var/lib/oracle
            """
    )

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data = "."

    @Option(
        name: .long,
        help: ArgumentHelp("A committee's record, from `oracle committee export`.", valueName: "file")
    )
    var committee: String?

    func run() async throws {
        let record = try LogView.record(committee)
        let outcomes = try await LogView.told(file) {
            var work = try await LogImport(into: DataDirectory(opening: FilePath(data)), by: record)
            let progress = Progress("read", of: nil)
            let outcomes = try await work.run(from: FilePath(file), progress: progress.show)
            progress.end()
            try work.close()
            return outcomes
        }
        for outcome in outcomes {
            print("\(outcome.identity)  held \(outcome.held), taken \(outcome.taken)")
            if let reason = outcome.reason { print("    \(reason.printable)") }
        }
        if outcomes.contains(where: { $0.reason != nil }) { throw ExitCode(Exit.negative) }
    }
}

/// Files of logs as people and programs like to read of them.
enum LogView {
    /// The record in a file, if one is named.
    static func record(_ path: String?) throws -> CommitteeRecord? {
        try path.map { path in
            try InputFile.parsed(path, limit: CommitteeFile.sizeLimit) { bytes throws(OfflineError) in
                try CommitteeFile(json: bytes).record
            }
        }
    }

    /// Does something, or says why it cannot be done and ends with ``Exit/failed``.
    static func told<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as LogFileError {
            Terminal.complain("\(what): \(error)")
        } catch let error as StoreError {
            Terminal.complain("\(error)")
        } catch let error as DataDirectoryError {
            Terminal.complain("\(error)")
        } catch let error as Errno {
            Terminal.complain("\(what): \(error)")
        }
        throw ExitCode(Exit.failed)
    }

    static func text(_ report: LogFileReport) -> String {
        var lines = ["VALID for the registry \(report.registry) on chain \(report.chainId)", ""]
        for log in report.logs {
            lines.append("member \(log.member), identity \(log.identity)")
            lines.append("  entries   \(log.first) to \(log.last), the last \(log.head)")
            lines.append("  root      \(log.root ?? "unknown: the first entries are not in the file")")
            if let size = log.attested, let list = report.attestation {
                lines.append("  attested  the first \(size), by list \(list.number)")
            }
        }
        if let list = report.attestation {
            lines += [
                "", "list \(list.number) of epoch \(list.epoch), root \(list.root)",
                "  signed by group key \(list.groupKey)",
            ]
        } else {
            lines += ["", "no list in the file is signed by a group key that it names"]
        }
        lines.append("")
        lines.append(
            "Every entry bears its author's signature, and none is missing between the first and the last."
        )
        if !report.isCommitteeGiven {
            lines.append(
                "Who the members are is only the file's word: give the committee's record with --committee."
            )
        }
        return lines.joined(separator: "\n")
    }

    static func json(_ report: LogFileReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(report), as: UTF8.self).jsonFitForTerminals
    }
}

/// Says how far something has come, once it takes longer than two seconds.
final class Progress {
    private let verb: String
    private let total: UInt64?
    private var next = ContinuousClock.now + .seconds(2)
    private var isShown = false

    init(_ verb: String, of total: UInt64?) {
        self.verb = verb
        self.total = total
    }

    func show(_ count: UInt64) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .seconds(1)
        isShown = true
        Terminal.mention("\(verb) \(count)\(total.map { " of \($0)" } ?? "") entries")
    }

    func end() {
        if isShown { Terminal.mention("\(verb): done") }
    }
}
