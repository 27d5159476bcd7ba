package import Primitives

/// The gossip of one node: registers, logs and direct objects among the members of an epoch.
///
/// - Registers (heartbeats, wishes, lost links): of each author only the newest counts. A heartbeat goes to all
///   neighbours at each tick; wishes and lost links flood on receipt, once; who misses an author asks for relays.
/// - Logs: append-only, chained and signed. What a node has made durable it tells by its frontiers, and others pull
///   what they lack; see ``GossipRecord`` for what the store must keep.
/// - Direct objects and certificates: checked and passed on to consensus, not relayed here.
///
/// Three kinds of bad input: a fault of this program is a precondition; what no honest program sends is penalized,
/// and its link closed (a signed payload that cannot be read is its author's offence and penalized only); what may
/// come late, twice or too much is dropped and counted. Everything that peers can fill is bounded by the number of
/// members, the limits of ``AuthorLog`` and the quotas of ``GossipQuotas``.
package struct GossipMachine: Machine {
    /// The machine's settings.
    package struct Configuration: Hashable, Sendable {
        /// The time between two heartbeats of the leader, D; the same in all members.
        package var heartbeatInterval = Duration.milliseconds(250)
        /// The bytes that one author may make this node store at once, its log's history apart.
        package var logBurstBytes = 64 * 1_048_576
        /// The bytes a second that one author may make this node store in the long run.
        package var logBytesPerSecond = 1_024

        /// Whether a log is begun without its past only when no neighbour has that any more.
        package var prefersWholeLogs = true

        /// The default settings.
        package init() {}
    }

    private let configuration: Configuration
    private let signatures: any Authenticator
    private let domains: SigningDomains
    private var random: SplitMix64
    private var status: NodeStatus
    private(set) var epoch: EpochGossip?

    /// A machine that waits for its first epoch.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - status: What the first heartbeat says.
    ///   - signatures: Signs as this node and checks the signatures of others.
    ///   - domains: The deployment's.
    ///   - random: Shifts the node's ticks and makes the nonces of pings.
    package init(
        _ configuration: Configuration = Configuration(),
        status: NodeStatus,
        signatures: any Authenticator,
        domains: SigningDomains,
        random: SplitMix64
    ) {
        self.configuration = configuration
        self.status = status
        self.signatures = signatures
        self.domains = domains
        self.random = random
    }

    /// The root of this node's frontiers, for its ``Hello``; that of no logs before the first epoch.
    package var frontierDigest: Digest {
        epoch?.logs.frontierDigest ?? Frontiers(SSZList()).hashTreeRoot()
    }

    /// The members with a link, in order.
    package var linkedMembers: [MemberIndex] { epoch?.links.linked ?? [] }

    /// The members with a mesh link, in order: all with a link, unless the mesh is sparse.
    package var meshMembers: [MemberIndex] { epoch?.links.mesh ?? [] }

    /// How many members have an entry of this node's own log on disk, this one among them, as far as it is known.
    package func holders(ofOwn sequence: UInt64) -> Int { epoch?.logs.holders(ofOwn: sequence) ?? 0 }

    /// Whether a log waits for more neighbours to vouch for it than there are, in a sparse mesh.
    package func lacksVouchers(at now: Instant) -> Bool { epoch?.logs.lacksVouchers(at: now) ?? false }

    /// The orders used in this incarnation.
    package var orders: OwnOrders { epoch?.orders ?? OwnOrders() }

    /// The pace of the current epoch, with what it costs.
    package var schedule: GossipSchedule? { epoch?.quotas.schedule }

    /// The newest register of a kind and author, if any.
    package func newest(_ kind: ObjectKind, of author: MemberIndex) -> SignedObject? {
        guard let epoch, epoch.committee[author] != nil else { return nil }
        return epoch.registers.newest(kind, of: author)
    }

    package private(set) var nextDeadline: Instant?

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        var out = Outbox()
        switch event {
        case .epochStarted(let start):
            begin(start, at: now)
            for checkpoint in epoch?.logs.book.checkpoints ?? [] { out.deliver(.logFound(checkpoint)) }
        case .statusChanged(let new):
            status = new
            epoch?.statusChanged(new, at: now)
        default:
            // Comparing the epoch with nil copies it.
            if epoch?.handle(event, at: now, &out) == nil { refuse(event, &out) }
        }
        epoch?.speak(at: now, &out)
        nextDeadline = epoch?.deadline(at: now)
        return out.finish()
    }

    package mutating func expired(at now: Instant) -> [Action] {
        var out = Outbox()
        epoch?.speak(at: now, &out)
        nextDeadline = epoch?.deadline(at: now)
        return out.finish()
    }

    private mutating func begin(_ start: EpochStart, at now: Instant) {
        let schedule = GossipSchedule(
            leaderInterval: configuration.heartbeatInterval,
            size: start.committee.size
        )
        epoch = EpochGossip(
            start,
            quotas: GossipQuotas(
                schedule: schedule,
                logBytesPerSecond: configuration.logBytesPerSecond,
                logBurstBytes: configuration.logBurstBytes
            ),
            status: status,
            signatures: signatures,
            domains: domains,
            prefersWholeLogs: configuration.prefersWholeLogs,
            random: SplitMix64(seed: random.next()),
            before: epoch,
            at: now
        )
    }

    /// What comes before the first epoch has nowhere to go.
    private func refuse(_ event: Event, _ out: inout Outbox) {
        switch event {
        case .entryComposed(let topic, let body):
            out.count(.entryRefused(.noEpoch))
            out.deliver(.entryRefused(topic, body: body, .noEpoch))
        case .directComposed(let kind, _, let member): out.deliver(.directUndeliverable(kind, to: member))
        default: out.drop(.unexpected)
        }
    }
}
