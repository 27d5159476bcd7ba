internal import BLS12381
package import Cryptography
package import Primitives

/// What the committee of an epoch has signed about an attempt, as far as it does not follow from the attempt itself.
///
/// That the key, the operators, the transcript's digest and the deposit are not repeated leaves no place where they
/// could differ: a signature over anything else does not verify.
package struct TranscriptReport: SSZContainer {
    /// The committee's epoch.
    package var epoch: Epoch
    /// Which key of a keygen it is about; 0 for all else.
    package var place: UInt16
    /// Why the request has failed, a ``FailureReason``; 0 when it is about a result.
    package var reason: UInt8
    /// Whom a failure is blamed on, rising.
    package var blamed: SSZList<OperatorID, 128>
    /// The group's signature over the statement.
    package var signature: GroupSignature

    /// The committee has reported a result: of a keygen, that of a place.
    package init(of place: UInt16 = 0, in epoch: Epoch, signature: GroupSignature) {
        self.epoch = epoch
        self.place = place
        reason = 0
        blamed = SSZList()
        self.signature = signature
    }

    /// The committee has reported a failure.
    package init(
        failure reason: FailureReason,
        blamed: SSZList<OperatorID, 128>,
        in epoch: Epoch,
        signature: GroupSignature
    ) {
        self.epoch = epoch
        place = 0
        self.reason = reason.rawValue
        self.blamed = blamed
        self.signature = signature
    }

    package static let fields = [
        SSZField("epoch", Epoch.self),
        SSZField("place", UInt16.self),
        SSZField("reason", UInt8.self),
        SSZField("blamed", SSZList<OperatorID, 128>.self),
        SSZField("signature", GroupSignature.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(epoch)
        visitor.field(place)
        visitor.field(reason)
        visitor.field(blamed)
        visitor.field(signature)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        epoch = try reader.field()
        place = try reader.field()
        reason = try reader.field()
        blamed = try reader.field()
        signature = try reader.field()
    }

    /// Reports in the order of a transcript, the first of each.
    static func ordered(_ reports: [TranscriptReport]) -> [TranscriptReport] {
        var kept: [TranscriptReport] = []
        // What is about the same was signed twice: one signature is as good as the other.
        for report in reports.sorted(by: precedes) where kept.last.map({ precedes($0, report) }) ?? true {
            kept.append(report)
        }
        return kept
    }

    /// The order in a transcript: no two of one epoch are about the same.
    static func precedes(_ one: TranscriptReport, _ other: TranscriptReport) -> Bool {
        (one.epoch.rawValue, one.place, one.reason) < (other.epoch.rawValue, other.place, other.reason)
    }
}

extension TranscriptReport {
    /// Which statement the group has signed, as hashed for the contract; `nil` when there is none such about this
    /// attempt.
    package func structHash(about attempt: OperationAttempt) -> Digest? {
        let plan = attempt.plan
        let request = Digest(plan.plan.request.storage)
        if reason != 0 { return failureHash(of: request, attempt) }
        guard blamed.elements.isEmpty else { return nil }
        switch (plan.task, attempt.result) {
        case (.keygen(let task), .keys(let transcript, let keys)):
            guard let key = keys.first(where: { $0.place == place }), let signature = key.depositSignature
            else {
                return nil
            }
            let publicKey = key.sharing.publicKey
            let deposit = DepositData(message: task.deposit(of: publicKey), signature: signature)
            return ValidatorCreationStatement(
                epoch: epoch,
                requestId: request,
                index: place,
                publicKey: publicKey.bytes.array,
                operatorIds: plan.group.numbers,
                threshold: UInt16(plan.threshold),
                transcript: transcript,
                depositDataRoot: deposit.hashTreeRoot()
            ).structHash()
        case (.reshare, .keys(let transcript, let keys)):
            guard place == 0, let key = keys.first else { return nil }
            return ValidatorReshareStatement(
                epoch: epoch,
                requestId: request,
                publicKey: key.sharing.publicKey.bytes.array,
                operatorIds: plan.group.numbers,
                threshold: UInt16(plan.threshold),
                transcript: transcript
            ).structHash()
        case (.exit(let task), .exit(let signature)):
            guard place == 0, let key = plan.sharing else { return nil }
            return SignedExitStatement(
                epoch: epoch,
                requestId: request,
                publicKey: key.publicKey.bytes.array,
                exitEpoch: task.exit.epoch,
                validatorIndex: task.exit.validatorIndex,
                exitSignature: signature.array
            ).structHash()
        default: return nil
        }
    }

    private func failureHash(of request: Digest, _ attempt: OperationAttempt) -> Digest? {
        let numbers = blamed.elements.map { $0.rawValue }
        guard attempt.result == nil, place == 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            return nil
        }
        return RequestFailureStatement(epoch: epoch, requestId: request, reason: reason, blamedIds: numbers)
            .structHash()
    }

    /// Whether the group key of its epoch has signed that.
    package func isSigned(
        by key: GroupPublicKey,
        about attempt: OperationAttempt,
        in domain: StatementDomain
    ) -> Bool {
        guard let hash = structHash(about: attempt) else { return false }
        return key.isValid(
            signature,
            of: StatementDigest(domainSeparator: domain.separator, structHash: hash)
        )
    }
}
