package import BLS12381
package import Cryptography
package import KeyOperations
package import Primitives

/// A call that changes the contract for validators' keys.
package enum OperationsCall: Hashable, Sendable {
    /// Asks for something; the governor's. The contract gives the number.
    case request(OperationRequest)
    /// Takes back what of a request has not been reported; the governor's.
    case cancel(RequestID)
    /// Records a validator and pays its deposit.
    case create(KeygenRequest, ValidatorCreationStatement, depositSignature: G2Bytes, RegistrySignature)
    /// Records a key's new shares.
    case reshare(ReshareRequest, ValidatorReshareStatement, RegistrySignature)
    /// Publishes an exit that the operators have signed.
    case publishExit(ExitRequest, SignedExitStatement, RegistrySignature)
    /// Makes a withdrawal request.
    case triggerExit(ExitRequest, TriggeredExitStatement, RegistrySignature)
    /// Publishes the owner's call.
    case publishCall(ExitRequest, ExitCallStatement, RegistrySignature)
    /// Records that a request came to nothing.
    case fail(RequestFailureStatement, RegistrySignature)

    private static let ids = ABIType.list(.uint(64))
    private static let requestKeygen = ABISignature("requestKeygen", [OperationsShapes.keygenType])
    private static let requestReshare = ABISignature("requestReshare", [OperationsShapes.reshareType])
    private static let requestExit = ABISignature("requestExit", [OperationsShapes.exitType])
    private static let cancelRequest = ABISignature("cancelRequest", [.word])
    private static let reportKeygen = ABISignature(
        "reportKeygen",
        [
            .uint(64), .uint(64), OperationsShapes.keygenType, .uint(16), ids, .bytes, .bytes, .word,
            RegistrySignature.type,
        ]
    )
    private static let reportReshare = ABISignature(
        "reportReshare",
        [.uint(64), .uint(64), OperationsShapes.reshareType, .word, RegistrySignature.type]
    )
    private static let reportExitSigned = ABISignature(
        "reportExitSigned",
        [
            .uint(64), .uint(64), OperationsShapes.exitType, .uint(64), .uint(64), .bytes,
            RegistrySignature.type,
        ]
    )
    private static let triggerExit = ABISignature(
        "triggerExit",
        [.uint(64), .uint(64), OperationsShapes.exitType, RegistrySignature.type]
    )
    private static let reportExitCall = ABISignature(
        "reportExitCall",
        [.uint(64), .uint(64), OperationsShapes.exitType, RegistrySignature.type]
    )
    private static let reportFailure = ABISignature(
        "reportFailure",
        [.uint(64), .word, .uint(8), ids, RegistrySignature.type]
    )

    /// The transaction's data.
    package var data: [UInt8] {
        switch self {
        case .request(let request):
            let function =
                switch request {
                case .keygen: Self.requestKeygen
                case .reshare: Self.requestReshare
                case .exit: Self.requestExit
                }
            return function.call([OperationsShapes.value(request)])
        case .cancel(let id): return Self.cancelRequest.call([.word(Digest(id.storage))])
        case .create(let request, let statement, let depositSignature, let signature):
            return Self.reportKeygen.call(
                Self.leading(statement.epoch, .keygen(request)) + [
                    .number(UInt64(statement.index)), OperationsShapes.ids(statement.operatorIds),
                    .bytes(statement.publicKey), .bytes(depositSignature.array), .word(statement.transcript),
                    signature.value,
                ]
            )
        case .reshare(let request, let statement, let signature):
            return Self.reportReshare.call(
                Self.leading(statement.epoch, .reshare(request)) + [
                    .word(statement.transcript), signature.value,
                ]
            )
        case .publishExit(let request, let statement, let signature):
            return Self.reportExitSigned.call(
                Self.leading(statement.epoch, .exit(request)) + [
                    .number(statement.exitEpoch), .number(statement.validatorIndex),
                    .bytes(statement.exitSignature), signature.value,
                ]
            )
        case .triggerExit(let request, let statement, let signature):
            return Self.triggerExit.call(
                Self.leading(statement.epoch, .exit(request)) + [signature.value]
            )
        case .publishCall(let request, let statement, let signature):
            return Self.reportExitCall.call(
                Self.leading(statement.epoch, .exit(request)) + [signature.value]
            )
        case .fail(let statement, let signature):
            return Self.reportFailure.call([
                .number(statement.epoch.rawValue), .word(statement.requestId),
                .number(UInt64(statement.reason)), OperationsShapes.ids(statement.blamedIds), signature.value,
            ])
        }
    }

    private static func leading(_ epoch: Epoch, _ request: OperationRequest) -> [ABIValue] {
        [.number(epoch.rawValue), .number(request.number), OperationsShapes.value(request)]
    }

    /// How much gas the call may use, in excess of what it uses on the development chain.
    ///
    /// Each operator has a record of its own: 28 thousand for the first of its validators, 11 thousand for another.
    package var gasLimit: UInt64 {
        switch self {
        case .request: 250_000
        case .cancel: 50_000
        case .create(_, let statement, _, _): 300_000 + 40_000 * UInt64(statement.operatorIds.count)
        case .reshare(let request, _, _):
            150_000 + 40_000 * UInt64(request.oldOperators.count + request.newOperators.count)
        case .publishExit, .publishCall: 120_000
        case .triggerExit: 300_000
        case .fail: 160_000
        }
    }
}

extension ExitCallStatement {
    /// The statement about the call that the contract makes up for a request.
    package init(epoch: Epoch, id: RequestID, of request: ExitRequest) {
        let exitValidator = ABISignature("exitValidator", [.bytes, .list(.uint(64))])
        self.init(
            epoch: epoch,
            requestId: Digest(id.storage),
            publicKey: request.publicKey.array,
            call: exitValidator.call([
                .bytes(request.publicKey.array), OperationsShapes.ids(request.operators.numbers),
            ])
        )
    }
}
