import Foundation
import TestSupport
import Testing

@Suite("Protocol tables")
struct ProtocolTablesTests {
    private static let file = Fixture.repository.appending(path: "docs/PROTOCOL.md")
    private static let isUpdate = ProcessInfo.processInfo.environment["UPDATE_PROTOCOL_TABLES"] == "1"

    @Test func `the documentation's tables are those of the code`() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let document = MarkedDocument(text)
        #expect(document.faults == [])
        #expect(document.names.sorted() == ProtocolTables.all.keys.sorted())
        let current = document.filled { ProtocolTables.all[$0] }
        if Self.isUpdate {
            try current.write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(text == current, "run the tests with UPDATE_PROTOCOL_TABLES=1 to rewrite the tables")
        }
    }

    @Test func `a table stands between its markers and nowhere else`() {
        let document = MarkedDocument("a\n<!-- table: x -->\nold\n<!-- end -->\nb\n")
        #expect(document.names == ["x"])
        #expect(document.filled { _ in ["new"] } == "a\n<!-- table: x -->\nnew\n<!-- end -->\nb\n")
        #expect(document.filled { _ in nil } == "a\n<!-- table: x -->\nold\n<!-- end -->\nb\n")
    }

    @Test func `markers that do not pair are faults`() {
        #expect(MarkedDocument("<!-- table: x -->\n").faults == ["x has no end"])
        #expect(MarkedDocument("<!-- end -->\n").faults == ["an end without a table"])
        #expect(
            MarkedDocument("<!-- table: x -->\n<!-- table: y -->\n<!-- end -->\n").faults == ["x has no end"]
        )
    }
}

/// A text with tables between markers.
private struct MarkedDocument {
    private enum Part {
        case text(String)
        case table(String, [String])
    }

    private static let end = "<!-- end -->"
    private var parts: [Part] = []
    private(set) var faults: [String] = []

    init(_ text: String) {
        var open: (name: String, lines: [String])?
        for line in text.components(separatedBy: "\n") {
            if let name = Self.name(in: line) {
                if let open { faults.append("\(open.name) has no end") }
                open = (name, [])
            } else if line == Self.end {
                if let open { parts.append(.table(open.name, open.lines)) }
                if open == nil { faults.append("an end without a table") }
                open = nil
            } else if open != nil {
                open?.lines.append(line)
            } else {
                parts.append(.text(line))
            }
        }
        if let open { faults.append("\(open.name) has no end") }
    }

    private static func name(in line: String) -> String? {
        guard line.hasPrefix("<!-- table: "), line.hasSuffix(" -->") else { return nil }
        return String(line.dropFirst("<!-- table: ".count).dropLast(" -->".count))
    }

    /// The tables' names in order, each as often as it stands there.
    var names: [String] {
        parts.compactMap { if case .table(let name, _) = $0 { name } else { nil } }
    }

    /// The text with the tables that are known put in the place of those it has.
    func filled(_ table: (String) -> [String]?) -> String {
        parts.flatMap { part -> [String] in
            switch part {
            case .text(let line): [line]
            case .table(let name, let lines):
                ["<!-- table: \(name) -->"] + (table(name) ?? lines) + [Self.end]
            }
        }.joined(separator: "\n")
    }
}
