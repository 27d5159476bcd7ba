internal import Primitives

/// A leader's own right to lead: it holds while q members acknowledge its recent heartbeats.
///
/// Counted from when the acknowledged heartbeat was sent, so that a leader stops no later than its followers,
/// who count from when it arrived, may begin to look for another.
struct Lease: Sendable {
    /// How many sent heartbeats are remembered; an acknowledgement of an older one is worth nothing anyway.
    private static let memory = 256
    private var incarnation: UInt64
    private var sent: [(sequence: UInt64, at: Instant)] = []
    private var acknowledged: [Instant?]
    private var grantedAt: Instant
    private let others: Int

    /// A lease granted without acknowledgements, for one limit.
    init(size: Int, quorum: Int, incarnation: UInt64, at now: Instant) {
        self.incarnation = incarnation
        others = quorum - 1
        acknowledged = Array(repeating: nil, count: size)
        grantedAt = now
    }

    /// Begins anew, with a new view.
    mutating func grant(at now: Instant) {
        acknowledged = Array(repeating: nil, count: acknowledged.count)
        grantedAt = now
    }

    /// Notes a heartbeat that the leader itself sent.
    mutating func beat(_ order: Order, at now: Instant) {
        guard order.incarnation == incarnation else { return }
        if sent.count == Self.memory { sent.removeFirst(Self.memory / 2) }
        sent.append((order.sequence, now))
    }

    /// Notes that a member in the leader's view has seen a heartbeat.
    ///
    /// Ignores orders never used and forgotten ones.
    mutating func acknowledge(_ order: Order, by member: MemberIndex) {
        guard order.incarnation == incarnation,
            let beat = sent.last(where: { $0.sequence == order.sequence })
        else { return }
        acknowledged[member.offset] = max(acknowledged[member.offset] ?? beat.at, beat.at)
    }

    /// When the lease ends unless further acknowledgements come.
    func end(limit: Duration, except me: MemberIndex) -> Instant {
        let times = acknowledged.indices.compactMap { $0 == me.offset ? nil : acknowledged[$0] }
        let renewed = times.count >= others ? times.sorted(by: >)[others - 1] : grantedAt
        return max(renewed, grantedAt).advanced(by: limit)
    }
}
