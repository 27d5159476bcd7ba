import Synchronization

/// Says how far something has come, once it takes longer than people wait without wondering.
final class Waiting: Sendable {
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.seconds(5)

    private let began = ContinuousClock.now
    private let told = Mutex<ContinuousClock.Instant?>(nil)

    /// Tells people, unless it is too early or was done just now.
    func tell(_ message: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard began.duration(to: now) > Self.patience else { return }
        let isDue = told.withLock { told in
            guard told.map({ $0.duration(to: now) > Self.pause }) ?? true else { return false }
            told = now
            return true
        }
        if isDue { Terminal.mention(message()) }
    }
}
