import FoundationEssentials
import P2PNode

/// Entries and verdicts as people and programs like to read them.
enum ProofView {
    private struct Report: Encodable {
        var valid: Bool
        var committeeGiven: Bool
        var proof: ProofFinding?
        var reason: String?
    }

    /// A list in lines.
    static func text(_ items: [ProofItem], published: Bool) -> String {
        guard !items.isEmpty else {
            return published
                ? "No member has published anything lately." : "This node holds no entry of any log."
        }
        let rows = items.map { item in
            let anchor = item.anchor.map { "anchor \($0)" } ?? "not anchored yet"
            return [
                item.id, item.topic.printable, "\(item.size) bytes", anchor,
                item.title.map { "\"\($0.printable)\"" } ?? "",
            ]
        }
        return table([["entry", "topic", "size", "on the chain", "title"]] + rows)
    }

    /// Rows with their columns below each other.
    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { cell, width in cell.padding(to: width) + " " }.joined().trimmingEnd
        }
        return lines.joined(separator: "\n")
    }

    /// A list for programs.
    static func json(_ items: [ProofItem]) throws -> String { try encoded(items) }

    /// A verdict for programs.
    static func json(_ verdict: ProofVerdict) throws -> String {
        try encoded(
            Report(
                valid: verdict.isValid,
                committeeGiven: verdict.isCommitteeGiven,
                proof: verdict.finding,
                reason: verdict.reason
            )
        )
    }

    /// A verdict on a transcript for programs.
    static func json(_ verdict: TranscriptVerdict) throws -> String {
        struct Report: Encodable {
            var valid: Bool
            var committeeGiven: Bool
            var operation: TranscriptStory?
            var reason: String?
        }
        return try encoded(
            Report(
                valid: verdict.isValid,
                committeeGiven: verdict.isCommitteeGiven,
                operation: verdict.story,
                reason: verdict.reason
            )
        )
    }

    /// What has become of a publication, for programs.
    static func json(_ report: PublicationReport) throws -> String { try encoded(report) }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return text.jsonFitForTerminals
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
