import Primitives

/// Which members this node has a link with.
///
/// ```
///   down ──linkUp──▶ up ──offence──▶ closing
///    ▲               │                  │
///    └───linkDown────┴──────linkDown────┘      linkUp leads to `up` from any state
/// ```
struct LinkTable: Sendable {
    /// A link's condition.
    enum State: Sendable {
        /// There is none.
        case down
        /// Messages may be sent and are heeded.
        case up
        /// This machine has ordered its end; what still comes is not heeded.
        case closing
    }

    private var states: MemberTable<State>
    /// The members with a link, in order.
    private(set) var linked: [MemberIndex] = []

    /// No links.
    init(size: Int) {
        states = MemberTable(repeating: .down, size: size)
    }

    /// The condition of the link to a member.
    subscript(member: MemberIndex) -> State {
        get { states[member] }
        set {
            let before = states[member]
            states[member] = newValue
            if (before == .up) != (newValue == .up) { linked = states.members.filter { isUp($0) } }
        }
    }

    /// Whether messages may be sent to the member.
    func isUp(_ member: MemberIndex) -> Bool { states[member] == .up }

    /// The members to whom new objects are pushed at once.
    ///
    /// Here, all that have a link. This is the one place that a bounded choice of neighbours would change: all
    /// others learn of new objects by asking for relayed registers and by comparing frontiers.
    var pushTargets: [MemberIndex] { linked }
}
