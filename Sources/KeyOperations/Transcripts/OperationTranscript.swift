package import Primitives

/// All that shows to anybody, for ever and without a node, what has come of an attempt at an operation: its plan, what
/// the operators have signed, and what the committee has signed about it.
///
/// Nothing in it is secret, and nothing in it counts before ``verify(with:groupKeys:)`` has made it all anew. As a file
/// it stands behind a mark that tells it from other files, and its form from later ones.
package struct OperationTranscript: SSZContainer {
    /// The deployment for which the operators sign.
    package var deployment: Deployment
    /// The contract to which the committee reports.
    package var operations: Address
    /// What was to be done.
    package var plan: OperationPlan
    /// What the operators have signed: of an attempt that is complete what makes its result, else all that is known.
    package var messages: SSZList<SignedOperatorMessage, 96>
    /// What the committee has signed about it, rising.
    package var reports: SSZList<TranscriptReport, 64>

    /// Joins the parts; nothing is checked.
    package init(
        deployment: Deployment,
        operations: Address,
        plan: OperationPlan,
        messages: SSZList<SignedOperatorMessage, 96>,
        reports: SSZList<TranscriptReport, 64>
    ) {
        self.deployment = deployment
        self.operations = operations
        self.plan = plan
        self.messages = messages
        self.reports = reports
    }

    /// What there is to show of an attempt; `nil` while it is neither complete nor anybody's fault.
    ///
    /// - Complexity: nothing to speak of when it is complete; else that of folding all its messages again.
    package init?(
        _ attempt: OperationAttempt,
        operations: Address,
        reports: [TranscriptReport] = [],
        with verifier: some IdentityVerifier
    ) {
        var messages = attempt.decisive
        if attempt.result == nil {
            // Told in another order, what somebody guilty has said may not be needed any more to show that it is.
            var again = OperationAttempt(attempt.plan, in: attempt.domains)
            for message in messages { _ = again.take(message, with: verifier) }
            messages = again.decisive
        }
        guard attempt.result != nil || !attempt.guilty.isEmpty, let messages = SSZList<_, 96>(messages),
            let reports = SSZList<_, 64>(TranscriptReport.ordered(reports))
        else { return nil }
        self.init(
            deployment: attempt.domains.deployment,
            operations: operations,
            plan: attempt.plan.plan,
            messages: messages,
            reports: reports
        )
    }

    package static let fields = [
        SSZField("deployment", Deployment.self),
        SSZField("operations", Address.self),
        SSZField("plan", OperationPlan.self),
        SSZField("messages", SSZList<SignedOperatorMessage, 96>.self),
        SSZField("reports", SSZList<TranscriptReport, 64>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(deployment)
        visitor.field(operations)
        visitor.field(plan)
        visitor.field(messages)
        visitor.field(reports)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        deployment = try reader.field()
        operations = try reader.field()
        plan = try reader.field()
        messages = try reader.field()
        reports = try reader.field()
    }
}

/// As a file.
extension OperationTranscript {
    private static let mark = Array("oracle-transcript-1\n".utf8)

    /// More than any transcript takes, in bytes.
    package static let sizeLimit = 4 << 20

    /// Whether these are the first bytes of such a file, of this form or a later one.
    package static func isMarked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark.dropLast(2)) }

    /// The file's bytes.
    package var encoded: [UInt8] { Self.mark + sszBytes }

    /// Reads a file's bytes; what they prove is for ``verify(with:groupKeys:)``.
    package init(encoded bytes: [UInt8]) throws(TranscriptFault) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLong }
        guard bytes.starts(with: Self.mark) else {
            throw Self.isMarked(bytes) ? .version : .foreign
        }
        do {
            try self.init(ssz: Array(bytes.dropFirst(Self.mark.count)))
        } catch {
            throw .form(error)
        }
    }
}

extension OperationAttempt {
    /// The messages that show what has come of it, in the order in which they are to be folded again.
    ///
    /// Of an attempt that is complete these are the ones that make its result, so that what was said later or besides
    /// cannot undo it for who hears it first; of any other attempt it is everything, and the second words of those who
    /// contradict themselves come after all first ones.
    package var decisive: [SignedOperatorMessage] {
        var chosen: [SignedOperatorMessage] = []
        for step in OperatorStep.allCases {
            for author in plan.operators.keys.sorted() where isDecisive(step, by: author) {
                if let message = said[author]?[step] { chosen.append(message) }
            }
        }
        guard result == nil else { return chosen }
        return chosen
            + contradictions.sorted { one, other in
                let (first, second) = (one.message, other.message)
                return first.author != second.author
                    ? first.author < second.author : one.sszBytes.lexicographicallyPrecedes(other.sszBytes)
            }
    }

    private func isDecisive(_ step: OperatorStep, by author: OperatorID) -> Bool {
        guard result != nil else { return true }
        return switch step {
        case .join, .deal: true
        case .confirm, .exit: confirmed.contains(author)
        case .complain: false
        }
    }
}
