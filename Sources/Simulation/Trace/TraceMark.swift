package import Peer
package import Primitives

/// What a record of a trace means, for pictures; its text says the same to people.
package enum TraceMark: Hashable, Sendable {
    /// The member's process runs from now on.
    case up
    /// It does not any more.
    case down
    /// The member is in a view with this leader.
    case view(View, leader: MemberIndex)
    /// The member acts as leader, or no more.
    case leads(Bool)
    /// The member holds a view's election certificate.
    case certified(View)
    /// The member sees a view's election this deep in the chain.
    case anchored(View, ChainStage)
    /// The member suspects the leader of its view, or no more.
    case suspects(Bool)
    /// Something bad happens to the world.
    case fault
    /// The world is kind from now on.
    case kindness
    /// All who live agree on a certified leader.
    case agreement(View)
}
