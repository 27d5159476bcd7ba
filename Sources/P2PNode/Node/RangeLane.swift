internal import DequeModule
internal import Gossip
internal import Primitives

/// Ranges of logs that have come and wait until the node has nothing better to do.
///
/// One takes milliseconds, since its signatures are verified; so they are taken one by one, and whatever else has come
/// goes first. A link has room for ``limit`` of them; after that nothing more is read from it until one is taken,
/// which slows its peer down and nobody else.
struct RangeLane {
    /// The most ranges of one link that wait: what may be asked of a neighbour, and a few that it pushes.
    static let limit = Pull.openLimit + 2

    /// One of them.
    struct Arrival: Sendable {
        let range: LinkMessage
        let peer: Identity
        let link: LinkID
    }

    private var waiting: Deque<Arrival> = []
    private var counts: [LinkID: Int] = [:]
    private var readers: [LinkID: CheckedContinuation<Void, Never>] = [:]
    private var isClosed = false

    /// Whether a link has no room for another one.
    func isFull(for link: LinkID) -> Bool { counts[link, default: 0] >= Self.limit }

    /// Takes a range; the reader of its link is to wait while there is no room for another one.
    mutating func append(_ arrival: Arrival) {
        guard !isClosed else { return }
        waiting.append(arrival)
        counts[arrival.link, default: 0] += 1
    }

    /// Lets the reader of a link, of which there is one, wait for room.
    mutating func wait(_ reader: CheckedContinuation<Void, Never>, for link: LinkID) {
        precondition(readers[link] == nil, "a link with two readers")
        readers[link] = reader
    }

    /// Gives out the oldest range.
    mutating func popFirst() -> Arrival? {
        guard let next = waiting.popFirst() else { return nil }
        let rest = counts[next.link, default: 1] - 1
        counts[next.link] = rest > 0 ? rest : nil
        readers.removeValue(forKey: next.link)?.resume()
        return next
    }

    /// Takes nothing any more, and keeps nobody waiting.
    mutating func close() {
        isClosed = true
        waiting = []
        counts = [:]
        for reader in readers.values { reader.resume() }
        readers = [:]
    }
}
