internal import Synchronization

/// Wakes one waiting task; a nudge that finds nobody waiting is kept for the next who does.
final class Nudge: Sendable {
    private struct State {
        var isGiven = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes who waits, or lets the next wait return at once.
    func give() {
        let waiter = state.withLock { state in
            if state.waiter == nil { state.isGiven = true }
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Returns at a nudge or when the task is cancelled.
    ///
    /// One task at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // A cancellation that came before there was a waiter is seen here, a later one by the handler.
                    guard !state.isGiven, !Task.isCancelled else {
                        state.isGiven = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume()
        }
    }
}
