package import Primitives

/// These operators now hold shares of this key.
package struct ValidatorReshareStatement: Statement {
    /// The committee that has seen it done.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// The validator's key, 48 bytes.
    package var publicKey: [UInt8]
    /// Who hold shares of it, in rising order.
    package var operatorIds: [UInt64]
    /// How many of them sign as the validator.
    package var threshold: UInt16
    /// The digest of the ceremony.
    package var transcript: Digest

    /// The statement of a key's new shares.
    package init(
        epoch: Epoch,
        requestId: Digest,
        publicKey: [UInt8],
        operatorIds: [UInt64],
        threshold: UInt16,
        transcript: Digest
    ) {
        self.epoch = epoch
        self.requestId = requestId
        self.publicKey = publicKey
        self.operatorIds = operatorIds
        self.threshold = threshold
        self.transcript = transcript
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: """
                ValidatorReshare(uint64 epoch,bytes32 requestId,bytes publicKey,uint64[] operatorIds,\
                uint16 threshold,bytes32 transcript)
                """
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(bytes: publicKey)
        words.append(list: operatorIds)
        words.append(threshold)
        words.append(transcript)
        return words.hash()
    }
}
