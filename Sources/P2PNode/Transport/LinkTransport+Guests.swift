internal import Gossip
package import Primitives

/// Links with those that are no members: taken, never dialed, and heard by an observer of their own.
extension LinkTransport {
    /// From whom the node takes links besides members.
    package var guests: Set<Identity> { guestBook.expected }

    /// Sets from whom the node takes links besides members; one that is a member is none of them.
    ///
    /// Links of those that are no more expected are closed.
    package func setGuests(_ identities: Set<Identity>) {
        for id in guestBook.expect(identities) {
            dismissed.insert(id)
            links[id]?.close(.notAdmitted)
        }
    }

    /// A guest has broken the protocol: it is not taken again for a time.
    package func guestOffended(_ guest: Identity) {
        guestBook.offended(guest, at: clock.now)
    }

    /// Takes a guest's connection whose handshake is done; answers `nil` when it may not have it.
    func guestEstablished(_ link: Link) async -> Link? {
        // Nobody dials a guest, so whoever answers a dial with a guest's identity is not who was dialed.
        guard link.initiator == .peer, guestObserver != nil else {
            forget(link.id)?.close(.notAdmitted)
            return nil
        }
        switch guestBook.came(link.peer, by: link.id, at: clock.now) {
        case .admitted(let old):
            if let old { forget(old)?.close(.duplicate) }
        case .unknown:
            forget(link.id)?.close(.notAdmitted)
            return nil
        case .busy:
            forget(link.id)?.close(.busy)
            return nil
        }
        await guestObserver?.linkUp(link)
        return link
    }

    /// A guest's connection has ended.
    func guestEnded(_ link: Link, _ reason: LinkEnd) async {
        // Whose link was closed because it is expected no more is out of the book, and may have come again.
        let isDismissed = dismissed.remove(link.id) != nil && guestBook.link(of: link.peer) == nil
        guard guestBook.left(link.peer, link.id) || isDismissed else { return }
        await guestObserver?.linkDown(link.peer, .other, because: reason)
    }

    /// Who hears what comes over a link.
    nonisolated func observer(of link: Link) -> (any LinkObserver)? {
        link.isGuest ? guestObserver : observer
    }
}
