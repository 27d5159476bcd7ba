import Foundation
import Logging
import Synchronization
import Testing

@testable import P2PNode

@Suite struct LineLogHandlerTests {
    /// It is 2026-11-23 03:12:45.000123 UTC.
    private static let time = WallTime(microseconds: 1_795_403_565_000_123)

    /// The lines that a logger writes.
    private func lines(
        _ format: LogFormat,
        level: Logger.Level = .trace,
        _ body: (inout Logger) -> Void
    ) -> [String] {
        let lines = LineBox()
        let sink = LogSink(clock: { Self.time }) { line in lines.append(line) }
        var logger = Logger(label: "oracle.test") { label in
            LineLogHandler(label: label, level: level, format: format, sink: sink)
        }
        body(&logger)
        return lines.all
    }

    @Test func `writes a line for people with aligned levels and sorted values`() {
        let found = lines(.human(isColoured: false)) { logger in
            logger[metadataKey: "view"] = "1"
            logger.info("a view is entered", metadata: ["leader": "3", "by": "a quorum", "view": "2"])
            logger.critical("halted")
        }
        let time = Self.time.local
        #expect(
            found == [
                "\(time) INFO     a view is entered  by=\"a quorum\" leader=3 view=2",
                "\(time) CRITICAL halted  view=1",
            ]
        )
    }

    @Test func `colours levels on a terminal and leaves out the date`() {
        let found = lines(.human(isColoured: true)) { $0.warning("careful") }
        #expect(
            found == ["\u{1B}[2m\(Self.time.localTimeOfDay)\u{1B}[0m \u{1B}[33mWARNING \u{1B}[0m careful"]
        )
    }

    @Test func `writes JSON that reads back as it was, whatever is in it`() throws {
        let nasty = "quote\" back\\slash \n line \u{1B}[31m \u{7f}\u{9b} \u{0} 🦉"
        let found = lines(.json) { logger in
            logger.error(
                "\(nasty)",
                metadata: [
                    "text": .string(nasty), "list": ["a", .array(["b"])], "map": ["k": ["l": "m"]],
                    "number": .stringConvertible(7),
                ]
            )
        }
        try #require(found.count == 1)
        #expect(!found[0].unicodeScalars.contains { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) })
        let parsed = try JSONSerialization.jsonObject(with: Data(found[0].utf8))
        let object = try #require(parsed as? [String: Any])
        #expect(object["time"] as? String == "2026-11-23T03:12:45.000123Z")
        #expect(object["level"] as? String == "error")
        #expect(object["logger"] as? String == "oracle.test")
        #expect(object["message"] as? String == nasty)
        let metadata = try #require(object["metadata"] as? [String: Any])
        #expect(metadata["text"] as? String == nasty)
        #expect(metadata["number"] as? String == "7")
        let expected: NSDictionary = ["k": ["l": "m"]]
        #expect(metadata["map"] as? NSDictionary == expected)
        #expect(metadata["list"] as? NSArray == ["a", ["b"]])
    }

    @Test func `lets nobody forge a line or steer the terminal`() {
        let found = lines(.human(isColoured: false)) { logger in
            logger.info(
                "a\nb\u{1B}[2J\u{202E}",
                metadata: ["k\r": "v\u{9b}0m", "space": "a b", "quote": "a\"b", "empty": "", "sign": "a=b"]
            )
        }
        #expect(
            found == [
                "\(Self.time.local) INFO     a\\u{a}b\\u{1b}[2J\\u{202e}  empty=\"\" k\\u{d}=v\\u{9b}0m "
                    + "quote=\"a\\\"b\" sign=\"a=b\" space=\"a b\""
            ]
        )
    }

    @Test func `leaves out what is below its level`() {
        let found = lines(.json, level: .notice) { logger in
            logger.info("hidden")
            logger.notice("shown")
        }
        #expect(found.count == 1)
        #expect(found.first?.contains("shown") == true)
    }

    @Test func `shows an error among the values`() {
        let found = lines(.human(isColoured: false)) { $0.error("failed", error: StoreError.closed) }
        #expect(found.first?.hasSuffix("failed  error=\"the store is closed\"") == true)
    }

    @Test func `shows the time of the machine's zone`() {
        let date = Date(timeIntervalSince1970: Double(Self.time.microseconds) / 1_000_000)
        let parts = Calendar(identifier: .gregorian)
            .dateComponents(in: .current, from: date)
        let text = Self.time.local
        #expect(text.hasSuffix(".000"))
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(
            numbers.prefix(6)
                == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].compactMap(
                    \.self
                )[...]
        )
        #expect(text.hasSuffix(Self.time.localTimeOfDay))
    }
}

private final class LineBox: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
