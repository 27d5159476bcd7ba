package import Primitives

/// A member's sign of life: where it stands, so that all others know it without asking.
package struct Heartbeat: SSZContainer {
    /// The view that the author is in.
    package var view: View
    /// The author's wall clock when it spoke; for display only.
    package var wallTime: UnixMilliseconds
    /// The order of the newest heartbeat that the author holds of the leader of ``view``; zero for none.
    package var leaderSeen: Order
    /// The order of the author's newest wish; zero for none in this incarnation.
    package var wish: Order
    /// The number of the newest block that the author has seen.
    package var chainHead: UInt64
    /// The highest view that the author knows to be anchored on chain.
    package var anchoredView: View
    /// The root of the author's ``Frontiers``.
    package var frontierDigest: Digest
    /// What the author says of its own condition.
    package var flags: HeartbeatFlags
    /// The version of the author's program.
    package var software: SoftwareVersion

    /// Joins the fields.
    package init(
        view: View,
        wallTime: UnixMilliseconds,
        leaderSeen: Order,
        wish: Order,
        chainHead: UInt64,
        anchoredView: View,
        frontierDigest: Digest,
        flags: HeartbeatFlags,
        software: SoftwareVersion
    ) {
        self.view = view
        self.wallTime = wallTime
        self.leaderSeen = leaderSeen
        self.wish = wish
        self.chainHead = chainHead
        self.anchoredView = anchoredView
        self.frontierDigest = frontierDigest
        self.flags = flags
        self.software = software
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("wall_time", UnixMilliseconds.self),
        SSZField("leader_seen", Order.self),
        SSZField("wish", Order.self),
        SSZField("chain_head", UInt64.self),
        SSZField("anchored_view", View.self),
        SSZField("frontier_digest", Digest.self),
        SSZField("flags", HeartbeatFlags.self),
        SSZField("software", SoftwareVersion.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(wallTime)
        visitor.field(leaderSeen)
        visitor.field(wish)
        visitor.field(chainHead)
        visitor.field(anchoredView)
        visitor.field(frontierDigest)
        visitor.field(flags)
        visitor.field(software)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        wallTime = try reader.field()
        leaderSeen = try reader.field()
        wish = try reader.field()
        chainHead = try reader.field()
        anchoredView = try reader.field()
        frontierDigest = try reader.field()
        flags = try reader.field()
        software = try reader.field()
    }
}

/// What a member says of its own condition.
///
/// Bits that this program does not know are kept and mean nothing to it.
package struct HeartbeatFlags: SSZNumber, OptionSet {
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Able to lead and to sign.
    package static let ready = HeartbeatFlags(rawValue: 1 << 0)
    /// About to stop: another should lead.
    package static let draining = HeartbeatFlags(rawValue: 1 << 1)
    /// A leader that does not see itself acknowledged by a quorum.
    package static let noQuorum = HeartbeatFlags(rawValue: 1 << 2)
    /// Its view of the chain is old.
    package static let chainStale = HeartbeatFlags(rawValue: 1 << 3)
}

/// A program's version as one number: `major << 16 | minor << 8 | patch`.
package struct SoftwareVersion: SSZNumber, Comparable, CustomStringConvertible {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The version `major.minor.patch`.
    package init(_ major: UInt16, _ minor: UInt8, _ patch: UInt8) {
        rawValue = UInt32(major) << 16 | UInt32(minor) << 8 | UInt32(patch)
    }

    package var description: String {
        "\(rawValue >> 16).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
    }
}
