package import Primitives

/// The body of a log entry of topic ``LogTopic/termReport``: what a follower has seen of a leader in one view.
///
/// It is its author's word and proves nothing but that; what proves itself is ``Evidence``. Times are as the author's
/// own clock runs, counted from when it entered the view, or from its start if it started in it.
package struct TermReport: SSZContainer {
    /// The view that is led.
    package var view: View
    /// Who leads it.
    package var leader: MemberIndex
    /// Counts the author's reports about this term, from 1.
    package var number: UInt32
    /// Whether the author has left the view; the report is the last one then.
    package var isOver: Bool
    /// How long the author has been in the view, in milliseconds.
    package var lasted: UInt64
    /// When it knew the election's certificate, in milliseconds, plus one; 0 if it never did.
    package var certified: UInt64
    /// When the chain had confirmed the election to it, in milliseconds, plus one; 0 if it never did.
    package var anchored: UInt64
    /// How often it ceased to trust the leader.
    package var doubts: UInt32
    /// For what it last did; ``WishReason/none`` if never.
    package var reason: WishReason
    /// How many tasks the leader had that only the leader can do, and has done.
    package var served: UInt32
    /// How many of them it left undone beyond their deadline.
    package var overdue: UInt32
    /// How many entries of the leader's log came.
    package var entries: UInt32
    /// How often something of the leader's broke the rules.
    package var offences: UInt32

    /// A report of a term that has just begun.
    init(view: View, leader: MemberIndex) {
        self.view = view
        self.leader = leader
        number = 1
        isOver = false
        lasted = 0
        certified = 0
        anchored = 0
        doubts = 0
        reason = .none
        served = 0
        overdue = 0
        entries = 0
        offences = 0
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("leader", MemberIndex.self),
        SSZField("number", UInt32.self),
        SSZField("is_over", Bool.self),
        SSZField("lasted", UInt64.self),
        SSZField("certified", UInt64.self),
        SSZField("anchored", UInt64.self),
        SSZField("doubts", UInt32.self),
        SSZField("reason", WishReason.self),
        SSZField("served", UInt32.self),
        SSZField("overdue", UInt32.self),
        SSZField("entries", UInt32.self),
        SSZField("offences", UInt32.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(leader)
        visitor.field(number)
        visitor.field(isOver)
        visitor.field(lasted)
        visitor.field(certified)
        visitor.field(anchored)
        visitor.field(doubts)
        visitor.field(reason)
        visitor.field(served)
        visitor.field(overdue)
        visitor.field(entries)
        visitor.field(offences)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        leader = try reader.field()
        number = try reader.field()
        isOver = try reader.field()
        lasted = try reader.field()
        certified = try reader.field()
        anchored = try reader.field()
        doubts = try reader.field()
        reason = try reader.field()
        served = try reader.field()
        overdue = try reader.field()
        entries = try reader.field()
        offences = try reader.field()
    }
}
