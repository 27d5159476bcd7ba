import Primitives

/// Decides when to tell a neighbour how far this node's logs reach.
///
/// At once when a link comes up with another digest; later when two heartbeats of the neighbour in a row name
/// another digest than this node's at that time, since one alone may merely have crossed an entry on its way;
/// and then at most every fourth heartbeat.
struct FrontierExchange: Sendable {
    private static let patience = 2
    private static let pause = 4

    private var mismatches: MemberTable<Int>

    /// All neighbours agree, as far as is known.
    init(size: Int) {
        mismatches = MemberTable(repeating: 0, size: size)
    }

    /// Starts afresh with a new link to which the frontiers were told, or need not be.
    mutating func linkUp(_ neighbour: MemberIndex) {
        mismatches[neighbour] = 0
    }

    /// Takes the digest that a neighbour's heartbeat names; answers whether to tell it the frontiers now.
    mutating func heard(_ digest: Digest, from neighbour: MemberIndex, own: Digest) -> Bool {
        guard digest != own else {
            mismatches[neighbour] = 0
            return false
        }
        mismatches[neighbour] += 1
        guard mismatches[neighbour] >= Self.patience else { return false }
        mismatches[neighbour] = Self.patience - Self.pause
        return true
    }
}
