internal import Primitives

/// Since when q members have been fresh without a break: how far a member may trust its own ears.
///
/// A member that hears fewer than a quorum is more likely cut off than right about the leader.
struct Connectivity: Sendable {
    /// The beginning of the unbroken time; `nil` while fewer than q are fresh.
    private(set) var since: Instant?
    /// Until when the unbroken time is known to last without looking again.
    private var until: Instant?
    /// How many other members must be fresh.
    private let others: Int

    /// A member that has heard nobody yet.
    init(quorum: Int) {
        others = quorum - 1
    }

    /// Looks again if the last look does not reach to `now`.
    ///
    /// To be called before a heartbeat is taken in as well as after, or a gap that it ends would be missed.
    mutating func refresh(_ lives: [Life], except me: MemberIndex, at now: Instant) {
        if let until, until >= now { return }
        var ends = lives.indices.compactMap { $0 == me.offset ? nil : lives[$0].freshUntil }
        guard ends.count >= others else { return interrupt() }
        ends.sort(by: >)
        guard ends[others - 1] >= now else { return interrupt() }
        until = ends[others - 1]
        since = since ?? now
    }

    /// Ends the unbroken time: the node itself was not running, so nobody can say what it missed.
    mutating func interrupt() {
        since = nil
        until = nil
    }
}
