import Foundation
import Testing

@testable import P2PNode

/// Text of others, before it reaches a terminal.
@Suite struct PrintableTests {
    @Test(
        arguments: [
            ("plain, with ünïcödé and 🦉", "plain, with ünïcödé and 🦉"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", "\\u{1b}[2J\\u{1b}]0;title\\u{7}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("over\rwrite\ttab\nline", "over\\u{d}write\\u{9}tab\\u{a}line"),
            ("\u{202e}turned\u{2066}\u{200f}", "\\u{202e}turned\\u{2066}\\u{200f}"),
            ("hidden\u{200b}\u{feff}\u{e0041}", "hidden\\u{200b}\\u{feff}\\u{e0041}"),
            ("\u{2028}\u{2029}\u{e000}\u{7f}\u{0}", "\\u{2028}\\u{2029}\\u{e000}\\u{7f}\\u{0}"),
        ]
    )
    func `shows what is no visible character as an escape`(_ text: String, _ shown: String) {
        #expect(text.printable == shown)
    }

    @Test func `keeps lines apart, and lets none of them go back`() {
        #expect("one\r\ntwo\n\nfour".printableLines == ["one\\u{d}", "two", "", "four"])
    }

    @Test func `bytes that are no UTF-8 are shown as far as they are text`() {
        #expect(String(printable: [0x61, 0xff, 0x1b, 0x62]) == "a\u{fffd}\\u{1b}b")
    }

    @Test func `JSON says the same with escapes in it`() throws {
        let nasty = "\u{1b}[2J \u{9b} \u{202e} \u{e0041} \" \\ \n 🦉"
        let encoder = JSONEncoder()
        encoder.outputFormatting = .prettyPrinted
        let json = String(decoding: try encoder.encode([nasty]), as: UTF8.self).jsonFitForTerminals
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [nasty])
        #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        #expect(!json.unicodeScalars.contains("\u{202e}") && json.contains("🦉"))
    }
}
