import P2PNode
import Synchronization

/// What `oracle watch` has to tell: an event of a node, or that the node is gone.
struct WatchItem: Sendable {
    /// What is to be told.
    enum Content: Sendable {
        case event(NodeEvent)
        case lost
    }

    let node: Int
    /// In milliseconds since 1970.
    let time: Double
    let content: Content
}

/// Puts what several nodes tell into the order of their times.
///
/// Each node's history arrives at once and the nodes' streams do not wait for each other, so an item is held back
/// for a moment in case an earlier one is still on its way.
final class TimeOrder: Sendable {
    /// How long an item is held back, in milliseconds: longer than two nodes' streams are apart.
    static let patience = 50.0

    private let waiting = Mutex<[WatchItem]>([])

    /// Takes an item.
    func add(_ item: WatchItem) {
        waiting.withLock { $0.append(item) }
    }

    /// Hands out, in order, what can have no predecessor any more.
    ///
    /// An item from a clock ahead of this one waits until this one has caught up, and a second at most.
    func take(at now: Double) -> [WatchItem] {
        waiting.withLock { waiting in
            let isDue = { (item: WatchItem) in
                item.time <= now - Self.patience || item.time > now + 1_000
            }
            let due = waiting.filter(isDue).sorted { $0.time < $1.time }
            waiting.removeAll(where: isDue)
            return due
        }
    }
}
