package import Primitives

/// What of this request has not been reported will not be done.
package struct RequestFailureStatement: Statement {
    /// The committee that says so.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// Why, not 0.
    package var reason: UInt8
    /// Who is at fault, in rising order.
    package var blamedIds: [UInt64]

    /// The statement of a failure.
    package init(epoch: Epoch, requestId: Digest, reason: UInt8, blamedIds: [UInt64]) {
        self.epoch = epoch
        self.requestId = requestId
        self.reason = reason
        self.blamedIds = blamedIds
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: "RequestFailure(uint64 epoch,bytes32 requestId,uint8 reason,uint64[] blamedIds)"
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(reason)
        words.append(list: blamedIds)
        return words.hash()
    }
}
