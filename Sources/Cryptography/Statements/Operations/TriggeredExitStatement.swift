package import Primitives

/// The contract shall ask the beacon chain to end this validator (EIP-7002).
package struct TriggeredExitStatement: Statement {
    /// The committee that says so.
    package var epoch: Epoch
    /// The request's id.
    package var requestId: Digest
    /// The validator's key, 48 bytes.
    package var publicKey: [UInt8]
    /// What it may cost, in wei.
    package var feeCap: UInt64

    /// The statement of an exit to be triggered.
    package init(epoch: Epoch, requestId: Digest, publicKey: [UInt8], feeCap: UInt64) {
        self.epoch = epoch
        self.requestId = requestId
        self.publicKey = publicKey
        self.feeCap = feeCap
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(
            type: "TriggeredExit(uint64 epoch,bytes32 requestId,bytes publicKey,uint64 amount,uint64 feeCap)"
        )
        words.append(epoch.rawValue)
        words.append(requestId)
        words.append(bytes: publicKey)
        // Amount 0 is the whole balance; a part of it is never asked for.
        words.append(UInt64(0))
        words.append(feeCap)
        return words.hash()
    }
}
