import Primitives

/// Which members this node has a link with, and by which links what others say is passed on.
///
/// ```
///   down ──linkUp──▶ up ──offence──▶ closing
///    ▲               │                  │
///    └───linkDown────┴──────linkDown────┘      linkUp leads to `up` from any state
/// ```
///
/// In a committee small enough for links to all, every link is a *mesh link*. Above that, those are mesh links
/// which either end has chosen for passing on; the others (to a leader, say) carry only what their ends say
/// themselves.
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
    private var chosen: MemberTable<Bool>
    /// The members with a link, in order.
    private(set) var linked: [MemberIndex] = []
    /// The members with a mesh link, in order: to whom new objects are pushed and relayed.
    private(set) var mesh: [MemberIndex] = []

    /// No links.
    init(size: Int) {
        states = MemberTable(repeating: .down, size: size)
        chosen = MemberTable(repeating: !NeighbourGraph.isSparse(size), size: size)
    }

    /// The condition of the link to a member.
    subscript(member: MemberIndex) -> State {
        get { states[member] }
        set {
            let before = states[member]
            states[member] = newValue
            guard (before == .up) != (newValue == .up) else { return }
            linked = states.members.filter { isUp($0) }
            mesh = linked.filter { isChosen($0) }
        }
    }

    /// Whether messages may be sent to the member.
    func isUp(_ member: MemberIndex) -> Bool { states[member] == .up }

    /// Whether a link to the member is, or would be, a mesh link.
    func isChosen(_ member: MemberIndex) -> Bool { chosen[member] }

    /// Makes the link to a member a mesh link.
    mutating func choose(_ member: MemberIndex) {
        chosen[member] = true
        mesh = linked.filter { isChosen($0) }
    }

    /// Makes the link to a member one for its ends alone.
    mutating func dismiss(_ member: MemberIndex) {
        chosen[member] = false
        mesh = linked.filter { isChosen($0) }
    }
}
