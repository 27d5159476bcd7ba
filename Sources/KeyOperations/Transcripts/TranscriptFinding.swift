package import Cryptography
package import Primitives

/// What a transcript proves: everything in it follows from signatures that were checked, and was computed anew.
package struct TranscriptFinding: Sendable {
    /// Whether a report of the committee is proven.
    package enum Standing: Hashable, Sendable {
        /// The group key of its epoch has signed it.
        case proven
        /// The group key of its epoch was not given.
        case unchecked
    }

    /// The attempt with its result, or with who is guilty.
    package let attempt: OperationAttempt
    /// Who of the plan has said nothing that the transcript shows, rising.
    ///
    /// Of an exit these may have been asked in vain, or not have been needed.
    package let absent: [OperatorID]
    /// The committee's reports, each with what is known of its signature.
    package let reports: [(report: TranscriptReport, standing: Standing)]
}

extension OperationTranscript {
    /// Does again what the operators and oracles have done with these messages, and says what it comes to.
    ///
    /// It does not say that the request was made on chain, nor that the plan is what it asks for: who wants to know
    /// compares request, operators and identities with the contract's events.
    ///
    /// - Parameters:
    ///   - verifier: Checks the operators' signatures.
    ///   - groupKeys: The committees' keys by epoch, as far as whoever asks knows them from elsewhere.
    /// - Returns: What it proves.
    /// - Throws: ``TranscriptFault``: what keeps it from proving anything.
    /// - Complexity: that of the ceremony without its secrets: some 3 ms for each deal of a key and 6 ms for each
    ///   confirmation of one.
    package func verify(
        with verifier: some IdentityVerifier,
        groupKeys: [Epoch: GroupPublicKey] = [:]
    ) throws(TranscriptFault) -> TranscriptFinding {
        let checked: CheckedPlan
        do { checked = try CheckedPlan(plan) } catch { throw .plan(error) }
        guard deployment.protocolVersion == Deployment.currentProtocolVersion else { throw .version }
        var attempt = OperationAttempt(checked, in: SigningDomains(deployment))
        for (index, message) in messages.elements.enumerated() {
            switch attempt.take(message, with: verifier) {
            case .fresh: break
            case .known: throw .idle(index)
            case .foreign: throw .unsigned(index)
            }
        }
        guard attempt.result != nil || !attempt.guilty.isEmpty else { throw .incomplete(attempt.awaited) }
        // Each message has one place, and none is there that adds nothing: one attempt has one transcript.
        guard attempt.decisive == messages.elements else { throw .order }
        let reports = try judgedReports(attempt, groupKeys)
        return TranscriptFinding(
            attempt: attempt,
            absent: checked.operators.keys.filter { id in
                !messages.elements.contains { $0.message.author == id.rawValue }
            }.sorted(),
            reports: reports
        )
    }

    private func judgedReports(
        _ attempt: OperationAttempt,
        _ groupKeys: [Epoch: GroupPublicKey]
    ) throws(TranscriptFault) -> [(report: TranscriptReport, standing: TranscriptFinding.Standing)] {
        let all = reports.elements
        guard zip(all, all.dropFirst()).allSatisfy({ TranscriptReport.precedes($0, $1) }) else {
            throw .order
        }
        let domain = StatementDomain(chainId: deployment.chainId, operations: operations)
        var judged: [(report: TranscriptReport, standing: TranscriptFinding.Standing)] = []
        for (index, report) in all.enumerated() {
            guard report.structHash(about: attempt) != nil else { throw .report(index) }
            guard let key = groupKeys[report.epoch] else {
                judged.append((report, .unchecked))
                continue
            }
            guard report.isSigned(by: key, about: attempt, in: domain) else { throw .forged(index) }
            judged.append((report, .proven))
        }
        return judged
    }
}

/// Why a transcript proves nothing.
package enum TranscriptFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is longer than any transcript.
    case tooLong
    /// It is no transcript.
    case foreign
    /// It is of another version than can be read here.
    case version
    /// It cannot be read.
    case form(SSZError)
    /// Its plan makes no sense.
    case plan(PlanFault)
    /// A message is not signed by whom it names, or belongs to another attempt.
    case unsigned(Int)
    /// A message adds nothing.
    case idle(Int)
    /// What these were to say is missing, and nobody is guilty.
    case incomplete([OperatorID])
    /// Messages or reports are out of order, or are there that do not matter.
    case order
    /// There is nothing to report of the kind that a report is of.
    case report(Int)
    /// The group has not signed a report.
    case forged(Int)

    package var description: String {
        switch self {
        case .tooLong: "it has more bytes than any transcript"
        case .foreign: "it is no transcript of an operation"
        case .version: "it is a transcript of a version that is not known here"
        case .form(let error): "it cannot be read: \(error)"
        case .plan(let fault): "its plan is wrong: \(fault)"
        case .unsigned(let index):
            "message \(index) is not signed by the operator that it names, or belongs to another attempt"
        case .idle(let index): "message \(index) adds nothing"
        case .incomplete(let awaited):
            "it is not complete: nothing follows without what \(Self.named(awaited)) had to say"
        case .order: "its messages or reports are out of order, or more than matter"
        case .report(let index): "report \(index) is about nothing that this attempt has come to"
        case .forged(let index): "the group has not signed report \(index)"
        }
    }

    private static func named(_ ids: [OperatorID]) -> String {
        let numbers = ids.map { "\($0)" }.joined(separator: ", ")
        return ids.count == 1 ? "operator \(numbers)" : "operators \(numbers)"
    }
}
