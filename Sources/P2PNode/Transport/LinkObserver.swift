package import Gossip
package import Primitives

/// Hears what happens to the links.
///
/// The calls for one peer come one after the other, in order.
package protocol LinkObserver: Sendable {
    /// A link to a member is there; it replaces an earlier one.
    func linkUp(_ link: Link) async

    /// The link that was in use for the member has ended, and there is no other.
    func linkDown(_ peer: Identity, _ cause: RedialMachine.LossCause, because reason: LinkEnd) async

    /// The peer closed its link at this moment, and its host refuses a new one.
    func redialRefused(_ peer: Identity, closedAt: Instant) async

    /// A redial was not refused any more.
    func redialRefusedEnded(_ peer: Identity) async

    /// Messages came over a link, perhaps one that another has replaced meanwhile.
    ///
    /// Returning late slows the peer down.
    func received(_ messages: [LinkMessage], over link: Link) async
}
