/// The promises that every step of every run is held to, by their names in the protocol.
package enum Property: String, CaseIterable, Hashable, Sendable {
    /// At most one member leads a view, and all agree on whom.
    case oneLeaderPerView = "one-leader-per-view"
    /// No member goes back to a lower view, whatever crashes.
    case viewsOnlyRise = "views-only-rise"
    /// A certificate rests on the words of a quorum.
    case certificateNeedsQuorum = "certificate-needs-q"
    /// What a member says about views and votes is on its disk before.
    case noVoteWithoutDurableLock = "no-vote-without-durable-lock"
    /// A nonce signs once.
    case nonceUsedOnce = "nonce-used-once"
    /// An honest member is never accused.
    case noFraming = "no-framing"
    /// All name the same leader for an anchored view.
    case agreementOnAnchored = "agreement-on-anchored"
    /// Once the world is kind, there is a certified leader in bounded time.
    case recovers
    /// A working leader stays.
    case sticky
    /// What a member signs about the logs its disk holds so, and what is anchored of them enough honest disks hold so.
    case attestsTruth = "attests-the-truth"
    /// A log entry that one honest member holds reaches all.
    case nothingDurableLost = "nothing-durable-lost"
    /// No transaction leaves before it is on disk, offers more than the limit, or counts beside another of its nonce.
    case spendsWithinBounds = "spends-within-bounds"
    /// What fewer endpoints say than must agree, and nothing proves, no member takes for true.
    case believesNoLie = "believes-no-lie"
    /// Once the world is kind, the newest election comes onto the chain in bounded time, and all see it there.
    case anchors
    /// Once the world is kind, what the logs hold then is anchored in bounded time.
    case attests
    /// Nobody is made to send, store or do more than is bounded.
    case bounded
}
