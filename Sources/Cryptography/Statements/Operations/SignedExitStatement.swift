package import Primitives

/// The operators have signed this voluntary exit.
package struct SignedExitStatement: Statement {
    /// The committee that has seen it done.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// The validator's key, 48 bytes.
    package var publicKey: [UInt8]
    /// The beacon chain's epoch from which on the exit counts.
    package var exitEpoch: UInt64
    /// The validator's number on the beacon chain.
    package var validatorIndex: UInt64
    /// The validator's signature, 96 bytes.
    package var exitSignature: [UInt8]

    /// The statement of a signed exit.
    package init(
        epoch: Epoch,
        requestId: Digest,
        publicKey: [UInt8],
        exitEpoch: UInt64,
        validatorIndex: UInt64,
        exitSignature: [UInt8]
    ) {
        self.epoch = epoch
        self.requestId = requestId
        self.publicKey = publicKey
        self.exitEpoch = exitEpoch
        self.validatorIndex = validatorIndex
        self.exitSignature = exitSignature
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: """
                SignedExit(uint64 epoch,bytes32 requestId,bytes publicKey,uint64 exitEpoch,uint64 validatorIndex,\
                bytes exitSignature)
                """
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(bytes: publicKey)
        words.append(exitEpoch)
        words.append(validatorIndex)
        words.append(bytes: exitSignature)
        return words.hash()
    }
}
