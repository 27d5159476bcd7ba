import Primitives

/// A kept trace as text: a column for each member, a line for each thing that happened.
///
/// ```
///       time  1  2* 3  4
///   5.203118  #  .  o  .   3 suspects 1: silence
/// ```
///
/// `#` leads, `.` runs, a blank does not; `o` is who acts, `=` stands for what happens to the world. Rule-breakers
/// have a star.
package struct SequenceChart: CustomStringConvertible {
    private let report: Report
    private let limit: Int

    /// The end of a report's trace.
    ///
    /// - Parameters:
    ///   - report: A run whose trace was kept.
    ///   - limit: The most lines of the trace; the newest are shown.
    package init(_ report: Report, limit: Int = .max) {
        self.report = report
        self.limit = limit
    }

    package var description: String { lines.joined(separator: "\n") }

    /// The chart line by line, the heading first.
    package var lines: [String] {
        let size = report.scenario.size
        let columns = (1...size).map { number in
            let star = report.strategies[MemberIndex(number)] == nil ? "" : "*"
            return "\(number)\(star)".padded(to: Self.width(size))
        }
        var lines = ["      time  " + columns.joined()]
        var states = [Character](repeating: " ", count: size)
        let hidden = max(0, report.trace.count - limit)
        if hidden > 0 { lines.append("            … \(hidden) earlier lines") }
        for (number, record) in report.trace.enumerated() {
            if let member = record.member { record.mark?.change(&states[member.offset]) }
            if number >= hidden { lines.append(line(record, states)) }
        }
        lines += report.violations.map { "violated: \($0)" }
        return lines
    }

    private func line(_ record: TraceRecord, _ states: [Character]) -> String {
        let cells = states.enumerated().map { offset, state in
            let isActing = record.member.map { $0.offset == offset } ?? false
            let shown: Character = record.member == nil ? "=" : isActing && state == "." ? "o" : state
            return String(shown).padded(to: Self.width(states.count))
        }
        let who = record.member.map { "\($0) " } ?? ""
        return "\(record.at)".padded(toRight: 10) + "  " + cells.joined() + " " + who + record.text
    }

    private static func width(_ size: Int) -> Int { size > 9 ? 4 : 3 }
}

extension TraceMark {
    fileprivate func change(_ state: inout Character) {
        switch self {
        case .up: state = "."
        case .down: state = " "
        case .leads(let isLeading): state = isLeading ? "#" : "."
        case .view, .certified, .anchored, .suspects, .fault, .kindness, .agreement: break
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate func padded(toRight width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
