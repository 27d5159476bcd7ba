internal import Consensus
internal import Gossip
internal import Logging
internal import Peer
internal import Primitives

/// Tells those who watch a node what happens to it: the log, and whoever listens live.
struct NoticeBoard: Sendable {
    let logger: Logger
    let events: NodeEventBroadcaster

    /// Posts what the member's machine has noticed.
    func post(_ notice: Notice, _ committee: Committee?) {
        let text = NoticeText(notice, committee)
        logger.log(level: text.level, "\(text.message)", metadata: text.metadata)
        if let event = text.event { events.send(event) }
    }

    /// Posts that a member broke a rule.
    ///
    /// The log is tapered by the quotas that limit what a member can do.
    func post(offence: PeerOffence, by member: MemberIndex) {
        logger.warning("offence", metadata: ["member": "\(member)", "offence": "\(offence)"])
    }

    /// Posts why a link has ended.
    func post(linkEnd: LinkEnd, of peer: Identity, _ committee: Committee?) {
        let member = committee?.index(of: peer).map(\.description) ?? peer.description
        logger.info("link ended", metadata: ["member": "\(member)", "reason": "\(linkEnd)"])
    }
}
