/// What gossip counts.
package enum GossipMetric: Hashable, Sendable {
    /// An object, or a message, was dropped.
    case dropped(DropReason)
    /// A signature was verified.
    case verified
    /// A register was passed on to a member who had asked for it, or by flooding.
    case relayed
    /// A heartbeat of one's own, those outside the schedule included.
    case heartbeat
    /// A neighbour's heartbeat came by its own link, by so many microseconds later after the one before than it should;
    /// at least one.
    case heartbeatLateness
    /// A pull was sent.
    case pull
    /// A pull brought nothing usable, or nothing in time.
    case pullFailed
    /// A pull of a peer was answered.
    case served
    /// An entry of one's own was not appended.
    case entryRefused(EntryRefusal)
}

/// Why something was dropped that is nobody's offence, or not the sender's.
package enum DropReason: Hashable, Sendable, CaseIterable {
    /// It belongs to another epoch.
    case otherEpoch
    /// It is not newer than what is held.
    case stale
    /// It is held already.
    case duplicate
    /// It is one's own, come back.
    case echo
    /// The author says more than its quota.
    case authorQuota
    /// The link asks for more than its quota.
    case linkQuota
    /// The link is about to be closed, or was never announced.
    case closedLink
    /// No epoch has begun, or the message is not gossip's business.
    case unexpected
    /// The author contradicted itself in its log; nothing is added to it any more.
    case forkedLog
    /// The log's entries before it are not here yet, and there is no room to keep it.
    case gap
    /// Too much waits for the store.
    case storeBusy
    /// The author is not a member any more.
    case formerMember
    /// A range that nobody asked for and that does not continue the log.
    case unasked
    /// The log does not reach that far, or the reader has gone.
    case nothingToServe
    /// Where a log begins is attested by a key that is not known yet, or not in force here.
    case keyUnknown
    /// Where a log begins contradicts what is held of it.
    case conflictingStart
}
