import Primitives

/// Measures the round trip of each link by pings.
struct RoundTrips: Sendable {
    /// How often a link is measured.
    static let period = Duration.seconds(5)

    private struct Measurement: Sendable {
        var nonce: UInt64 = 0
        var sentAt: Instant?
        var dueAt = Instant.start
        var smoothed: Duration?
    }

    private var links: MemberTable<Measurement>
    private var random: SplitMix64

    /// Nothing measured yet; the generator gives the nonces.
    init(size: Int, random: SplitMix64) {
        links = MemberTable(repeating: Measurement(), size: size)
        self.random = random
    }

    /// The smoothed round trip of a link, once measured since it came up.
    func smoothed(_ member: MemberIndex) -> Duration? { links[member].smoothed }

    /// Starts afresh with a new link.
    mutating func linkUp(_ member: MemberIndex) {
        links[member] = Measurement()
    }

    /// The ping to send to the member now, if it is time for one.
    ///
    /// An unanswered ping is given up when the next is due.
    mutating func ping(_ member: MemberIndex, at now: Instant) -> LinkMessage? {
        guard links[member].dueAt <= now else { return nil }
        let nonce = random.next()
        links[member].nonce = nonce
        links[member].sentAt = now
        links[member].dueAt = now.advanced(by: Self.period)
        return LinkMessage(.ping, body: Ping(nonce: nonce).sszBytes)
    }

    /// Takes an answer and gives the new smoothed round trip, or `nil` when the nonce is not the last ping's.
    mutating func answered(_ pong: Pong, by member: MemberIndex, at now: Instant) -> Duration? {
        guard let sentAt = links[member].sentAt, pong.nonce == links[member].nonce else { return nil }
        links[member].sentAt = nil
        let sample = sentAt.duration(to: now)
        let smoothed = links[member].smoothed.map { $0 + (sample - $0) / 8 } ?? sample
        links[member].smoothed = smoothed
        return smoothed
    }
}
