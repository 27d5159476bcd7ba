/// How often whom of a committee is to be heard, and how long its silence is borne.
///
/// The leader beats every ``interval``, the others every ``followerInterval``. All limits are multiples of the
/// author's own interval.
package struct HeartbeatSchedule: Hashable, Sendable {
    /// Time between two heartbeats of the leader, D.
    package let interval: Duration
    /// Time between two heartbeats of any other member: at least 10 ms for each member, so that checking all
    /// signatures stays a few per cent of a core.
    package let followerInterval: Duration

    /// The schedule of a committee.
    ///
    /// - Parameters:
    ///   - interval: D; every member must be configured with the same.
    ///   - size: the number of members, n.
    package init(interval: Duration = .milliseconds(250), size: Int) {
        self.interval = interval
        followerInterval = max(interval, .milliseconds(10) * size)
    }

    /// The time between a member's heartbeats while it leads or follows.
    package func interval(leading: Bool) -> Duration {
        leading ? interval : followerInterval
    }

    /// Intervals of silence after which a leader may be suspected, when heartbeats come evenly.
    static let silenceFloor = 4
    /// Intervals of silence after which a leader may be suspected, however unevenly heartbeats come.
    static let silenceCeiling = 8
    /// Intervals within which a fresh member was heard.
    static let freshness = 3
    /// Intervals of the leader's silence after which f + 1 soft wishes are joined.
    static let joinSilence = 3
    /// Intervals of silence after which a member is passed over as the next leader.
    static let candidateSilence = 2
    /// Intervals of silence after which a leader that refuses links is suspected.
    static let refusedSilence = 2
    /// Intervals for which q members must have been fresh before a member trusts its own suspicions.
    static let steadiness = 2
    /// How long after its start a member waits for q fresh ones before it suspects anyway.
    static let startPatience: Duration = .seconds(10)

    /// How long after the close of a refused link a member suspects the leader without others' reports.
    var aloneAfterClose: Duration { interval / 2 }
    /// How long after a group key came into force its first certificate is not yet missed.
    static let activationPatience: Duration = .seconds(10)
    /// How much longer than a certificate a duty of the leader is awaited.
    static let dutyPatience: Duration = .seconds(10)
    /// How late the node's own timers may fire before it distrusts its ears.
    var lateness: Duration { interval / 2 }
    /// Heartbeats of the leader within which an honest acknowledgement lags behind: a few of the leader's
    /// intervals and three of the follower's.
    var acknowledgementLag: UInt64 {
        let perFollower = (followerInterval / interval).rounded(.up)
        return UInt64(Self.silenceFloor) + 3 * UInt64(perFollower)
    }
}
