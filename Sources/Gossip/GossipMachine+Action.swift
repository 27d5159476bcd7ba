package import Primitives

extension GossipMachine {
    /// What the owner must now do.
    package enum Action: Hashable, Sendable {
        /// Put a message into the link's outbound queue.
        ///
        /// One that is refused for want of room may be dropped: what matters is asked for again.
        case send(LinkMessage, to: MemberIndex)
        /// Make a record durable, then answer with `persisted`; records complete in the order of their tickets.
        case persist(GossipRecord, ticket: UInt64)
        /// Read from a stored log, with the records of all earlier `persist` actions in it.
        case readLog(LogRead)
        /// Tell the rest of the node.
        case deliver(GossipFact)
        /// Keep, and act on, the proof that a member contradicted itself.
        indirect case evidence(Contradiction)
        /// Count an offence against the member that committed it.
        case penalize(MemberIndex, Offence)
        /// End the link to the member, which sent what no honest program sends.
        case disconnect(MemberIndex, Offence)
        /// Add to a counter.
        case count(GossipMetric, Int)
    }
}

/// What gossip has learnt that concerns the rest of the node.
package enum GossipFact: Hashable, Sendable {
    /// A newer heartbeat of a member, whoever relayed it.
    case heartbeat(HeardHeartbeat)
    /// A newer wish or lost link of a member; its payload is not yet looked at.
    case register(SignedObject, from: MemberIndex)
    /// The node's own register, now signed and sent.
    case published(SignedObject)
    /// An entry of a member's log, the node's own included: durable, in order, once a run.
    indirect case logEntry(DeliveredEntry)
    /// What a log that is not empty comes to when an epoch begins; what grows afterwards is delivered as entries.
    case logFound(Checkpoint)
    /// The entries of a log before this start are not kept, or not any more.
    indirect case logBegins(LogStart)
    /// The committee attests a log of this member other than the copy here, which ends where it is.
    case logDiffers(MemberIndex)
    /// The node's own entry was not appended, and will not be.
    case entryRefused(LogTopic, body: [UInt8], EntryRefusal)
    /// A ready, signing request or share from the member that signed it, by its own link.
    case direct(SignedObject)
    /// A direct object was not sent: there is no link to the member.
    case directUndeliverable(ObjectKind, to: MemberIndex)
    /// A certificate or a request for one, of a size that its type allows, otherwise unread.
    case certificate(LinkMessage, from: MemberIndex)
    /// A link to the member is up.
    case linkUp(MemberIndex)
    /// The link to the member has ended, or is heeded no more.
    case linkDown(MemberIndex, RedialMachine.LossCause)
    /// The member's host refuses the redial after a link that the peer closed at this moment.
    case redialRefused(MemberIndex, closedAt: Instant)
    /// The smoothed round trip of a link, after each measurement.
    case roundTrip(MemberIndex, Duration)
    /// Something newer than all this node has said, in its name and with its signature: another process uses the
    /// same identity, or this one's boot counter went back.
    case ownIdentityElsewhere(SignedObject)
}

/// A heartbeat and what is to be known of its coming.
package struct HeardHeartbeat: Hashable, Sendable {
    /// Who said it.
    package var author: MemberIndex
    /// Its place among the author's heartbeats.
    package var order: Order
    /// What it says.
    package var heartbeat: Heartbeat
    /// Whose link brought it.
    package var from: MemberIndex

    /// Joins the fields.
    package init(author: MemberIndex, order: Order, heartbeat: Heartbeat, from: MemberIndex) {
        self.author = author
        self.order = order
        self.heartbeat = heartbeat
        self.from = from
    }
}

/// One entry of a log, as the rest of the node receives it.
package struct DeliveredEntry: Hashable, Sendable {
    /// The author's position in the current committee; the object names that of its own epoch.
    package var author: MemberIndex
    /// The author.
    package var identity: Identity
    /// Its place in the log, from 1.
    package var sequence: UInt64
    /// What it says.
    package var entry: LogEntry
    /// The whole, as signed.
    package var object: SignedObject
    /// What the durable log comes to with it as its last entry.
    package var checkpoint: Checkpoint

    /// Joins the fields.
    package init(
        author: MemberIndex,
        identity: Identity,
        sequence: UInt64,
        entry: LogEntry,
        object: SignedObject,
        checkpoint: Checkpoint
    ) {
        self.author = author
        self.identity = identity
        self.sequence = sequence
        self.entry = entry
        self.object = object
        self.checkpoint = checkpoint
    }
}

/// Why an entry was not appended to the node's own log.
package enum EntryRefusal: Hashable, Sendable {
    /// The body is longer than an entry holds.
    case tooLong
    /// Proof is about that this identity signed two histories.
    case forked
    /// More entries wait already for the store, or for the log to catch up with the copies of others, than a member
    /// can have to say meanwhile.
    case tooMany
    /// No epoch has begun.
    case noEpoch
    /// The log has entries of a later epoch already: the chain has gone back.
    case laterEpoch
}

/// What must be durable.
package enum GossipRecord: Hashable, Sendable {
    /// Consecutive entries of one log, to be added to those stored.
    case entries(of: Identity, [SignedObject])
    /// The proof that a log is forked; the entries stored before it stay.
    indirect case fork(of: Identity, Contradiction)
    /// The log begins at a place: entries before it need not be kept, and are not read again.
    ///
    /// If the log does not reach there, the start's entry is its first, and follows in place of all that is stored.
    indirect case start(of: Identity, LogStart)
}

/// An order to read consecutive entries from one stored log.
package struct LogRead: Hashable, Sendable {
    /// Names the order in its answer.
    package var id: UInt64
    /// Whose log.
    package var author: Identity
    /// The first entry wanted.
    package var first: UInt64
    /// The most entries wanted.
    package var count: Int
    /// Enough bytes of encoded entries; reading may stop after the first entry that reaches it.
    package var enoughBytes: Int

    /// Joins the fields.
    package init(id: UInt64, author: Identity, first: UInt64, count: Int, enoughBytes: Int) {
        self.id = id
        self.author = author
        self.first = first
        self.count = count
        self.enoughBytes = enoughBytes
    }
}
