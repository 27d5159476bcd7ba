package import Primitives

/// What a heartbeat tells the view change; its signature is checked already.
package struct HeartbeatFact: Hashable, Sendable {
    /// Who beat.
    package var author: MemberIndex
    /// The heartbeat's place among its author's.
    package var order: Order
    /// The view the author is in.
    package var view: View
    /// The order of the newest heartbeat of that view's leader that the author holds.
    package var leaderSeen: Order
    /// Whether the author announces that it steps down.
    package var isDraining: Bool
    /// Whether the author, leading, declares that it sees no quorum.
    package var lacksQuorum: Bool

    /// The part of a heartbeat that matters here.
    package init(
        author: MemberIndex,
        order: Order,
        view: View,
        leaderSeen: Order,
        isDraining: Bool = false,
        lacksQuorum: Bool = false
    ) {
        self.author = author
        self.order = order
        self.view = view
        self.leaderSeen = leaderSeen
        self.isDraining = isDraining
        self.lacksQuorum = lacksQuorum
    }
}
