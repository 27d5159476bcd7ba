internal import Logging

/// A log line for programs: `{"time", "level", "logger", "message", "metadata"}`.
enum JSONLine {
    static func text(_ entry: LogEntry) -> String {
        var json = "{\"time\":\"\(entry.time.utc)\",\"level\":\"\(entry.level.rawValue)\",\"logger\":"
        append(entry.label, to: &json)
        json += ",\"message\":"
        append(entry.message, to: &json)
        if !entry.metadata.isEmpty {
            json += ",\"metadata\":"
            append(object: entry.metadata, to: &json)
        }
        return json + "}"
    }

    private static func append(
        object pairs: [(key: String, value: Logger.MetadataValue)],
        to json: inout String
    ) {
        json += "{"
        for (place, pair) in pairs.enumerated() {
            if place > 0 { json += "," }
            append(pair.key, to: &json)
            json += ":"
            append(pair.value, to: &json)
        }
        json += "}"
    }

    private static func append(_ value: Logger.MetadataValue, to json: inout String) {
        switch value {
        case .string(let text): append(text, to: &json)
        case .stringConvertible(let value): append(value.description, to: &json)
        case .dictionary(let pairs): append(object: pairs.sorted { $0.key < $1.key }, to: &json)
        case .array(let values):
            json += "["
            for (place, value) in values.enumerated() {
                if place > 0 { json += "," }
                append(value, to: &json)
            }
            json += "]"
        }
    }

    /// RFC 8259, section 7.
    private static func append(_ text: String, to json: inout String) {
        json += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        json += "\""
    }
}
