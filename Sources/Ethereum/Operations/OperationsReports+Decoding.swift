internal import BLS12381
internal import Cryptography
internal import KeyOperations
internal import Primitives

/// The reports, from a log's topics and its decoded data.
extension ValidatorCreated {
    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        let index = try ABIDecoder.decode([.uint(16)], from: log.topics[2].array)[0].asUInt64("index")
        let publicKey = try values[1].asPublicKey("publicKey")
        let credentials = FixedBytes<BeaconTag.WithdrawalCredentials, 32>(
            try values[2].asWord("withdrawalCredentials").storage
        )
        guard let read = WithdrawalCredentials(credentials) else {
            throw .unexpected("credentials that name no address")
        }
        operators = try values[4].asGroup("operatorIds")
        let threshold = try operators.checked(values[5])
        deposit = DepositData(
            message: DepositMessage(
                publicKey: publicKey,
                withdrawalCredentials: read,
                amount: Gwei(rawValue: try values[3].asUInt64("amount"))
            ),
            signature: try values[7].asValidatorSignature("depositSignature")
        )
        let root = try values[8].asWord("depositDataRoot")
        guard deposit.hashTreeRoot() == root else { throw .unexpected("a deposit of another root") }
        statement = ValidatorCreationStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            index: UInt16(truncatingIfNeeded: index),
            publicKey: publicKey.array,
            operatorIds: operators.numbers,
            threshold: threshold,
            transcript: try values[6].asWord("transcript"),
            depositDataRoot: root
        )
        signature = try RegistrySignature(value: values[9])
    }
}

extension ValidatorReshared {
    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        publicKey = try values[1].asPublicKey("publicKey")
        operators = try values[2].asGroup("operatorIds")
        statement = ValidatorReshareStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            publicKey: publicKey.array,
            operatorIds: operators.numbers,
            threshold: try operators.checked(values[3]),
            transcript: try values[4].asWord("transcript")
        )
        signature = try RegistrySignature(value: values[5])
    }
}

extension ValidatorExitSigned {
    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        publicKey = try values[1].asPublicKey("publicKey")
        exit = VoluntaryExit(
            epoch: try values[2].asUInt64("exitEpoch"),
            validatorIndex: try values[3].asUInt64("validatorIndex")
        )
        exitSignature = try values[4].asValidatorSignature("exitSignature")
        statement = SignedExitStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            publicKey: publicKey.array,
            exitEpoch: exit.epoch,
            validatorIndex: exit.validatorIndex,
            exitSignature: exitSignature.array
        )
        signature = try RegistrySignature(value: values[5])
    }
}

extension ValidatorExitTriggered {
    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        publicKey = try values[1].asPublicKey("publicKey")
        statement = TriggeredExitStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            publicKey: publicKey.array,
            feeCap: try values[2].asUInt64("feeCap")
        )
        fee = try values[3].asNumber("fee")
        guard fee <= UInt256(statement.feeCap) else { throw .unexpected("a fee above its cap") }
        signature = try RegistrySignature(value: values[4])
    }
}

extension ValidatorExitCall {
    /// How long the call is at most, that for 13 operators.
    private static let maxCall = 612

    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        publicKey = try values[1].asPublicKey("publicKey")
        let call = try values[2].asBytes("call")
        guard call.count <= Self.maxCall else { throw .unexpected("a call of \(call.count) bytes") }
        statement = ExitCallStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            publicKey: publicKey.array,
            call: call
        )
        signature = try RegistrySignature(value: values[3])
    }
}

extension RequestFailed {
    init(_ log: Log, _ values: [ABIValue]) throws(ABIError) {
        let code = UInt8(truncatingIfNeeded: try values[1].asUInt64("reason"))
        guard code != 0 else { throw .unexpected("a failure without a reason") }
        reason = FailureReason(rawValue: code)
        blamed = try values[2].asOperators("blamedIds")
        statement = RequestFailureStatement(
            epoch: Epoch(try values[0].asUInt64("epoch")),
            requestId: log.topics[1],
            reason: code,
            blamedIds: blamed.map { $0.rawValue }
        )
        signature = try RegistrySignature(value: values[3])
    }
}

extension OperatorGroup {
    /// The threshold that a log names, once it is clear that it is the group's.
    func checked(_ value: ABIValue) throws(ABIError) -> UInt16 {
        let named = try value.asUInt64("threshold")
        guard named == UInt64(threshold) else { throw .unexpected("\(named) of \(count) operators") }
        return UInt16(threshold)
    }
}
