internal import BLS12381
internal import Cryptography
package import KeyOperations
internal import Primitives

extension OperationFact {
    /// What an event means to who carries operations out.
    package init(_ event: OperationsEvent) {
        switch event {
        case .operatorRegistered(let record), .operatorChanged(let record): self = .operatorKnown(record)
        case .requested(let request, let id): self = .requested(request, id)
        case .requestCancelled(let id): self = .cancelled(id)
        case .requestFailed(let failure):
            self = .failed(RequestID(failure.statement.requestId.storage), failure.reason)
        case .validatorCreated(let creation):
            let validator = ValidatorRecord(
                publicKey: creation.deposit.message.publicKey,
                operators: creation.operators,
                transcript: creation.statement.transcript
            )
            let id = RequestID(creation.statement.requestId.storage)
            self = .created(id, place: creation.statement.index, validator)
        case .validatorReshared(let reshare):
            let validator = ValidatorRecord(
                publicKey: reshare.publicKey,
                operators: reshare.operators,
                transcript: reshare.statement.transcript
            )
            self = .reshared(RequestID(reshare.statement.requestId.storage), validator)
        case .exitSigned(let exit): self = .exited(RequestID(exit.statement.requestId.storage))
        case .exitTriggered(let exit): self = .exited(RequestID(exit.statement.requestId.storage))
        case .exitCall(let exit): self = .exited(RequestID(exit.statement.requestId.storage))
        case .validatorClosed(let closed): self = .closed(closed.publicKey)
        }
    }
}
