package import Primitives

/// The sequence numbers that this node has used in its incarnation, one count for each kind.
///
/// Without gaps, and across epochs: two different objects with one order are proof against their author.
package struct OwnOrders: Hashable, Sendable {
    private var used: [UInt64] = Array(repeating: 0, count: ObjectKind.allCases.count + 1)

    /// Nothing used yet.
    package init() {}

    /// The sequence number last used for the kind; 0 for none.
    package func last(_ kind: ObjectKind) -> UInt64 { used[Int(kind.rawValue)] }

    /// Uses the next number of the kind.
    mutating func next(_ kind: ObjectKind) -> UInt64 {
        used[Int(kind.rawValue)] += 1
        return used[Int(kind.rawValue)]
    }

    /// Goes on after whichever of the two has used more.
    mutating func merge(_ other: OwnOrders) {
        for index in used.indices { used[index] = max(used[index], other.used[index]) }
    }
}
