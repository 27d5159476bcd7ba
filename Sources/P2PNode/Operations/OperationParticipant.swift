package import Gossip
package import KeyOperations
package import Peer
package import Primitives

/// What a machine of a ceremony hears from those it speaks with.
package enum OperationNews: Hashable, Sendable {
    /// An item has come; its bytes are those of its name, and whether they are what it says is for the machine to find.
    case came(OperationItem, from: Identity)
    /// A peer has offered an item: an oracle that does vouches for the order.
    case vouched(ItemName, by: Identity)
    /// An item of one's own is not offered.
    case refused(ItemName, OperationRefusal)
    /// An operation could not be opened: too many are under way.
    case tooManyOperations(Digest)
    /// A peer can be spoken with.
    case present(Identity)
}

/// What a machine of a ceremony wants done.
package enum OperationOrder: Hashable, Sendable {
    /// Speak of an operation with these; with others, if it is open.
    case open(Digest, with: Set<Identity>)
    /// Speak of it no more.
    case close(Digest)
    /// Offer items to all who take part.
    case offer([OperationItem])
    /// What came can never have been what its name says: part with all who have offered it.
    case convict(ItemName)
    /// Take links of these, the registered operators; an oracle's machine says it before it opens anything with them.
    case admit(Set<Identity>)
    /// Tell people of an operator's part.
    case operatorNotice(OperatorNotice)
    /// End the node: what it has promised cannot be kept on its disk.
    case halt(String)
    /// What an oracle's overseer wants of its node.
    case overseer(OverseerMachine.Action)
}

/// The machine of a ceremony at one end of the links: an operator's, or an oracle's.
///
/// It may take its time; nothing of the mesh waits for it.
package protocol OperationParticipant: Machine where Event == OperationNews, Action == OperationOrder {}

/// Takes part in nothing.
package struct NoOperations: OperationParticipant {
    /// The only one there is.
    package init() {}

    package var nextDeadline: Instant? { nil }

    package mutating func handle(_: OperationNews, at _: Instant) -> [OperationOrder] { [] }

    package mutating func expired(at _: Instant) -> [OperationOrder] { [] }
}
