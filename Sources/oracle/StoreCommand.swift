import ArgumentParser
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle store`.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Looks into a node's database, and saves what is whole of a damaged one.",
        subcommands: [CheckStoreCommand.self, SalvageStoreCommand.self]
    )
}

/// `oracle store check`.
struct CheckStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what of a database is whole, and whether its node could go on with it.",
        discussion: """
            Only reads, whether the node runs or not. Ends with 0 when nothing is wrong, with 1 when something is.

            Examples:
              oracle store check --data /var/lib/oracle
              oracle store check --json | jq .salvageable
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data = "."

    @Flag(help: "Print what was found as JSON.")
    var json = false

    func run() async throws {
        let found = try await LogView.told(data) {
            try StoreExamination(of: DataDirectory(opening: FilePath(data)))
        }
        print(json ? try StoreView.json(found) : StoreView.text(found))
        if !found.isSound { throw ExitCode(Exit.negative) }
    }
}

/// `oracle store salvage`.
struct SalvageStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salvage",
        abstract: "Makes a new database of what is whole in a damaged one.",
        discussion: """
            Carried over are the votes, states, secrets, certificates, evidence and the node's own log; the logs of others come \
            back from them. The damaged database stays beside the new one. When the votes or the node's own log are not whole \
            for certain nothing is done: such a node could contradict itself, and must be replaced (exit code 1).

            Example:
              oracle store salvage --data /var/lib/oracle
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp("The data directory, of a node that does not run.", valueName: "dir")
    )
    var data = "."

    func run() async throws {
        do {
            let outcome = try await LogView.told(data) {
                try await StoreSalvage.run(in: DataDirectory(opening: FilePath(data)))
            }
            print(
                """
                A new database is in place, with the votes and all \(outcome.entries) entries of the node's own log. Start the \
                node: the logs of others come back from them. The damaged database is \(outcome.aside).
                """
            )
        } catch let error as SalvageError {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.negative)
        }
    }
}

/// What was found of a database as people and programs like to read it.
enum StoreView {
    private struct Report: Encodable {
        var sound: Bool
        var salvageable: Bool
        var tables: [StoreExamination.Table]
        var promises: [StoreExamination.Promise]
    }

    static func text(_ found: StoreExamination) -> String {
        var lines = ["table         rows      state"]
        lines += found.tables.map { table in
            table.name.padding(to: 14) + "\(table.rows)".padding(to: 10)
                + (table.problem?.printable ?? "whole")
        }
        lines += ["", "promise               state"]
        lines += found.promises.map { promise in
            promise.name.padding(to: 22) + (promise.isKept ? "kept: " : "LOST: ") + promise.reason.printable
        }
        lines.append("")
        lines.append(
            found.isSound
                ? "Nothing is wrong."
                : found.isSalvageable
                    ? "'oracle store salvage' makes a new database of what is whole."
                    : SalvageError.lost(found.promises.filter { !$0.isKept }).description + "."
        )
        return lines.joined(separator: "\n")
    }

    static func json(_ found: StoreExamination) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let report = Report(
            sound: found.isSound,
            salvageable: found.isSalvageable,
            tables: found.tables,
            promises: found.promises
        )
        return String(decoding: try encoder.encode(report), as: UTF8.self).jsonFitForTerminals
    }
}
