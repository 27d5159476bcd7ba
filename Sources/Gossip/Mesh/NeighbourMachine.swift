package import Primitives

/// Chooses with whom a member keeps links.
///
/// In a small committee with all. In a sparse mesh (``NeighbourGraph``) with
/// - its neighbours in the graph, for ever;
/// - some of its own random choice, which nobody else can foresee: ``ownPicks``, one more for each neighbour in the
///   graph that is out of reach, and ever more while fewer than a quorum are heard or f + 1 are wanted that vouch for a
///   log, so that a member whose neighbours are all hostile or dead finds a way out; one of them is replaced every ``rotation``;
/// - the leader and the next two in succession, to whom it speaks in person. These are no mesh links.
///
/// Who dialed a link closes it when it does not keep it any more; links that others dial are taken from all members,
/// so a member has n - 1 at most.
package struct NeighbourMachine: Machine {
    /// The random links of a member that hears everybody.
    static let ownPicks = 2
    /// How many leaders to come a member is linked with, the present one included.
    static let leaders = 3
    /// How often it looks whether its choice still serves.
    static let review = Duration.seconds(1)
    /// How long a link may be down before another takes its place.
    static let patience = Duration.seconds(5)
    /// How often a random link is replaced although nothing is wrong with it.
    static let rotation = Duration.seconds(600)

    /// What has happened.
    package enum Event: Hashable, Sendable {
        /// A link to the member is up.
        case linkUp(MemberIndex)
        /// The link to the member has ended.
        case linkDown(MemberIndex)
        /// A new heartbeat of the member has come by another's link.
        case heard(MemberIndex)
        /// More neighbours are wanted, since these are too few to vouch for a log.
        case vouchersLacking
        /// The node is in this view.
        case enteredView(View)
    }

    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Dial these members, and no others.
        case dial([MemberIndex])
        /// Let gossip have mesh links with these.
        case choose([MemberIndex])
    }

    private let committee: Committee
    private let own: MemberIndex
    private let startedAt: Instant
    private let freshness: Duration
    private let graph: [MemberIndex]
    private var random: SplitMix64
    private var picks: [MemberIndex] = []
    private var surplus = 0
    private var view: View
    private var isUp: MemberTable<Bool>
    private var downSince: MemberTable<Instant>
    private var heard: MemberTable<Instant>
    private var rotateAt: Instant
    private var dialed: [MemberIndex] = []
    private var chosen: [MemberIndex] = []
    package private(set) var nextDeadline: Instant?

    /// The choice of a member at the beginning of an epoch; its first actions come at the deadline, which is now.
    ///
    /// - Parameters:
    ///   - committee: The epoch's.
    ///   - own: The member.
    ///   - view: Where it begins.
    ///   - followerInterval: The time between two heartbeats of a member that does not lead.
    ///   - random: Gives its own choice; must not be known to others.
    ///   - now: The beginning.
    package init(
        committee: Committee,
        own: MemberIndex,
        view: View,
        followerInterval: Duration,
        random: SplitMix64,
        at now: Instant
    ) {
        self.committee = committee
        self.own = own
        self.view = view
        self.random = random
        startedAt = now
        freshness = followerInterval * 3
        graph = NeighbourGraph.neighbours(of: own, in: committee)
        isUp = MemberTable(repeating: false, size: committee.size)
        downSince = MemberTable(repeating: now, size: committee.size)
        heard = MemberTable(repeating: now, size: committee.size)
        rotateAt = now.advanced(by: Self.rotation)
        nextDeadline = now
    }

    /// Whether a link to the member is kept by this one.
    package func keeps(_ member: MemberIndex) -> Bool { dialed.contains(member) }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .linkUp(let member): isUp[member] = true
        case .linkDown(let member):
            if isUp[member] { downSince[member] = now }
            isUp[member] = false
        case .heard(let member): heard[member] = now
        case .vouchersLacking: grow()
        case .enteredView(let view):
            self.view = view
            return act()
        }
        return []
    }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let nextDeadline, nextDeadline <= now else { return [] }
        guard NeighbourGraph.isSparse(committee.size) else {
            self.nextDeadline = nil
            return act()
        }
        self.nextDeadline = now.advanced(by: Self.review)
        reviewPicks(at: now)
        return act()
    }

    private mutating func reviewPicks(at now: Instant) {
        picks = picks.filter { !isOutOfReach($0, at: now) }
        let isStarting = startedAt.duration(to: now) < freshness + Self.patience
        let fresh = committee.indices.count {
            $0 == own || isUp[$0] || heard[$0].duration(to: now) <= freshness
        }
        if fresh < committee.quorum, !isStarting { grow() }
        if rotateAt <= now {
            rotateAt = now.advanced(by: Self.rotation)
            surplus = max(0, surplus - 1)
            if !picks.isEmpty { picks.removeFirst() }
        }
        let lost = graph.count { isOutOfReach($0, at: now) }
        let wanted = Self.ownPicks + lost + surplus
        while picks.count > wanted { picks.removeFirst() }
        while picks.count < wanted, let pick = draw(at: now) {
            picks.append(pick)
            downSince[pick] = now
        }
    }

    private mutating func grow() { surplus = min(surplus + Self.ownPicks, committee.size) }

    /// Whether a member to be linked with has had no link for too long.
    private func isOutOfReach(_ member: MemberIndex, at now: Instant) -> Bool {
        !isUp[member] && downSince[member].duration(to: now) > Self.patience
    }

    /// A random member that is not chosen yet.
    private mutating func draw(at now: Instant) -> MemberIndex? {
        let others = committee.indices.filter { $0 != own && !graph.contains($0) && !picks.contains($0) }
        guard !others.isEmpty else { return nil }
        return others[Int(random.next() % UInt64(others.count))]
    }

    private mutating func act() -> [Action] {
        var actions: [Action] = []
        let mesh = graph + picks
        if mesh != chosen { actions.append(.choose(mesh)) }
        chosen = mesh
        let heads = (0..<UInt64(Self.leaders)).map { committee.leader(of: view.advanced(by: $0)) }
        let kept = Set(mesh + heads).subtracting([own]).sorted()
        if kept != dialed { actions.append(.dial(kept)) }
        dialed = kept
        return actions
    }
}
