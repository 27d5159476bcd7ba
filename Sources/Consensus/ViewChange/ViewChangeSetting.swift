package import Primitives

extension ViewChangeMachine {
    /// Who a machine acts for, and where it begins.
    package struct Setting: Hashable, Sendable {
        /// The committee of the epoch.
        package var committee: Committee
        /// The member it acts for.
        package var member: MemberIndex
        /// The node's boot counter: durable before the machine is made, and never used before.
        package var incarnation: UInt64
        /// The first view of the epoch, the same for all members.
        ///
        /// One above the view that the chain showed when the committee was proposed; what the chain shows
        /// later is an event.
        package var firstView: View
        /// How often heartbeats are due.
        package var schedule: HeartbeatSchedule
        /// How many direct links must be up before the loss of one counts against the other side.
        ///
        /// With links to all that is q - 1.
        package var linksNeeded: Int

        /// The setting of a member with links to all others.
        ///
        /// - Precondition: `member` is a member.
        package init(
            committee: Committee,
            member: MemberIndex,
            incarnation: UInt64,
            firstView: View,
            schedule: HeartbeatSchedule? = nil,
            linksNeeded: Int? = nil
        ) {
            precondition(committee[member] != nil, "a view change needs a member of the committee")
            self.committee = committee
            self.member = member
            self.incarnation = incarnation
            self.firstView = firstView
            self.schedule = schedule ?? HeartbeatSchedule(size: committee.size)
            self.linksNeeded = linksNeeded ?? committee.quorum - 1
        }
    }
}
