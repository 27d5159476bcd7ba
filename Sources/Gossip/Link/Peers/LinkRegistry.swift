package import Primitives

/// Names one connection within this node, for as long as the node runs.
package struct LinkID: Hashable, Comparable, Sendable {
    /// The number, never used twice.
    package let rawValue: UInt64

    /// The connection of this number.
    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (left: LinkID, right: LinkID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Which end of a connection began it.
package enum LinkSide: Hashable, Sendable {
    /// This node dialed.
    case own
    /// The peer dialed.
    case peer
}

/// Holds each pair of members to one connection.
///
/// When both dial at once, two connections come up, and both ends must close the same one without asking each
/// other: they keep the one whose initiator has the lower identity. When a second connection comes from the
/// *same* initiator, the initiator has lost the first: the newer stays. When it comes from the other end long
/// after the first (``simultaneity``), it cannot have been dialed at the same time: that end has lost the first,
/// and the newer stays too. In between, a connection that lost against an older one has the older one probed, so
/// that a dead one does not win for long.
package struct LinkRegistry: Sendable {
    /// How far apart two connections dialed at the same time can come up.
    ///
    /// Three spans of at most ``HandshakeMachine/deadline`` each: the dial, and the handshakes of both.
    package static let simultaneity = Duration.seconds(15)

    /// What to do with connections.
    package enum Action: Hashable, Sendable {
        /// Use this connection for the peer from now on.
        case use(LinkID, Identity)
        /// Close this one with ``Close/Code/duplicate``; it carries nothing any more.
        case close(LinkID)
        /// Ask this one for a sign of life, and close it if none comes.
        case probe(LinkID)
    }

    private struct Link: Sendable {
        let id: LinkID
        let initiator: LinkSide
        let since: Instant
    }

    private let own: Identity
    private var links: [Identity: Link] = [:]

    /// No links yet.
    package init(own: Identity) {
        self.own = own
    }

    /// The peers with a link, in the order of their identities.
    package var peers: [Identity] { links.keys.sorted() }

    /// The connection in use for a peer.
    package func link(to peer: Identity) -> LinkID? { links[peer]?.id }

    /// Takes a connection whose handshake is done.
    package mutating func established(
        _ id: LinkID,
        with peer: Identity,
        by initiator: LinkSide,
        at now: Instant
    ) -> [Action] {
        precondition(peer != own, "a link to oneself")
        let new = Link(id: id, initiator: initiator, since: now)
        guard let old = links[peer] else {
            links[peer] = new
            return [.use(id, peer)]
        }
        guard replaces(new, old, to: peer) else { return [.close(id), .probe(old.id)] }
        links[peer] = new
        return [.close(old.id), .use(id, peer)]
    }

    private func replaces(_ new: Link, _ old: Link, to peer: Identity) -> Bool {
        if new.initiator == old.initiator { return true }
        if old.since.duration(to: new.since) > Self.simultaneity { return true }
        return new.initiator == (own < peer ? .own : .peer)
    }

    /// Forgets a connection that has ended.
    ///
    /// - Returns: The peer that has no link now, or `nil` when the connection was not the one in use.
    package mutating func closed(_ id: LinkID, with peer: Identity) -> Identity? {
        guard links[peer]?.id == id else { return nil }
        links[peer] = nil
        return peer
    }
}
