package import BLS12381
package import Primitives

/// What the contract for validators' keys has said, as far as it matters to who carries operations out.
package enum OperationFact: Hashable, Sendable {
    /// An operator is there, or is other than before.
    case operatorKnown(OperatorRecord)
    /// The governor asks for something.
    case requested(OperationRequest, RequestID)
    /// What of a request has not been reported is taken back.
    case cancelled(RequestID)
    /// What of a request has not been reported will not be done.
    case failed(RequestID, FailureReason)
    /// A validator is made, for this place of a request.
    case created(RequestID, place: UInt16, ValidatorRecord)
    /// A key has other shares.
    case reshared(RequestID, ValidatorRecord)
    /// A validator has been made to leave.
    case exited(RequestID)
    /// A validator has left.
    case closed(G1Bytes)
}

/// A validator as the chain knows it.
package struct ValidatorRecord: Hashable, Sendable {
    /// Its key.
    package var publicKey: G1Bytes
    /// Who hold shares.
    package var operators: OperatorGroup
    /// The digest of the ceremony that made these shares.
    package var transcript: Digest

    /// Joins the three.
    package init(publicKey: G1Bytes, operators: OperatorGroup, transcript: Digest) {
        self.publicKey = publicKey
        self.operators = operators
        self.transcript = transcript
    }
}

/// What has become of a request.
package enum RequestState: Hashable, Sendable {
    /// It is to be done, but for the places that are done.
    case open(done: Set<UInt16>)
    /// All of it is done.
    case done
    /// It was taken back.
    case cancelled
    /// It will not be done.
    case failed(FailureReason)
}
