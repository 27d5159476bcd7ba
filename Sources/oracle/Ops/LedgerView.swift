import BLS12381
import Cryptography
import Ethereum
import FoundationEssentials
import Glibc
import KeyOperations
import P2PNode
import Primitives
import SystemPackage

/// Requests, operators and events as people like to read them.
enum LedgerView {
    /// Requests in lines.
    static func table(_ requests: [OperationsLedger.Entry], _ reading: LedgerReading) -> String {
        guard !requests.isEmpty else {
            return "Nothing of this kind is asked, as far as block \(reading.head) shows."
        }
        let rows = requests.map { entry in
            [
                "\(entry.request.number)", String("\(entry.id)".prefix(10)), asked(entry.request),
                state(of: entry, reading), "\(entry.asked.block.number)",
            ]
        }
        return columns([["#", "request", "asked", "state", "block"]] + rows)
    }

    /// Operators in lines.
    static func table(_ operators: [OperatorReport]) -> String {
        guard !operators.isEmpty else { return "No operator is registered." }
        let rows = operators.map { record in
            [
                "\(record.id)",
                record.active ? record.collateralised ? "active" : "active, by name only" : "inactive",
                "\(record.validators ?? 0)", record.endpoint, record.account, record.identity,
                record.sharesKeyHash ?? "none",
            ]
        }
        let head = ["id", "state", "validators", "endpoint", "account", "identity", "shares key hash"]
        return columns([head] + rows)
    }

    /// All of one request.
    static func text(_ entry: OperationsLedger.Entry, _ reading: LedgerReading) -> String {
        var facts = [
            ("id", "\(entry.id)"), ("asked", asked(entry.request)), ("state", state(of: entry, reading)),
            ("block", place(entry.asked)),
        ]
        switch entry.request {
        case .keygen(let request):
            let kind = request.credentials.kind == .compounding ? ", compounding" : ""
            facts += [
                ("withdrawal", request.credentials.address.checksummed + kind),
                ("deposits", "\(ether(request.amount)) each"),
                ("owner", "\(request.owner.checksummed), nonces from \(request.ownerNonce)"),
            ]
        case .reshare(let request): facts.append(("key", "\(request.publicKey)"))
        case .exit(let request): facts.append(("key", "\(request.publicKey)"))
        }
        let lines = ["request \(entry.request.number)"] + facts.map { $0.padding(to: 13) + $1 }
        return (lines + (entry.results + [entry.ending].compactMap(\.self)).flatMap { result($0) })
            .joined(separator: "\n")
    }

    private static func result(_ entry: LedgerEntry) -> [String] {
        let report = EventReport(entry, isFinal: false)
        let facts: [(String, String?)] = [
            ("key", report.publicKey),
            (
                "operators",
                report.operators.map { numbers in
                    numbers.map { "\($0)" }.joined(separator: ", ")
                        + (report.threshold.map { "; any \($0) of them sign" } ?? "")
                }
            ),
            ("transcript", report.transcript),
            ("deposit", report.depositDataRoot.map { "\(report.amountGwei ?? 0) gwei, root \($0)" }),
            (
                "exit",
                report.validatorIndex.map {
                    "validator \($0), from epoch \(report.exitEpoch ?? 0) of the beacon chain"
                }
            ),
            ("fee", report.feeWei.map { "\($0) wei" }), ("call", report.call), ("reason", report.reason),
            ("blamed", report.blamed.map { $0.map { "\($0)" }.joined(separator: ", ") }),
            ("signed by", report.epoch.map { "the committee of epoch \($0)" }), ("block", place(entry)),
        ]
        return ["", report.event + (report.index.map { " \($0)" } ?? "")]
            + facts.compactMap { name, value in
                value.flatMap { $0.isEmpty ? nil : "  " + name.padding(to: 11) + $0 }
            }
    }

    /// What is asked, in a few words.
    static func asked(_ request: OperationRequest) -> String {
        switch request {
        case .keygen(let request):
            let validators = request.count == 1 ? "1 validator" : "\(request.count) validators"
            return request.operators.map { "\(validators) by operators \(list($0.ids))" }
                ?? "\(validators) by \(request.size) operators of the rule's choice"
        case .reshare(let request):
            return request.isRefresh
                ? "fresh shares of \(short(request.publicKey)) for \(list(request.newOperators.ids))"
                : "shares of \(short(request.publicKey)) from \(list(request.oldOperators.ids)) to \(list(request.newOperators.ids))"
        case .exit(let request):
            let way =
                switch request.way {
                case .signedExit: "signed by its operators"
                case .withdrawalRequest: "by a withdrawal request for at most \(request.feeCap) wei"
                case .ownerCall: "by its owner's call"
                }
            return "exit of \(short(request.publicKey)), \(way)"
        }
    }

    /// What has become of it, in a few words.
    private static func state(of entry: OperationsLedger.Entry, _ reading: LedgerReading) -> String {
        let part =
            entry.wanted > 1 && !entry.results.isEmpty
            ? "\(entry.results.count) of \(entry.wanted) made" : nil
        let text =
            switch entry.standing {
            case .open: part.map { "open, \($0)" } ?? "open"
            case .done: "done"
            case .cancelled: part.map { "cancelled, \($0)" } ?? "cancelled"
            case .failed(let reason, let blamed):
                "failed\(part.map { ", \($0)" } ?? ""): \(reason.words)"
                    + (blamed.isEmpty ? "" : " (\(list(blamed)))")
            }
        return reading.isFinal(entry.newest) ? text : text + " (not final)"
    }

    static func list(_ ids: [OperatorID]) -> String { ids.map { "\($0.rawValue)" }.joined(separator: ",") }

    /// Enough of a key to tell it by.
    static func short(_ key: G1Bytes) -> String { String("\(key)".prefix(10)) + "…" }

    static func ether(_ amount: Gwei) -> String {
        let (whole, rest) = amount.rawValue.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest == 0 ? "\(whole) ether" : "\(amount.rawValue) gwei"
    }

    private static func place(_ entry: LedgerEntry) -> String {
        "\(entry.block.number), transaction \(entry.transaction)"
    }

    private static func columns(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { $0.padding(to: $1) + "  " }.joined()[...]
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }

    /// For programs, indented.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self).jsonFitForTerminals
    }

    /// For programs, on one line.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self).jsonFitForTerminals
    }

    /// Writes a line at once, so that lines of a pipe arrive as they happen; who reads no more ends the command.
    static func emit(_ line: String) {
        guard (try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)) != nil else { exit(0) }
    }
}
