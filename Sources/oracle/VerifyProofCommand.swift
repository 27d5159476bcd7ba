import ArgumentParser
import BLS12381
import KeyOperations
import P2PNode
import Primitives
import ValidatorFiles

/// `oracle proof verify`.
struct VerifyProofCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Says what a file of `oracle proof export`, or of the validator world, proves, without a network.",
        discussion: """
            Of an entry of a log: checks the author's signature, the entry's place in its log, the log's place in the \
            attested list and the group's signature, and says what is left to compare with the chain. The file names the \
            committee itself: give the committee's record, taken from a node that you trust, to have the two compared.

            Of a transcript of an operation on validators' keys: does the whole ceremony's public part again and says what \
            was made, or whose fault it was; the committee's reports are checked when its record is given.

            Of validators' files, told apart by what they hold: deposit data, SSV's keyshares and proofs, keystores, signed \
            exits and Obol's cluster locks. Says thing by thing what was checked and what is wrong. Proofs are held against \
            the keyshares of the same ceremonies, --beside; exits against a validator's key, --key.

            Ends with 0 when all of it holds, with 1 when something does not.

            Examples:
              oracle proof verify oracle-2-17.json --committee committee.json
              oracle proof verify oracle-2-17.json --json | jq .proof.number
              oracle proof verify transcript.ssz --committee committee.json
              oracle proof verify deposit_data.json
              oracle proof verify proofs.json --beside keyshares.json
              oracle proof verify exit.json --key 0xa99a76ed…
              oracle proof verify deposit_data.json --network devnet.json
            """
    )

    @Argument(help: ArgumentHelp("The file; - reads standard input.", valueName: "file"))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("The committee's record, from `oracle committee export`.", valueName: "file")
    )
    var committee: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A file of the same ceremonies; may be given again.", valueName: "file")
    )
    var beside: [String] = []

    @Option(name: .long, help: ArgumentHelp("A validator's key; may be given again.", valueName: "key"))
    var key: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            JSON with name, genesis_fork_version, capella_fork_version and genesis_validators_root of a network that is \
            not public.
            """,
            valueName: "file"
        )
    )
    var network: String?

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    func run() throws {
        let keys = try key.map { text in
            guard let key = G1Bytes(hex: text) else {
                throw ValidationError(
                    "--key takes the 96 hexadecimal digits of a validator's key, not '\(text)'"
                )
            }
            return key
        }
        let bytes = try content(of: file)
        guard ValidatorFile.isKnown(bytes) else { return try verifyProof(bytes) }
        let report = ValidatorFile.recognise(
            bytes,
            beside: try beside.map { try content(of: $0) },
            keys: keys,
            networks: try KnownNetworks(others())
        )
        print(json ? try LedgerView.json(Verdict(report)) : report.text)
        if !report.isGood { throw ExitCode(Exit.negative) }
    }

    private func others() throws -> [BeaconNetwork] {
        guard let network else { return [] }
        return [try InputFile.parsed(network, limit: NetworkFile.sizeLimit, NetworkFile.network)]
    }

    private func content(of path: String) throws -> [UInt8] {
        try InputFile.parsed(path, limit: ValidatorFile.mostBytes) { $0 }
    }

    private func verifyProof(_ bytes: [UInt8]) throws {
        let record = try committee.map { path in
            try InputFile.parsed(path, limit: CommitteeFile.sizeLimit) { bytes throws(OfflineError) in
                try CommitteeFile(json: bytes).record
            }
        }
        let proven: ProvenFile
        do throws(OfflineError) {
            proven = try ProvenFile(bytes)
        } catch {
            Terminal.complain("\(InputFile.name(file)): \(error)")
            throw ExitCode(Exit.failed)
        }
        if try !proven.show(by: record, json: json) { throw ExitCode(Exit.negative) }
    }

    private struct Verdict: Encodable {
        var valid: Bool
        var kind: String
        var findings: [FileReport.Finding]

        init(_ report: FileReport) {
            valid = report.isGood
            kind = report.kind
            findings = report.findings
        }
    }
}

extension FileReport {
    /// The verdict first, as for other files, then a line each.
    fileprivate var text: String {
        let verdict =
            isGood
            ? "VALID: all that was checked of this \(kind) holds."
            : "NOT VALID: \(faults.count) of \(findings.count) checks of this \(kind) fail."
        return ([verdict] + lines.dropFirst().map(\.printable)).joined(separator: "\n")
    }
}
