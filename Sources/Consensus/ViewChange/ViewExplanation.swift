package import Primitives

/// Why a node follows the leader it follows, and what keeps it from following another: what an operator asks.
package struct ViewExplanation: Hashable, Sendable {
    /// What one member looks like from here.
    package struct Sight: Hashable, Sendable {
        /// The member.
        package var member: MemberIndex
        /// How long ago it was heard, by any path; `nil` for never.
        package var silence: Duration?
        /// Whether that is recent enough for its word to count.
        package var isFresh: Bool
        /// Whether a direct link to it is up.
        package var isLinked: Bool
        /// Whether its machine answers but refuses links.
        package var isRefusing: Bool
        /// Whether proof of its misbehaviour is held.
        package var isConvicted: Bool
        /// The view it wants instead of the present one, and why.
        package var wish: Wish?
    }

    /// The view the node is in.
    package var view: View
    /// Who leads it.
    package var leader: MemberIndex
    /// How long the node has been in it.
    package var age: Duration
    /// Whether the view's election is certified by the group key; `nil` while there is none.
    package var isCertified: Bool?
    /// Whether this node may act as leader.
    package var isLeading: Bool
    /// How long the leader still has to bring its certificate; `nil` when none is awaited or doubt forbids to judge.
    package var certificateDue: Duration?
    /// How long it still has for what only the leader can do; `nil` when there is nothing or doubt forbids to judge.
    package var dutyDue: Duration?
    /// Why this node suspects the leader.
    package var suspicion: WishReason?
    /// Why this node does not trust its own suspicions.
    package var doubt: Doubt?
    /// The silence after which a leader is suspected.
    package var silenceLimit: Duration
    /// How many wishes move the committee.
    package var quorum: Int
    /// This node.
    package var own: MemberIndex
    /// The members, this node among them.
    package var members: [Sight]

    /// The members that want to leave the view.
    package var wishing: [MemberIndex] { members.filter { $0.wish != nil }.map(\.member) }
    /// How many more members must want to leave before the view changes.
    package var missing: Int { max(0, quorum - wishing.count) }
}

extension ViewChangeMachine {
    /// The state of things, for display; `now` is the node's present.
    package func explanation(at now: Instant) -> ViewExplanation {
        let isCertified = highestElection.map { $0.view >= view } ?? false
        return ViewExplanation(
            view: view,
            leader: leader,
            age: enteredAt.duration(to: now),
            isCertified: isCertified || verifier != nil ? isCertified : nil,
            isLeading: isLeading,
            certificateDue: suspicion.certificateDue(in: term).map { now.duration(to: $0) },
            dutyDue: suspicion.dutyDue(in: term).map { now.duration(to: $0) },
            suspicion: verdict,
            doubt: suspicion.doubt(at: now),
            silenceLimit: suspicion.silence,
            quorum: committee.quorum,
            own: me,
            members: committee.indices.map { sight(of: $0, at: now) }
        )
    }

    private func sight(of member: MemberIndex, at now: Instant) -> ViewExplanation.Sight {
        let life = suspicion[member]
        let wish = tally[member]?.wish
        return ViewExplanation.Sight(
            member: member,
            silence: member == me ? .zero : life.heardAt?.duration(to: now),
            isFresh: suspicion.isFresh(member, at: now),
            isLinked: life.link == .up,
            isRefusing: life.isRefused,
            isConvicted: suspicion.proven[member.offset],
            wish: wish.flatMap { $0.from == view && !$0.isWithdrawal ? $0 : nil }
        )
    }
}
