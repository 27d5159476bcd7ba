package import BLS12381
package import Cryptography
package import KeyOperations
internal import Primitives

/// A new validator whose deposit the contract has paid.
package struct ValidatorCreated: Hashable, Sendable {
    /// What the group key has signed; its root is checked against ``deposit``.
    package var statement: ValidatorCreationStatement
    /// Who hold shares of the key.
    package var operators: OperatorGroup
    /// What was paid to the deposit contract.
    package var deposit: DepositData
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// A key of which other operators hold shares now, or the same other shares.
package struct ValidatorReshared: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: ValidatorReshareStatement
    /// The validator's key.
    package var publicKey: G1Bytes
    /// Who hold shares of it.
    package var operators: OperatorGroup
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// An exit that the operators have signed.
package struct ValidatorExitSigned: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: SignedExitStatement
    /// The validator's key.
    package var publicKey: G1Bytes
    /// What the validator says.
    package var exit: VoluntaryExit
    /// The validator's signature.
    package var exitSignature: G2Bytes
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// A withdrawal request that the contract has made.
package struct ValidatorExitTriggered: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: TriggeredExitStatement
    /// The validator's key.
    package var publicKey: G1Bytes
    /// What it has cost, in wei.
    package var fee: UInt256
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// A call for the owner to make.
package struct ValidatorExitCall: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: ExitCallStatement
    /// The validator's key.
    package var publicKey: G1Bytes
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// A request that came to nothing, or to no more.
package struct RequestFailed: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: RequestFailureStatement
    /// Why.
    package var reason: FailureReason
    /// Who is at fault, rising.
    package var blamed: [OperatorID]
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature
}

/// A validator that has left, in the governor's word.
package struct ValidatorClosed: Hashable, Sendable {
    /// Its key.
    package var publicKey: G1Bytes
    /// Who have held shares of it.
    package var operators: OperatorGroup
}

/// What the logs of the contract for validators' keys say.
package enum OperationsEvent: Hashable, Sendable {
    /// An operator is there.
    case operatorRegistered(OperatorRecord)
    /// All of an operator, after a change.
    case operatorChanged(OperatorRecord)
    /// The governor asks for something; the id is checked against what is asked.
    case requested(OperationRequest, RequestID)
    /// What of a request has not been reported is taken back.
    case requestCancelled(RequestID)
    /// What of a request has not been reported will not be done.
    case requestFailed(RequestFailed)
    /// A validator is made.
    case validatorCreated(ValidatorCreated)
    /// A key has other shares.
    case validatorReshared(ValidatorReshared)
    /// A voluntary exit is published.
    case exitSigned(ValidatorExitSigned)
    /// A withdrawal request is made.
    case exitTriggered(ValidatorExitTriggered)
    /// A call for the owner is published.
    case exitCall(ValidatorExitCall)
    /// A validator has left.
    case validatorClosed(ValidatorClosed)
}

/// A log of the contract that carries the committee's signature.
package protocol CommitteeReport: Sendable {
    /// What is signed.
    associatedtype Content: Statement
    /// What the group key has signed.
    var statement: Content { get }
    /// The group's signature.
    var signature: RegistrySignature { get }
}

extension CommitteeReport {
    /// Whether the log proves itself: the group key of its epoch has signed it for this contract and chain.
    ///
    /// An endpoint can hide a report, but it cannot make one up.
    package func isProven(by key: GroupPublicKey, in domain: StatementDomain) -> Bool {
        signature.isValid(by: key, of: statement, in: domain)
    }
}

extension ValidatorCreated: CommitteeReport {}
extension ValidatorReshared: CommitteeReport {}
extension ValidatorExitSigned: CommitteeReport {}
extension ValidatorExitTriggered: CommitteeReport {}
extension ValidatorExitCall: CommitteeReport {}
extension RequestFailed: CommitteeReport {}
