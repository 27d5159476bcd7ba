package import Primitives

/// Waiting times that double with each failure in a row, up to a limit, and are never quite the same.
package struct Backoff: Hashable, Sendable {
    /// The longest first wait.
    package var first: Duration
    /// The longest wait of all.
    package var limit: Duration

    /// Waits between half of `first` and `limit`.
    package init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    /// The wait after so many failures in a row, from 1: between half and the whole of the doubled time.
    package func wait(after failures: Int, using generator: inout SplitMix64) -> Duration {
        var whole = first
        for _ in 1..<max(failures, 1) where whole < limit { whole *= 2 }
        whole = min(whole, limit)
        let thousandths = 500 + Int(generator.next() % 501)
        return whole * thousandths / 1_000
    }
}
