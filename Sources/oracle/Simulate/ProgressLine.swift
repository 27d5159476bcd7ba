import Glibc

/// One line on standard error that says how far something is; nothing where that is not a terminal.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private var shown: ContinuousClock.Instant?
    private let begun = ContinuousClock().now

    /// Says that so many of all are done, at most ten times a second.
    func show(_ done: Int, of all: Int, _ words: String) {
        let now = clock.now
        guard isTerminal, shown.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        shown = now
        let filled = 24 * min(done, all) / max(all, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let left = done == 0 ? "" : ", \(Self.short((now - begun) / done * (all - done))) left"
        write("\r\u{1B}[K\(bar) \(done) of \(all)  \(words)\(left)")
    }

    /// Takes the line away.
    func clear() {
        if isTerminal, shown != nil { write("\r\u{1B}[K") }
        shown = nil
    }

    private static func short(_ time: Duration) -> String {
        let seconds = Int(time / .seconds(1))
        return seconds < 100 ? "\(seconds) s" : "\(seconds / 60) min"
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
