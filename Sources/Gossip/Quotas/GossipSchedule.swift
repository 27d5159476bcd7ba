/// The pace at which an honest member speaks: the one source of all quotas.
package struct GossipSchedule: Hashable, Sendable {
    /// The time between two heartbeats of the leader, D.
    package let leaderInterval: Duration
    /// The number of members, n.
    package let size: Int

    /// The pace of a committee of `size` members.
    package init(leaderInterval: Duration, size: Int) {
        precondition(leaderInterval > .zero && size > 0, "a schedule without a pace")
        self.leaderInterval = leaderInterval
        self.size = size
    }

    /// The time between two heartbeats of any other member: max(D, n x 10 ms).
    ///
    /// Keeps the signatures that a node verifies at 100 a second however many members there are.
    package var followerInterval: Duration { max(leaderInterval, .milliseconds(10) * size) }

    /// The least time between two extra heartbeats of one member for one reason.
    package var extraSpacing: Duration { leaderInterval / 4 }

    /// The time for which registers and word of new entries wait for each other in a sparse mesh.
    package var relaySpacing: Duration { leaderInterval / 4 }

    /// The interval of a member, by whether it leads.
    package func interval(isLeader: Bool) -> Duration { isLeader ? leaderInterval : followerInterval }
}

/// What a schedule costs while nothing goes wrong.
extension GossipSchedule {
    /// The bytes of a signed heartbeat, its place in a list included.
    package static let heartbeatBytes = 205
    /// The bytes that a message adds below gossip: message and frame header, record length and tag.
    package static let messageOverheadBytes = 27

    /// What the heartbeats of one member take of one link, in bytes a second.
    private var authorBytesPerSecond: Int {
        let size = Self.heartbeatBytes + Self.messageOverheadBytes
        return Int(Duration.seconds(1) * size / followerInterval)
    }

    /// What one link carries each way, in bytes a second: the heartbeats of one member, or, in a sparse mesh, those
    /// of its share of all.
    package var quietLinkBytesPerSecond: Int { quietNodeBytesPerSecond / meshLinks }

    /// What a node sends, and also receives, in bytes a second while all links are up and nothing happens.
    package var quietNodeBytesPerSecond: Int { authorBytesPerSecond * (size - 1) }

    /// The mesh links of a member, on average.
    private var meshLinks: Int {
        guard NeighbourGraph.isSparse(size) else { return size - 1 }
        return 2 * (NeighbourGraph.cycles(size) + NeighbourMachine.ownPicks)
    }

    /// The signatures that a node verifies each second while nothing happens.
    package var quietVerificationsPerSecond: Int {
        Int(Duration.seconds(1) * (size - 1) / followerInterval)
    }
}

extension GossipSchedule: CustomStringConvertible {
    package var description: String {
        let kilobytes = (quietNodeBytesPerSecond + 500) / 1_000
        let limit = (linkLimitBytesPerSecond + 500) / 1_000
        return """
            n = \(size), D = \(leaderInterval): a quiet node sends and receives \(kilobytes) kB/s each, \
            \(quietLinkBytesPerSecond) B/s a link, and verifies \(quietVerificationsPerSecond) signatures/s; \
            a link that brings more than \(limit) kB/s for long is closed
            """
    }
}
