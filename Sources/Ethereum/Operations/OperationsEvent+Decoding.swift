internal import BLS12381
internal import Cryptography
internal import KeyOperations
package import Primitives

extension OperationsEvent {
    private static let signatures: [Kind: ABISignature] = {
        let operatorTypes: [ABIType] = [.uint(64), OperationsShapes.operatorType]
        func report(_ name: String, _ kind: Kind) -> ABISignature {
            ABISignature(name, [.word] + kind.indexed + kind.types)
        }
        func request(_ name: String, _ type: ABIType) -> ABISignature {
            ABISignature(name, [.word, .uint(64), type])
        }
        return [
            .operatorRegistered: ABISignature("OperatorRegistered", operatorTypes),
            .operatorChanged: ABISignature("OperatorChanged", operatorTypes),
            .keygen: request("KeygenRequested", OperationsShapes.keygenType),
            .reshare: request("ReshareRequested", OperationsShapes.reshareType),
            .exit: request("ExitRequested", OperationsShapes.exitType),
            .cancelled: ABISignature("RequestCancelled", [.word]),
            .failed: report("RequestFailed", .failed),
            .created: report("ValidatorCreated", .created),
            .reshared: report("ValidatorReshared", .reshared),
            .exitSigned: report("ValidatorExitSigned", .exitSigned),
            .exitTriggered: report("ValidatorExitTriggered", .exitTriggered),
            .exitCall: report("ValidatorExitCall", .exitCall),
            .closed: ABISignature("ValidatorClosed", Kind.closed.types),
        ]
    }()

    /// The first topics of all events that are followed.
    package static let topics: [Digest] = Kind.allCases.compactMap { signatures[$0]?.topic }

    private enum Kind: CaseIterable {
        case operatorRegistered, operatorChanged, keygen, reshare, exit, cancelled, failed
        case created, reshared, exitSigned, exitTriggered, exitCall, closed

        /// What stands in topics beside the event and, but for operators, the request's id.
        var indexed: [ABIType] { self == .created ? [.uint(16)] : [] }

        /// What stands in the data.
        var types: [ABIType] {
            let ids = ABIType.list(.uint(64))
            return switch self {
            case .operatorRegistered, .operatorChanged: [OperationsShapes.lenientOperatorType]
            case .keygen: [OperationsShapes.keygenType]
            case .reshare: [OperationsShapes.reshareType]
            case .exit: [OperationsShapes.exitType]
            case .cancelled: []
            case .failed: [.uint(64), .uint(8), ids, RegistrySignature.type]
            case .created:
                [
                    .uint(64), .bytes, .word, .uint(64), ids, .uint(16), .word, .bytes, .word,
                    RegistrySignature.type,
                ]
            case .reshared: [.uint(64), .bytes, ids, .uint(16), .word, RegistrySignature.type]
            case .exitSigned: [.uint(64), .bytes, .uint(64), .uint(64), .bytes, RegistrySignature.type]
            case .exitTriggered: [.uint(64), .bytes, .uint(64), .uint(256), RegistrySignature.type]
            case .exitCall: [.uint(64), .bytes, .bytes, RegistrySignature.type]
            case .closed: [.bytes, ids]
            }
        }

        var topicCount: Int {
            switch self {
            case .keygen, .reshare, .exit, .created: 3
            case .closed: 1
            default: 2
            }
        }
    }

    /// Reads a log of the contract on a chain.
    ///
    /// - Throws: ``ABIError`` when it is no log of these events, its data is not canonical, a number is beyond what the
    ///   contract lets pass, or its parts contradict each other.
    package init(_ log: Log, chainId: UInt64) throws(ABIError) {
        guard let topic = log.topics.first,
            let kind = Self.signatures.first(where: { $0.value.topic == topic })?.key
        else { throw .unexpected("a log of another event") }
        guard log.topics.count == kind.topicCount else { throw .unexpected("\(log.topics.count) topics") }
        let values = try ABIDecoder.decode(kind.types, from: log.data)
        switch kind {
        case .operatorRegistered: self = .operatorRegistered(try Self.record(log, values))
        case .operatorChanged: self = .operatorChanged(try Self.record(log, values))
        case .keygen, .reshare, .exit:
            let number = try ABIDecoder.decode([.uint(64)], from: log.topics[2].array)[0].asUInt64("number")
            let request = try Self.request(kind, number, values[0])
            let id = RequestID(log.topics[1].storage)
            guard request.id(chainId: chainId, contract: log.address) == id else {
                throw .unexpected("a request whose id is not that of what it asks")
            }
            self = .requested(request, id)
        case .cancelled: self = .requestCancelled(RequestID(log.topics[1].storage))
        case .failed: self = .requestFailed(try RequestFailed(log, values))
        case .created: self = .validatorCreated(try ValidatorCreated(log, values))
        case .reshared: self = .validatorReshared(try ValidatorReshared(log, values))
        case .exitSigned: self = .exitSigned(try ValidatorExitSigned(log, values))
        case .exitTriggered: self = .exitTriggered(try ValidatorExitTriggered(log, values))
        case .exitCall: self = .exitCall(try ValidatorExitCall(log, values))
        case .closed:
            self = .validatorClosed(
                ValidatorClosed(
                    publicKey: try values[0].asPublicKey("publicKey"),
                    operators: try values[1].asGroup("operatorIds")
                )
            )
        }
    }

    private static func record(_ log: Log, _ values: [ABIValue]) throws(ABIError) -> OperatorRecord {
        let id = try ABIDecoder.decode([.uint(64)], from: log.topics[1].array)[0].asUInt64("id")
        return try OperationsShapes.record(id: OperatorID(id), values[0])
    }

    private static func request(
        _ kind: Kind,
        _ number: UInt64,
        _ value: ABIValue
    ) throws(ABIError) -> OperationRequest {
        switch kind {
        case .keygen: .keygen(try OperationsShapes.keygen(number, value))
        case .reshare: .reshare(try OperationsShapes.reshare(number, value))
        default: .exit(try OperationsShapes.exit(number, value))
        }
    }
}
