/// What was found in a file: each thing that was checked, and what came of it.
package struct FileReport: Hashable, Sendable, Codable {
    /// One thing that was checked.
    package struct Finding: Hashable, Sendable, Codable {
        /// What was checked, in words.
        package let subject: String
        /// What is wrong; `nil` when all is well.
        package let fault: FileFault?
    }

    /// Which kind of file it is, in words.
    package let kind: String
    /// In the order of checking.
    package private(set) var findings: [Finding] = []

    init(_ kind: String) {
        self.kind = kind
    }

    /// Whether something was checked and nothing is wrong.
    package var isGood: Bool { !findings.isEmpty && findings.allSatisfy { $0.fault == nil } }

    /// What is wrong.
    package var faults: [FileFault] { findings.compactMap(\.fault) }

    /// The report for a reader, a line each.
    package var lines: [String] {
        [kind]
            + findings.map { finding in
                guard let fault = finding.fault else { return "ok      \(finding.subject)" }
                return "REFUSED \(finding.subject): \(fault)"
            }
    }

    mutating func note(_ subject: String, _ fault: FileFault? = nil) {
        findings.append(Finding(subject: subject, fault: fault))
    }

    /// Notes whether a statement about a place holds.
    mutating func check(
        _ subject: String,
        at place: String,
        _ holds: Bool,
        _ problem: @autoclosure () -> String,
        remedy: String = Remedy.doNotUse
    ) {
        note(subject, holds ? nil : FileFault(place, problem(), remedy: remedy))
    }
}
