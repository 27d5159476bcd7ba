internal import Logging

/// A log line for people: `03:12:45.123 INFO     message  key=value key="two words"`.
///
/// On a terminal it has the time of day alone, and colours; elsewhere the date too.
enum HumanLine {
    static func text(_ entry: LogEntry, isColoured: Bool) -> String {
        func paint(_ text: String, _ colour: Int) -> String {
            isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
        }
        let time = isColoured ? entry.time.localTimeOfDay : entry.time.local
        let name = entry.level.rawValue.uppercased()
        let level = name + String(repeating: " ", count: max(0, 8 - name.count))
        let message = entry.message.printable
        let pairs = entry.metadata.map { key, value in
            paint("\(key.printable)=", 2) + quoted(value.description)
        }
        let tail = pairs.isEmpty ? "" : "  " + pairs.joined(separator: " ")
        return "\(paint(time, 2)) \(paint(level, colour(of: entry.level))) \(message)\(tail)"
    }

    private static func colour(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 2
        case .info: 32
        case .notice: 36
        case .warning: 33
        case .error, .critical: 31
        }
    }

    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
        return isPlain ? value.printable : "\"\(value.replacing("\"", with: "\\\"").printable)\""
    }
}
