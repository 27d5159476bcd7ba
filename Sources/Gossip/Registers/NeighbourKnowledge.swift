import Primitives

/// What each neighbour is known to hold: what it has sent, and what it was sent, since its link came up.
struct NeighbourKnowledge: Sendable {
    private var orders: MemberGrid<InlineArray<3, Order>>

    /// Nothing known.
    init(size: Int) {
        orders = MemberGrid(repeating: InlineArray(repeating: .zero), size: size)
    }

    /// Starts afresh with a new link.
    mutating func forget(_ neighbour: MemberIndex, authors: [MemberIndex]) {
        for author in authors { orders[neighbour, author] = InlineArray(repeating: .zero) }
    }

    /// Forgets what is passed on only once, so that it is passed on again.
    mutating func forgetUrgent(_ neighbour: MemberIndex, of author: MemberIndex) {
        for kind in ObjectKind.registers where kind.isUrgent {
            if let place = kind.registerPlace { orders[neighbour, author][place] = .zero }
        }
    }

    /// Notes that a neighbour holds a register, or a newer one of its kind and author.
    mutating func note(_ object: Object, heldBy neighbour: MemberIndex) {
        guard let place = object.kind.registerPlace else { return }
        orders[neighbour, object.author][place] = max(orders[neighbour, object.author][place], object.order)
    }

    /// Whether a register is news to a neighbour, as far as is known; nobody's own registers are.
    func isNews(_ object: Object, to neighbour: MemberIndex) -> Bool {
        guard let place = object.kind.registerPlace, object.author != neighbour else { return false }
        return orders[neighbour, object.author][place] < object.order
    }
}
