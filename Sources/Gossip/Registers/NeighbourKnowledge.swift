import Primitives

/// What each neighbour is known to hold: what it has sent, and what it was sent, since its link came up.
struct NeighbourKnowledge: Sendable {
    private var orders: MemberGrid<[Order]>

    /// Nothing known.
    init(size: Int) {
        let none = Array(repeating: Order.zero, count: ObjectKind.registers.count)
        orders = MemberGrid(repeating: none, size: size)
    }

    private static func place(_ kind: ObjectKind) -> Int? { ObjectKind.registers.firstIndex(of: kind) }

    /// Starts afresh with a new link.
    mutating func forget(_ neighbour: MemberIndex, authors: [MemberIndex]) {
        for author in authors {
            for place in ObjectKind.registers.indices { orders[neighbour, author][place] = .zero }
        }
    }

    /// Forgets what is passed on only once, so that it is passed on again.
    mutating func forgetUrgent(_ neighbour: MemberIndex, of author: MemberIndex) {
        for (place, kind) in ObjectKind.registers.enumerated() where kind.isUrgent {
            orders[neighbour, author][place] = .zero
        }
    }

    /// Notes that a neighbour holds a register, or a newer one of its kind and author.
    mutating func note(_ object: Object, heldBy neighbour: MemberIndex) {
        guard let place = Self.place(object.kind) else { return }
        orders[neighbour, object.author][place] = max(orders[neighbour, object.author][place], object.order)
    }

    /// Whether a register is news to a neighbour, as far as is known; nobody's own registers are.
    func isNews(_ object: Object, to neighbour: MemberIndex) -> Bool {
        guard let place = Self.place(object.kind), object.author != neighbour else { return false }
        return orders[neighbour, object.author][place] < object.order
    }
}
