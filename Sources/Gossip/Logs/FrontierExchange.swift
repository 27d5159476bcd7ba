import Primitives

/// Decides when to tell a neighbour how far this node's logs reach.
///
/// At once when a link comes up with another digest; later when two heartbeats of the neighbour in a row name
/// another digest than this node's at that time, since one alone may merely have crossed an entry on its way. Then
/// at most every fourth heartbeat, and ever more rarely while neither digest changes: what is said already helps
/// only if it was lost.
struct FrontierExchange: Sendable {
    private static let patience = 2
    private static let pause = 4
    private static let longestPause = 64

    private struct Telling: Sendable {
        /// Heartbeats in a row that named another digest.
        var mismatches = 0
        /// Heartbeats since the frontiers were told for the last of them.
        var since = FrontierExchange.longestPause
        /// How many are to pass if nothing changes.
        var pause = FrontierExchange.pause
        /// The two digests when the frontiers were told.
        var digests: (own: Digest, theirs: Digest)?
    }

    private var tellings: MemberTable<Telling>

    /// All neighbours agree, as far as is known.
    init(size: Int) {
        tellings = MemberTable(repeating: Telling(), size: size)
    }

    /// Starts afresh with a new link to which the frontiers were told, or need not be.
    mutating func linkUp(_ neighbour: MemberIndex) {
        tellings[neighbour] = Telling()
    }

    /// Takes the digest that a neighbour's heartbeat names; answers whether to tell it the frontiers now.
    mutating func heard(_ digest: Digest, from neighbour: MemberIndex, own: Digest) -> Bool {
        guard digest != own else {
            tellings[neighbour].mismatches = 0
            tellings[neighbour].since += 1
            return false
        }
        tellings[neighbour].mismatches += 1
        tellings[neighbour].since += 1
        let telling = tellings[neighbour]
        let isNew = telling.digests.map { $0 != (own, digest) } ?? true
        guard
            telling.mismatches >= Self.patience, telling.since >= (isNew ? Self.pause : telling.pause)
        else { return false }
        tellings[neighbour].since = 0
        tellings[neighbour].pause = isNew ? 2 * Self.pause : min(2 * telling.pause, Self.longestPause)
        tellings[neighbour].digests = (own, digest)
        return true
    }
}
