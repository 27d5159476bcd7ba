package import Primitives

/// The members' logs come to this: what the group key signs so that entries can be shown to anybody later.
package struct ProofAnchorStatement: Statement {
    /// The committee that attests.
    package var epoch: Epoch
    /// The place among all such statements, from 1 without gaps, over all epochs.
    package var number: UInt64
    /// What the logs come to.
    package var root: Digest

    /// The statement of an anchor.
    package init(epoch: Epoch, number: UInt64, root: Digest) {
        self.epoch = epoch
        self.number = number
        self.root = root
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(type: "ProofAnchor(uint64 epoch,uint64 number,bytes32 root)")
        words.append(epoch.rawValue)
        words.append(number)
        words.append(root)
        return words.hash()
    }
}
