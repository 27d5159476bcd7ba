import Primitives

/// The logs of the current members, and who held which position when.
///
/// Logs belong to identities: one that changes its position with an epoch takes its log along, and one that
/// leaves finds it again when it comes back within a run.
struct LogBook: Sendable {
    private let committee: Committee
    private let past: [Epoch: Committee]
    private var logs: MemberTable<AuthorLog>
    private var parked: [Identity: AuthorLog]

    /// The logs with which an epoch begins: those of the epoch before it, else those stored, else empty ones.
    init(_ start: EpochStart, quotas: GossipQuotas, before: LogBook?) {
        committee = start.committee
        past = Dictionary(start.past.map { ($0.epoch, $0) }, uniquingKeysWith: { first, _ in first })
        var known: [Identity: AuthorLog] = before?.parked ?? [:]
        if let before {
            for member in before.logs.members { known[before.logs[member].author] = before.logs[member] }
        }
        let stored = Dictionary(start.logs.map { ($0.author, $0) }, uniquingKeysWith: { first, _ in first })
        var taken: [AuthorLog] = []
        for member in start.committee.roster.members {
            let log = known.removeValue(forKey: member.identity)
            let origin = stored[member.identity] ?? StoredLog(author: member.identity)
            taken.append(log ?? AuthorLog(origin, quotas: quotas))
        }
        logs = MemberTable(size: taken.count) { taken[$0.offset] }
        parked = known
    }

    /// The current members, in order.
    var members: MemberRange { logs.members }

    subscript(member: MemberIndex) -> AuthorLog {
        get { logs[member] }
        _modify { yield &logs[member] }
    }

    /// The identity that held an object's position in its epoch, or `nil` when the epoch is not known.
    func identity(of object: Object) -> Identity? {
        let then = object.epoch == committee.epoch ? committee : past[object.epoch]
        return then?[object.author]?.identity
    }

    /// The current position of an identity, or `nil` for one that is not a member now.
    func position(of identity: Identity) -> MemberIndex? { committee.index(of: identity) }

    /// Changes the log of an identity, be it a member now or only remembered.
    @discardableResult
    mutating func update<Result>(_ identity: Identity, _ change: (inout AuthorLog) -> Result) -> Result? {
        if let member = committee.index(of: identity) { return change(&logs[member]) }
        guard var log = parked[identity] else { return nil }
        defer { parked[identity] = log }
        return change(&log)
    }

    /// Whether what is asked of neighbours has a place, by what all logs together hold in memory.
    struct Room {
        /// The bytes on their way to the store above which nothing is asked for.
        static let storingLimit = 8 * 1_048_576
        /// The bytes kept behind gaps above which only what closes a gap is asked for.
        static let keptLimit = 4 * 1_048_576

        let toStore: Bool
        let toKeep: Bool
    }

    /// The room for what is asked of neighbours.
    var room: Room {
        var (storing, kept) = (0, 0)
        for member in members {
            storing += logs[member].storingBytes
            kept += logs[member].waitingBytes
        }
        return Room(toStore: storing < Room.storingLimit, toKeep: kept < Room.keptLimit)
    }

    /// What the logs come to that are not empty, in order.
    var checkpoints: [Checkpoint] {
        members.compactMap { member in
            let state = logs[member].state
            return state.head.sequence > 0 ? state.checkpoint(of: member, in: committee.epoch) : nil
        }
    }

    /// What the node can be asked for.
    var frontiers: Frontiers {
        Frontiers(SSZList(members.compactMap { logs[$0].frontier($0) }) ?? SSZList())
    }
}
