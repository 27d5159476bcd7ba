package import Primitives

/// Operators have made this key for this place of a request, and its deposit is this: what makes the contract pay it.
package struct ValidatorCreationStatement: Statement {
    /// The committee that has seen it done.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// The place in the request, from 0.
    package var index: UInt16
    /// The validator's key, 48 bytes.
    package var publicKey: [UInt8]
    /// Who hold shares of it, in rising order.
    package var operatorIds: [UInt64]
    /// How many of them sign as the validator.
    package var threshold: UInt16
    /// The digest of the ceremony.
    package var transcript: Digest
    /// The root of the deposit, its signature included.
    package var depositDataRoot: Digest

    /// The statement of a validator's creation.
    package init(
        epoch: Epoch,
        requestId: Digest,
        index: UInt16,
        publicKey: [UInt8],
        operatorIds: [UInt64],
        threshold: UInt16,
        transcript: Digest,
        depositDataRoot: Digest
    ) {
        self.epoch = epoch
        self.requestId = requestId
        self.index = index
        self.publicKey = publicKey
        self.operatorIds = operatorIds
        self.threshold = threshold
        self.transcript = transcript
        self.depositDataRoot = depositDataRoot
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: """
                ValidatorCreation(uint64 epoch,bytes32 requestId,uint16 index,bytes publicKey,uint64[] operatorIds,\
                uint16 threshold,bytes32 transcript,bytes32 depositDataRoot)
                """
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(index)
        words.append(bytes: publicKey)
        words.append(list: operatorIds)
        words.append(threshold)
        words.append(transcript)
        words.append(depositDataRoot)
        return words.hash()
    }
}
