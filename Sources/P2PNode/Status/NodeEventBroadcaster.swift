internal import DequeModule
internal import FoundationEssentials
internal import Synchronization

/// Hands a node's events to whoever listens, and keeps the newest for who comes later.
///
/// A listener that does not keep up loses the oldest of what waits for it; the node waits for nobody.
package final class NodeEventBroadcaster: Sendable {
    /// How many events are kept for new listeners.
    package static let historyLimit = 256
    /// How many events may wait for one listener.
    package static let waitingLimit = 512
    /// How many may listen at a time.
    package static let listenerLimit = 32

    private struct State: Sendable {
        var node: Int?
        var history: Deque<NodeEvent> = []
        var listeners: [UInt64: AsyncStream<NodeEvent>.Continuation] = [:]
        var nextListener: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Nobody listens yet.
    package init() {}

    /// Says at which position of the committee the node is, for all later events.
    package func setNode(_ node: Int) {
        state.withLock { $0.node = node }
    }

    /// Stamps an event with the time and sends it to all who listen.
    package func send(_ event: NodeEvent) {
        let microseconds = (Date().timeIntervalSince1970 * 1_000_000).rounded()
        state.withLock { state in
            var event = event
            event.time = microseconds / 1_000
            event.node = state.node
            state.history.append(event)
            if state.history.count > Self.historyLimit { state.history.removeFirst() }
            for listener in state.listeners.values { listener.yield(event) }
        }
    }

    /// The kept events and then all new ones; `nil` when too many listen already.
    package func listen() -> AsyncStream<NodeEvent>? {
        state.withLock { state in
            guard state.listeners.count < Self.listenerLimit else { return nil }
            let (stream, listener) = AsyncStream<NodeEvent>.makeStream(
                bufferingPolicy: .bufferingNewest(Self.waitingLimit)
            )
            for event in state.history { listener.yield(event) }
            let number = state.nextListener
            state.nextListener += 1
            state.listeners[number] = listener
            listener.onTermination = { [weak self] _ in self?.forget(number) }
            return stream
        }
    }

    private func forget(_ number: UInt64) {
        state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
}
