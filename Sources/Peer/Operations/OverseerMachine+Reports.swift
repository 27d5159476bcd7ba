import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import Primitives

/// What has come of operations, for the group to sign.
extension OverseerMachine {
    /// The group has signed a report.
    mutating func note(signed hash: Digest) {
        guard let report = reports[hash], signed.insert(hash).inserted else { return }
        tell(.signed(report.request))
    }

    /// Endorses what complete attempts have come to.
    mutating func reportResults(_ request: OperationFacts.Request, at now: Instant) {
        guard let committee, let work = works[request.id] else { return }
        for (number, attempt) in work.attempts.sorted(by: { $0.key < $1.key }) {
            guard let result = attempt.fold.result, !attempt.isComplete else { continue }
            guard isUnknownToBeacon(result, at: now) else { continue }
            works[request.id]?.attempts[number]?.isComplete = true
            works[request.id]?.attempts[number]?.progress = now
            note(result, attempt.fold.plan.id)
            act(.keep(attempt.fold.plan.id))
            tell(.complete(request.id, attempt.fold.plan.id))
            for report in OperationReport.reports(of: attempt.fold, for: request.content, in: committee.epoch)
            {
                endorse(report, for: request.id, in: number)
            }
        }
    }

    /// Whether nobody has deposited for these new keys; what was deposited first decides where the ether goes.
    private mutating func isUnknownToBeacon(_ result: OperationResult, at now: Instant) -> Bool {
        guard setting.hasBeacon, case .keys(_, let keys) = result else { return true }
        var isUnknown = true
        for key in keys where key.depositSignature != nil {
            if standing(of: key.sharing.publicKey.bytes, at: now) != BeaconStanding.none { isUnknown = false }
        }
        return isUnknown
    }

    mutating func endorse(_ report: OperationReport, for request: RequestID, in attempt: UInt64?) {
        let hash = report.structHash
        guard reports[hash] == nil else { return }
        reports[hash] = report
        if let attempt {
            works[request]?.attempts[attempt]?.reports.append(hash)
        } else {
            works[request]?.reports.append(hash)
        }
        unendorsed.append(hash)
    }

    /// Has as much signed as the group is to sign at once, the oldest first.
    mutating func endorseNext() {
        unendorsed.removeAll { reports[$0] == nil }
        let underway = reports.count - signed.count - unendorsed.count
        for hash in unendorsed.prefix(max(0, Self.unsignedLimit - underway)) { act(.endorse(hash)) }
        unendorsed.removeFirst(min(unendorsed.count, max(0, Self.unsignedLimit - underway)))
    }

    /// Holds that a request came to nothing.
    ///
    /// Who is blamed is guilty by what it has signed; others see the same sooner or
    /// later, and what is reported then replaces what was not signed.
    mutating func fail(_ request: OperationFacts.Request, _ reason: FailureReason, in epoch: Epoch) {
        guard let work = works[request.id] else { return }
        let statement = RequestFailureStatement(
            epoch: epoch,
            requestId: Digest(request.id.storage),
            reason: reason.rawValue,
            blamedIds: work.guilty.sorted().prefix(13).map { $0.rawValue }
        )
        let report = OperationReport.failed(statement)
        guard reports[report.structHash] == nil else { return }
        for hash in work.reports where reports.removeValue(forKey: hash) != nil { act(.retract(hash)) }
        works[request.id]?.reports = []
        tell(.failed(request.id, reason))
        endorse(report, for: request.id, in: nil)
    }

    /// What the beacon chain knows of a key, if it has said so; otherwise it is asked, at its pace.
    mutating func standing(of key: G1Bytes, at now: Instant) -> BeaconStanding? {
        if let standing = beacon[key], standing != .unknown {
            // A validator that may not leave yet may do so later, and one whose deposit waits will be known.
            switch standing {
            case .validator(_, nil), .waiting,
                .none where asked[key].map({ now >= $0.advanced(by: Self.retry * 6) }) ?? true:
                ask(key, at: now)
            default: break
            }
            return standing
        }
        guard setting.hasBeacon else { return nil }
        if asked[key].map({ now >= $0.advanced(by: Self.retry) }) ?? true { ask(key, at: now) }
        return nil
    }

    private mutating func ask(_ key: G1Bytes, at now: Instant) {
        asked[key] = now
        act(.askBeacon(key))
    }
}
