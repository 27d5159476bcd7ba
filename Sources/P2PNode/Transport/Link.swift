package import Gossip
internal import NIOCore
package import Primitives

/// An established connection, as the rest of the node holds it.
///
/// Sending never waits: a peer that does not read is dealt with by the link's own bounded queue.
package struct Link: Sendable {
    /// The connection's name within this run.
    package let id: LinkID
    /// Who is at the other end.
    package let peer: Identity
    /// Which end dialed.
    package let initiator: LinkSide
    /// The address of the other end, for people.
    package let address: String
    /// Whether the peer is no member of the mesh.
    package let isGuest: Bool
    private let channel: any Channel

    init(id: LinkID, established: EstablishedLink, channel: any Channel, isGuest: Bool = false) {
        self.id = id
        self.isGuest = isGuest
        peer = established.peer
        initiator = established.initiator
        address = established.address
        self.channel = channel
    }

    /// Sends messages; those given together leave together.
    package func send(_ messages: [LinkMessage]) {
        channel.writeAndFlush(messages, promise: nil)
    }

    /// Says goodbye and closes.
    package func close(_ code: Close.Code, _ words: String = "") {
        channel.triggerUserOutboundEvent(LinkCommand.close(code, words), promise: nil)
    }

    /// Closes the connection unless a sign of life comes soon.
    package func probe() {
        channel.triggerUserOutboundEvent(LinkCommand.probe, promise: nil)
    }
}
