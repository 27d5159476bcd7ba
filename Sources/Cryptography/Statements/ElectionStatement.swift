package import Primitives

/// This account leads this view: what the group key signs to certify an election.
package struct ElectionStatement: Statement {
    /// The committee that elects.
    package var epoch: Epoch
    /// The term of leadership.
    package var view: View
    /// The leader's account.
    package var leader: Address

    /// The statement of an election.
    package init(epoch: Epoch, view: View, leader: Address) {
        self.epoch = epoch
        self.view = view
        self.leader = leader
    }

    /// ``Statement/structHash()``.
    package func structHash() -> Digest {
        var words = StatementWords(type: "Election(uint64 epoch,uint64 viewNumber,address leader)")
        words.append(epoch.rawValue)
        words.append(view.rawValue)
        words.append(leader)
        return words.hash()
    }
}
