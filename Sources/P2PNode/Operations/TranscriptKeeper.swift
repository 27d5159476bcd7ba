internal import Cryptography
internal import Ethereum
internal import KeyOperations
internal import Logging
internal import Primitives
internal import SystemPackage

/// Writes the files of operations that an oracle has seen done, and adds to them what the committee has reported.
actor TranscriptKeeper {
    /// Of how many attempts it is remembered what they came to, for reports that come later.
    private static let limit = 64

    private struct Kept: Sendable {
        let attempt: OperationAttempt
        var reports: [TranscriptReport] = []
    }

    private let overseeing: Overseeing
    private let verifier: Ed25519Authenticator
    private let logger: Logger
    private var kept: [(id: Digest, value: Kept)] = []

    init(_ overseeing: Overseeing, verifier: Ed25519Authenticator, logger: Logger) {
        self.overseeing = overseeing
        self.verifier = verifier
        self.logger = logger
    }

    /// Keeps what was signed in an attempt.
    func keep(_ attempt: OperationAttempt) {
        kept.removeAll { $0.id == attempt.plan.id }
        kept.append((attempt.plan.id, Kept(attempt: attempt)))
        if kept.count > Self.limit { kept.removeFirst() }
        write(kept.count - 1)
    }

    /// Takes what stands on record of a request, for good.
    func take(_ event: OperationsEvent) {
        switch event {
        case .validatorCreated(let created):
            let statement = created.statement
            add(statement.requestId, made: statement.transcript) {
                TranscriptReport(
                    of: statement.index,
                    in: statement.epoch,
                    signature: created.signature.compressed
                )
            }
        case .validatorReshared(let reshared):
            let statement = reshared.statement
            add(statement.requestId, made: statement.transcript) {
                TranscriptReport(in: statement.epoch, signature: reshared.signature.compressed)
            }
        case .exitSigned(let exit):
            add(exit.statement.requestId, made: nil) {
                TranscriptReport(in: exit.statement.epoch, signature: exit.signature.compressed)
            }
        case .operatorRegistered, .operatorChanged, .requested, .requestCancelled, .requestFailed,
            .exitTriggered,
            .exitCall, .validatorClosed:
            break
        }
    }

    /// Adds a report to the attempt that it is about: of a request for keys, the one with that transcript.
    private func add(_ request: Digest, made transcript: Digest?, _ report: () -> TranscriptReport) {
        for index in kept.indices where Digest(kept[index].value.attempt.plan.plan.request.storage) == request
        {
            switch (kept[index].value.attempt.result, transcript) {
            case (.keys(transcript, _)?, _?), (.exit?, nil):
                kept[index].value.reports.append(report())
                write(index)
            default: break
            }
        }
    }

    private func write(_ index: Int) {
        let (id, value) = kept[index]
        guard
            let transcript = OperationTranscript(
                value.attempt,
                operations: overseeing.contract,
                reports: value.reports,
                with: verifier
            )
        else { return }
        do {
            let outcome = try TranscriptFiles.write(
                transcript,
                of: value.attempt,
                to: overseeing.files.string
            )
            guard !outcome.written.isEmpty else { return }
            logger.info(
                "wrote \(outcome.written.joined(separator: ", ")) to \(outcome.folder)",
                metadata: ["event": "operation.files", "attempt": "\(id)"]
            )
            for omitted in outcome.omitted { logger.notice("\(omitted)", metadata: ["attempt": "\(id)"]) }
        } catch {
            // What is in them stands in the logs of the committee too, and can be written again from there.
            logger.error(
                "the files of an operation could not be written; make room at \(overseeing.files) and restart",
                metadata: ["attempt": "\(id)", "reason": "\(error)"]
            )
        }
    }
}
