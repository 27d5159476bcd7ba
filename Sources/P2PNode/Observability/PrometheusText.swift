/// The kinds of series in the text format.
enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// A name and its labels as the text format allows them.
struct SeriesName: Hashable, Sendable {
    let name: String
    /// `{a="b",c="d"}` in the order of the names, or nothing.
    let labels: String
    /// Two kinds under one name are two series, of which one is refused.
    let kind: MetricKind

    init(_ label: String, _ dimensions: [(String, String)], _ kind: MetricKind) {
        name = Self.allowed(label)
        self.kind = kind
        let pairs = dimensions.sorted { $0.0 < $1.0 }.map { key, value in
            "\(Self.allowed(key))=\"\(Self.escaped(value))\""
        }
        labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    /// The labels and one more.
    func labels(with key: String, _ value: String) -> String {
        labels.isEmpty ? "{\(key)=\"\(value)\"}" : "\(labels.dropLast()),\(key)=\"\(value)\"}"
    }

    private static func allowed(_ name: String) -> String {
        var allowed = ""
        for letter in name.unicodeScalars {
            let isLetter = letter.isASCII && letter.properties.isAlphabetic || letter == "_"
            let isDigit = ("0"..."9").contains(letter)
            if isDigit && allowed.isEmpty { allowed += "_" }
            allowed += isLetter || isDigit ? String(letter) : "_"
        }
        return allowed.isEmpty ? "_" : allowed
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// Lines of the text format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    mutating func begin(_ name: String, _ kind: MetricKind) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func line(_ name: String, _ labels: String, _ value: Double) {
        text += "\(name)\(labels) \(Self.number(value))\n"
    }

    /// Whole numbers without a fraction, others as short as they can be read back.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
