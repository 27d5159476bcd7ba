package import Primitives

extension GossipMachine {
    /// What has happened to the gossip of a node.
    package enum Event: Sendable {
        /// The node takes part in this epoch's mesh from now on.
        ///
        /// All links are forgotten: those that stay up are to be announced again by `linkUp`.
        case epochStarted(EpochStart)
        /// The node stands elsewhere, or its condition has changed.
        case statusChanged(NodeStatus)
        /// A link to the member is up and its ``Hello`` has come, with this digest of its frontiers.
        case linkUp(MemberIndex, frontierDigest: Digest)
        /// The link to the member has ended.
        case linkDown(MemberIndex, RedialMachine.LossCause)
        /// These members are to have mesh links with this one, in place of those chosen before.
        ///
        /// Heeded only in a sparse mesh, see ``NeighbourGraph``; to be said anew in each epoch.
        case neighboursChosen([MemberIndex])
        /// The member's host refuses the redial after a link that the peer closed at this moment.
        case redialRefused(MemberIndex, closedAt: Instant)
        /// A whole message has come from the member, by its own link.
        case received(LinkMessage, from: MemberIndex)
        /// Consensus has signed a wish or a lost link of its own, and whatever had to be durable before is.
        case registerSigned(SignedObject)
        /// A member seems to lack the newest heartbeat held of another.
        case heartbeatWanted(of: MemberIndex, by: MemberIndex)
        /// There is something to append to the node's own log.
        case entryComposed(LogTopic, body: [UInt8])
        /// There is something to say to one member alone: ready, signing request or share.
        case directComposed(ObjectKind, payload: [UInt8], to: MemberIndex)
        /// There is a certificate, or a request for one, to send to these members, or to all when `nil`.
        case certificateComposed(LinkMessage, to: [MemberIndex]?)
        /// This record and all before it are durable.
        case persisted(ticket: UInt64)
        /// The epoch's group key is in force, for the first time or in the place of another.
        case groupKeyActivated(any AttestationVerifier)
        /// Entries of these logs before these places are to be kept no more.
        ///
        /// The owner has made each start from the entries in its store and a list that the group has signed.
        case logsCut([LogStart])
        /// The answer to a ``LogRead``: what there is of it, in order; empty when there is nothing.
        case logRead(id: UInt64, entries: [SignedObject])
    }
}

/// With what a node enters an epoch.
package struct EpochStart: Sendable {
    /// The members; ``Committee/epoch`` is the epoch.
    package var committee: Committee
    /// The node's own position.
    package var own: MemberIndex
    /// The node's boot counter, durable before this event.
    package var incarnation: UInt64
    /// Committees of earlier epochs, as far as known: whose log entries of those epochs can be checked.
    package var past: [Committee]
    /// How far the stored logs of the members reach; a log that is not named is empty.
    ///
    /// What the machine knows from an earlier epoch of the same run goes before it.
    package var logs: [StoredLog]
    /// The orders last used by this identity in this incarnation; ``OwnOrders/init()`` after a boot.
    package var orders: OwnOrders

    /// Joins the fields.
    package init(
        committee: Committee,
        own: MemberIndex,
        incarnation: UInt64,
        past: [Committee] = [],
        logs: [StoredLog] = [],
        orders: OwnOrders = OwnOrders()
    ) {
        self.committee = committee
        self.own = own
        self.incarnation = incarnation
        self.past = past
        self.logs = logs
        self.orders = orders
    }
}

/// How far the store's copy of one member's log reaches.
package struct StoredLog: Hashable, Sendable {
    /// Whose log it is.
    package var author: Identity
    /// The last entry.
    package var head: LogHead
    /// The tree of all its entries, made durable with the last of them.
    package var tree: LogTree
    /// The epoch of the last entry; 0 when that is not known.
    package var epoch: Epoch
    /// Where the stored log begins, if the entries before are not kept.
    package var start: LogStart?
    /// The stored proof that the author signed two histories, if there is one.
    package var fork: Contradiction?

    /// Joins the fields; an empty log without them.
    ///
    /// - Precondition: The tree has as many entries as the head says.
    package init(
        author: Identity,
        head: LogHead = .empty,
        tree: LogTree = LogTree(),
        epoch: Epoch = Epoch(0),
        start: LogStart? = nil,
        fork: Contradiction? = nil
    ) {
        precondition(tree.size == head.sequence, "a tree of another log")
        self.author = author
        self.head = head
        self.tree = tree
        self.epoch = epoch
        self.start = start
        self.fork = fork
    }

    /// The log that is these entries.
    package init(author: Identity, entries: [SignedObject], fork: Contradiction? = nil) {
        self.init(
            author: author,
            head: entries.last.map { LogHead($0) } ?? .empty,
            tree: LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }),
            epoch: entries.last?.object.epoch ?? Epoch(0),
            fork: fork
        )
    }
}

/// A place in a log and the root of the signed entry there.
package struct LogHead: Hashable, Sendable {
    /// The entry's place, from 1; 0 before the first.
    package var sequence: UInt64
    /// The root of the signed entry; zero before the first.
    package var digest: Digest

    /// The head that is this entry.
    package init(sequence: UInt64, digest: Digest) {
        self.sequence = sequence
        self.digest = digest
    }

    /// The head that is this entry.
    package init(_ entry: SignedObject) {
        self.init(sequence: entry.object.order.sequence, digest: entry.hashTreeRoot())
    }

    /// The head of an empty log.
    package static let empty = LogHead(sequence: 0, digest: Digest())
}

/// What the node's heartbeats say of it, apart from what gossip knows itself.
package struct NodeStatus: Hashable, Sendable {
    /// The view the node is in.
    package var view: View
    /// The number of the newest block seen.
    package var chainHead: UInt64
    /// The highest view known to be anchored.
    package var anchoredView: View
    /// The node's condition.
    package var flags: HeartbeatFlags
    /// The program's version.
    package var software: SoftwareVersion
    /// What the wall clock showed, or would have shown, at ``Instant/start``.
    package var wallTimeAtStart: UnixMilliseconds

    /// Joins the fields.
    package init(
        view: View,
        chainHead: UInt64 = 0,
        anchoredView: View = View(0),
        flags: HeartbeatFlags = [],
        software: SoftwareVersion,
        wallTimeAtStart: UnixMilliseconds
    ) {
        self.view = view
        self.chainHead = chainHead
        self.anchoredView = anchoredView
        self.flags = flags
        self.software = software
        self.wallTimeAtStart = wallTimeAtStart
    }
}
