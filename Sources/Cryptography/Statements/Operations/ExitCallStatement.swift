package import Primitives

/// By this call the owner can make the operators end this validator.
package struct ExitCallStatement: Statement {
    /// The committee that says so.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// The validator's key, 48 bytes.
    package var publicKey: [UInt8]
    /// The data of the owner's transaction.
    package var call: [UInt8]

    /// The statement of a call.
    package init(epoch: Epoch, requestId: Digest, publicKey: [UInt8], call: [UInt8]) {
        self.epoch = epoch
        self.requestId = requestId
        self.publicKey = publicKey
        self.call = call
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: "ExitCall(uint64 epoch,bytes32 requestId,bytes publicKey,bytes call)"
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(bytes: publicKey)
        words.append(bytes: call)
        return words.hash()
    }
}
