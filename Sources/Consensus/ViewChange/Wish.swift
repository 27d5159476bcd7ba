package import Primitives

/// A member's vote to move from one view to another: the payload of an object of kind ``ObjectKind/wish``.
///
/// A register: of each member only the newest counts. It promises nothing, so it may be withdrawn; but q of them
/// make a ``ViewCertificate``, which stands for ever.
package struct Wish: SSZContainer {
    /// The view its author is in.
    package var from: View
    /// The least view its author would accept instead; equal to ``from`` it withdraws an earlier wish.
    package var to: View
    /// Why.
    package var reason: WishReason
    /// The order of the newest heartbeat of the leader of ``from`` that its author holds.
    package var leaderSeen: Order

    /// A wish to leave `from` for a view not below `to`.
    ///
    /// - Precondition: `to` is above `from`, and there is a reason.
    package init(from: View, to: View, reason: WishReason, leaderSeen: Order) {
        precondition(to > from && reason != .none, "a wish leads upwards and has a reason")
        self.from = from
        self.to = to
        self.reason = reason
        self.leaderSeen = leaderSeen
    }

    /// The withdrawal of whatever wish its author had in this view.
    package init(withdrawingIn view: View, leaderSeen: Order) {
        from = view
        to = view
        reason = .none
        self.leaderSeen = leaderSeen
    }

    /// Whether it asks for nothing.
    package var isWithdrawal: Bool { to == from }

    /// Whether it asks to leave a view.
    func stands(in view: View) -> Bool { from == view && !isWithdrawal }

    package static let fields = [
        SSZField("from", View.self),
        SSZField("to", View.self),
        SSZField("reason", WishReason.self),
        SSZField("leader_seen", Order.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(from)
        visitor.field(to)
        visitor.field(reason)
        visitor.field(leaderSeen)
    }

    /// Refuses a wish that leads down, a withdrawal with a reason and a wish without one.
    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        from = try reader.field()
        to = try reader.field()
        reason = try reader.field()
        leaderSeen = try reader.field()
        guard to >= from, (to == from) == (reason == .none) else { throw .value(of: Self.sszTypeName) }
    }
}
