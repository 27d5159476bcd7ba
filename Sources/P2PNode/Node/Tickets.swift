internal import Synchronization

/// Numbers that rise from run to run.
final class Tickets: Sendable {
    private let last = Mutex<UInt64>(0)

    /// A number above all before, and at least this one.
    func next(_ least: UInt64) -> UInt64 {
        last.withLock { last in
            last = max(last + 1, least)
            return last
        }
    }
}
