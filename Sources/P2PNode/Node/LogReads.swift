internal import Gossip
internal import Peer

/// The reads of stored logs that the node's machine has ordered, for the one who does them, in order.
///
/// Apart from what writes: a vote that is to be made durable does not wait for what peers pull.
struct LogReads: Sendable {
    /// One of them.
    struct Order: Sendable {
        let read: LogRead
        let store: PeerStore
    }

    /// How many may wait: one for each link and one for each log, of which there are at most 128, and a few of an
    /// epoch that has ended.
    static let limit = 1_024

    /// The orders.
    let waiting: AsyncStream<Order>
    private let list: AsyncStream<Order>.Continuation

    init() {
        (waiting, list) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
    }

    /// Adds one at the end; answers whether there was room.
    func add(_ order: Order) -> Bool {
        if case .dropped = list.yield(order) { false } else { true }
    }

    /// Does them, until cancelled or one fails.
    func answer(to actor: NodeActor) async throws {
        for await order in waiting {
            let entries = try await order.store.read(order.read)
            await actor.feed(.logRead(id: order.read.id, entries: entries))
        }
    }
}
