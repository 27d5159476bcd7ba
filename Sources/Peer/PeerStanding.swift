package import Consensus
package import Primitives

/// Whom a member follows: the part of a ``PeerSnapshot`` that is asked for often.
package struct PeerStanding: Hashable, Sendable {
    /// The view the member is in.
    package var view: View?
    /// Why it suspects the view's leader, if it does.
    package var suspicion: WishReason?
    /// The view it wishes for, or its own.
    package var wishedView: View
    /// The highest view whose election certificate it holds.
    package var electedView: View?
    /// Whether it acts as leader.
    package var isLeading: Bool
}

extension PeerStanding {
    /// What a snapshot says of it.
    package init(_ snapshot: PeerSnapshot) {
        view = snapshot.view
        suspicion = snapshot.suspicion
        wishedView = snapshot.wishedView
        electedView = snapshot.election?.view
        isLeading = snapshot.isLeading
    }
}

extension PeerMachine {
    /// Whom the member follows; `nil` before its first epoch.
    ///
    /// Mutating, so that it is asked in place.
    package mutating func standing() -> PeerStanding? { epoch?.standing() }
}

extension PeerEpoch {
    fileprivate mutating func standing() -> PeerStanding {
        PeerStanding(
            view: current,
            suspicion: suspicion,
            wishedView: view.wishedView,
            electedView: view.highestElection?.view,
            isLeading: isLeading
        )
    }
}
