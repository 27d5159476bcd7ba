package import Primitives

/// A member's report that the leader closed their link and refuses a new one: the payload of an object of kind
/// ``ObjectKind/linkLost``.
///
/// A register. Alone it moves nobody; f + 1 of them make those who see the same act without waiting.
package struct LinkLost: SSZContainer {
    /// The view whose leader is meant.
    package var view: View
    /// The order of the newest heartbeat of that leader that the author holds.
    package var leaderSeen: Order

    /// A report about the leader of `view`.
    package init(view: View, leaderSeen: Order) {
        self.view = view
        self.leaderSeen = leaderSeen
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("leader_seen", Order.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(leaderSeen)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        leaderSeen = try reader.field()
    }
}
