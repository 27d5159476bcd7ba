package import Primitives

/// A deal that everyone can see to be invalid.
///
/// The plan gives back the terms that the deal's session is the hash of.
package struct BadDeal: SSZContainer {
    /// The attempt that the deal is for; of no account when the entry's body is no deal at all.
    package var plan: AttemptPlan
    /// The log entry with the deal.
    package var deal: SignedObject

    /// Joins the two; nothing is checked.
    package init(plan: AttemptPlan, deal: SignedObject) {
        self.plan = plan
        self.deal = deal
    }

    package static let fields = [
        SSZField("plan", AttemptPlan.self),
        SSZField("deal", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(plan)
        visitor.field(deal)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        plan = try reader.field()
        deal = try reader.field()
    }
}

/// A deal and a complaint about it: either the share is bad and the dealer guilty, or the accuser has lied.
package struct Dispute: SSZContainer {
    /// The attempt that both are about.
    package var plan: AttemptPlan
    /// The log entry with the deal.
    package var deal: SignedObject
    /// The log entry with the ``Grievance``.
    package var complaint: SignedObject

    /// Joins the parts; nothing is checked.
    package init(plan: AttemptPlan, deal: SignedObject, complaint: SignedObject) {
        self.plan = plan
        self.deal = deal
        self.complaint = complaint
    }

    package static let fields = [
        SSZField("plan", AttemptPlan.self),
        SSZField("deal", SignedObject.self),
        SSZField("complaint", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(plan)
        visitor.field(deal)
        visitor.field(complaint)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        plan = try reader.field()
        deal = try reader.field()
        complaint = try reader.field()
    }
}

/// Two log entries of one author that say different things where only one may be said.
///
/// Deals of one attempt, or confirmations of one attempt.
package struct TwoEntries: SSZContainer {
    /// One of them.
    package var first: SignedObject
    /// The other.
    package var second: SignedObject

    /// Joins the two; nothing is checked.
    package init(first: SignedObject, second: SignedObject) {
        self.first = first
        self.second = second
    }

    package static let fields = [
        SSZField("first", SignedObject.self),
        SSZField("second", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(first)
        visitor.field(second)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        first = try reader.field()
        second = try reader.field()
    }
}
