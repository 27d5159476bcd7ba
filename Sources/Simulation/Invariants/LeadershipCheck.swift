import Primitives

/// `one-leader-per-view`: all who enter a view follow the one leader that the committee's order gives it, and only
/// who has entered a view as its leader leads.
struct LeadershipCheck {
    private let committee: Committee
    /// The view each member is in.
    private var views: [View?]
    private var leaders: [View: MemberIndex] = [:]

    init(committee: Committee) {
        self.committee = committee
        views = Array(repeating: nil, count: committee.size)
    }

    mutating func enters(_ view: View, _ leader: MemberIndex, _ member: MemberIndex) -> String? {
        views[member.offset] = view
        if let other = leaders.updateValue(leader, forKey: view), other != leader {
            return "follows \(leader) in view \(view), in which another follows \(other)"
        }
        let due = committee.leader(of: view)
        return leader == due ? nil : "follows \(leader) in view \(view), which is \(due)'s"
    }

    func leads(_ member: MemberIndex) -> String? {
        guard let view = views[member.offset] else { return "leads without a view" }
        let due = committee.leader(of: view)
        return member == due ? nil : "leads view \(view), which is \(due)'s"
    }
}
