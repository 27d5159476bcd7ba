extension NodeConfiguration {
    /// All settings in force, one a line: name, value, and where it comes from.
    ///
    /// Secrets are left out.
    package var text: String {
        let width = report.map { $0.key.rawValue.count }.max() ?? 0
        let values = report.map { $0.value ?? "(not set)" }
        let valueWidth = min(values.map(\.count).max() ?? 0, 60)
        return zip(report, values).map { entry, value in
            let origin = entry.value == nil ? "" : "  # \(entry.origin)"
            return "\(entry.key.rawValue.padded(to: width))  \(value.padded(to: valueWidth))\(origin)"
                .trimmedAtEnd
        }.joined(separator: "\n")
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate var trimmedAtEnd: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
