package import Primitives

/// The active committee lives and does not want to be replaced by these members.
///
/// Signed by the active group key against an emergency proposal of the governor.
package struct VetoStatement: Statement {
    /// The epoch of the proposal.
    package var epoch: Epoch
    /// `keccak256(abi.encode(Member[]))` of the proposed members.
    package var membersHash: Digest

    /// The statement of a veto.
    package init(epoch: Epoch, membersHash: Digest) {
        self.epoch = epoch
        self.membersHash = membersHash
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(type: "Veto(uint64 epoch,bytes32 membersHash)")
        words.append(epoch.rawValue)
        words.append(membersHash)
        return words.hash()
    }
}
