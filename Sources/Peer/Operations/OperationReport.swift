internal import BLS12381
package import Cryptography
package import Ethereum
package import KeyOperations
package import Primitives

/// What a committee reports about a request, with all that the contract wants to be told.
package enum OperationReport: Hashable, Sendable {
    /// A validator is made, and its deposit may be paid.
    case created(KeygenRequest, ValidatorCreationStatement, DepositData)
    /// A key has other shares.
    case reshared(ReshareRequest, ValidatorReshareStatement)
    /// The operators have signed an exit.
    case exitSigned(ExitRequest, SignedExitStatement)
    /// The contract may make a withdrawal request.
    case exitTriggered(ExitRequest, TriggeredExitStatement)
    /// The contract may publish the owner's call.
    case exitCall(ExitRequest, ExitCallStatement)
    /// It came to nothing.
    case failed(RequestFailureStatement)

    /// The hash of the statement that the group signs.
    package var structHash: Digest {
        switch self {
        case .created(_, let statement, _): statement.structHash()
        case .reshared(_, let statement): statement.structHash()
        case .exitSigned(_, let statement): statement.structHash()
        case .exitTriggered(_, let statement): statement.structHash()
        case .exitCall(_, let statement): statement.structHash()
        case .failed(let statement): statement.structHash()
        }
    }

    /// The call that brings it to the contract; `nil` when the signature has no form that the contract reads.
    package func call(signedBy signature: GroupSignature) -> OperationsCall? {
        guard let signature = RegistrySignature(signature) else { return nil }
        return switch self {
        case .created(let request, let statement, let deposit):
            .create(request, statement, depositSignature: deposit.signature, signature)
        case .reshared(let request, let statement): .reshare(request, statement, signature)
        case .exitSigned(let request, let statement): .publishExit(request, statement, signature)
        case .exitTriggered(let request, let statement): .triggerExit(request, statement, signature)
        case .exitCall(let request, let statement): .publishCall(request, statement, signature)
        case .failed(let statement): .fail(statement, signature)
        }
    }
}

extension OperationReport {
    /// What a complete attempt has to report, one statement a key; nothing when a deposit would not be taken.
    ///
    /// - Complexity: some 2 ms for each key of a keygen, whose deposits are checked once more as the chain will.
    package static func reports(
        of attempt: OperationAttempt,
        for request: OperationRequest,
        in epoch: Epoch
    ) -> [OperationReport] {
        let plan = attempt.plan
        let id = Digest(plan.plan.request.storage)
        switch (request, plan.task, attempt.result) {
        case (.keygen(let keygen), .keygen(let task), .keys(let transcript, let keys)):
            return keys.compactMap { key in
                guard let signature = key.depositSignature else { return nil }
                let deposit = DepositData(
                    message: task.deposit(of: key.sharing.publicKey),
                    signature: signature
                )
                guard deposit.fault(on: plan.network) == nil else { return nil }
                let statement = ValidatorCreationStatement(
                    epoch: epoch,
                    requestId: id,
                    index: key.place,
                    publicKey: key.sharing.publicKey.bytes.array,
                    operatorIds: plan.group.numbers,
                    threshold: UInt16(plan.threshold),
                    transcript: transcript,
                    depositDataRoot: deposit.hashTreeRoot()
                )
                return .created(keygen, statement, deposit)
            }
        case (.reshare(let reshare), .reshare, .keys(let transcript, _)):
            let statement = ValidatorReshareStatement(
                epoch: epoch,
                requestId: id,
                publicKey: reshare.publicKey.array,
                operatorIds: plan.group.numbers,
                threshold: UInt16(plan.threshold),
                transcript: transcript
            )
            return [.reshared(reshare, statement)]
        case (.exit(let leaving), .exit(let task), .exit(let signature)):
            let statement = SignedExitStatement(
                epoch: epoch,
                requestId: id,
                publicKey: leaving.publicKey.array,
                exitEpoch: task.exit.epoch,
                validatorIndex: task.exit.validatorIndex,
                exitSignature: signature.array
            )
            return [.exitSigned(leaving, statement)]
        default: return []
        }
    }

    /// What is reported of an exit that needs no ceremony; `nil` for one that does.
    package static func report(of leaving: ExitRequest, _ id: RequestID, in epoch: Epoch) -> OperationReport?
    {
        switch leaving.way {
        case .signedExit: nil
        case .withdrawalRequest:
            .exitTriggered(
                leaving,
                TriggeredExitStatement(
                    epoch: epoch,
                    requestId: Digest(id.storage),
                    publicKey: leaving.publicKey.array,
                    feeCap: leaving.feeCap
                )
            )
        case .ownerCall: .exitCall(leaving, ExitCallStatement(epoch: epoch, id: id, of: leaving))
        }
    }
}
