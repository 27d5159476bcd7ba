package import Primitives

/// Holds those that are no members to one link each, and all of them to a number.
///
/// A guest is known by its identity once its handshake is done; until then it is a stranger to ``AdmissionControl``,
/// and costs no place that is kept for members. What is limited here is what it may do with its identity: how often
/// it comes, and that it stays away for a time after an offence, doubled each time.
package struct GuestBook: Sendable {
    /// The limits.
    package struct Configuration: Hashable, Sendable {
        /// The most links with guests at a time.
        package var links = 256
        /// How often one guest may come.
        package var coming = TokenBucket(interval: .seconds(1), burst: 16)
        /// How long a guest stays away after its first offence.
        package var firstBan = Duration.seconds(10)
        /// The longest that it must, and the time without offence after which all is forgiven.
        package var longestBan = Duration.seconds(3_600)

        /// The limits of an oracle.
        package init() {}
    }

    /// Whether a guest may have the link it has made.
    package enum Verdict: Hashable, Sendable {
        /// It may, in the place of an older one, if there is one.
        case admitted(replacing: LinkID?)
        /// Its identity is not one that is expected.
        case unknown
        /// It comes too often, too soon after an offence, or there are too many.
        case busy
    }

    private struct Guest: Sendable {
        var coming: TokenBucket
        var link: LinkID?
        var strikes = 0
        var bannedUntil = Instant.start
    }

    private let configuration: Configuration
    private var guests: [Identity: Guest] = [:]
    private var count = 0

    /// Nobody expected.
    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Who is expected.
    package var expected: Set<Identity> { Set(guests.keys) }

    /// The link of a guest.
    package func link(of guest: Identity) -> LinkID? { guests[guest]?.link }

    /// Sets who is expected; answers the links of those that are no more, which are to be closed.
    package mutating func expect(_ identities: Set<Identity>) -> [LinkID] {
        var gone: [LinkID] = []
        for identity in guests.keys.sorted() where !identities.contains(identity) {
            if let link = guests[identity]?.link {
                gone.append(link)
                count -= 1
            }
            guests[identity] = nil
        }
        for identity in identities where guests[identity] == nil {
            guests[identity] = Guest(coming: configuration.coming)
        }
        return gone
    }

    /// A guest has made a link.
    package mutating func came(_ identity: Identity, by link: LinkID, at now: Instant) -> Verdict {
        guard var guest = guests[identity] else { return .unknown }
        let isEarly = now < guest.bannedUntil || !guest.coming.take(at: now)
        let hasRoom = guest.link != nil || count < configuration.links
        guard !isEarly, hasRoom else {
            guests[identity] = guest
            return .busy
        }
        let old = guest.link
        if old == nil { count += 1 }
        guest.link = link
        guests[identity] = guest
        return .admitted(replacing: old)
    }

    /// A link has ended; answers whether it was the one in use.
    package mutating func left(_ identity: Identity, _ link: LinkID) -> Bool {
        guard guests[identity]?.link == link else { return false }
        guests[identity]?.link = nil
        count -= 1
        return true
    }

    /// A guest has broken the protocol.
    package mutating func offended(_ identity: Identity, at now: Instant) {
        guard var guest = guests[identity] else { return }
        if guest.bannedUntil.duration(to: now) >= configuration.longestBan { guest.strikes = 0 }
        guest.strikes = min(guest.strikes + 1, 32)
        let doubled = configuration.firstBan * (1 << (guest.strikes - 1))
        guest.bannedUntil = now.advanced(by: min(doubled, configuration.longestBan))
        guests[identity] = guest
    }
}
