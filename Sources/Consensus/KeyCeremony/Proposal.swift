package import Primitives

/// The body of a log entry of topic ``LogTopic/proposal``: a leader's plan for another attempt, and why it leaves out
/// whom it leaves out.
///
/// The reasons are names only. What they rest on stands in the logs, which everyone has: a follower waits until it
/// finds there what the proposal claims.
package struct Proposal: SSZContainer {
    /// The view whose leader proposes.
    package var view: View
    /// The attempt.
    package var plan: AttemptPlan
    /// Who is left out for a proven offence in the ceremony, in rising order.
    package var guilty: SSZList<MemberIndex, 128>
    /// Who is left out because a quorum missed its deal in an earlier attempt, in rising order.
    package var absent: SSZList<MemberIndex, 128>

    /// A proposal, not yet checked.
    package init(
        view: View,
        plan: AttemptPlan,
        guilty: SSZList<MemberIndex, 128>,
        absent: SSZList<MemberIndex, 128>
    ) {
        self.view = view
        self.plan = plan
        self.guilty = guilty
        self.absent = absent
    }

    /// Whether dealers, guilty and absent are together all members, each once, and enough of them deal.
    package func isSound(for committee: Committee) -> Bool {
        guard plan.attempt >= 1, plan.isSound(for: committee) else { return false }
        return (plan.dealers.elements + guilty.elements + absent.elements).sorted() == committee.indices
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("plan", AttemptPlan.self),
        SSZField("guilty", SSZList<MemberIndex, 128>.self),
        SSZField("absent", SSZList<MemberIndex, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(plan)
        visitor.field(guilty)
        visitor.field(absent)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        plan = try reader.field()
        guilty = try reader.field()
        absent = try reader.field()
    }
}
