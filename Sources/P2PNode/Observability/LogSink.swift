internal import Glibc
package import Logging
internal import Synchronization

/// Where log lines go.
struct LogSink: Sendable {
    let clock: @Sendable () -> WallTime
    let write: @Sendable (String) -> Void

    /// Lines go where they are sent, at times that are told.
    init(clock: @escaping @Sendable () -> WallTime, write: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.write = write
    }

    /// The standard error stream, line by line: also with many threads no line is cut by another.
    static let standardError: LogSink = {
        let turn = Mutex(())
        return LogSink(clock: { .now }) { line in
            let bytes = Array((line + "\n").utf8)
            turn.withLock { _ in put(bytes) }
        }
    }()

    private static func put(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = unsafe Glibc.write(
                    STDERR_FILENO,
                    bytes.baseAddress?.advanced(by: written),
                    bytes.count - written
                )
                if count > 0 {
                    written += count
                } else if errno != EINTR {
                    // Nobody reads the log any more; there is nowhere left to say so.
                    return
                }
            }
        }
    }
}

extension Logger {
    /// The node's logger as the configuration wants it.
    package static func node(_ configuration: NodeConfiguration) -> Logger {
        let format: LogFormat =
            switch configuration.logFormat {
            case .human: .human(isColoured: isatty(STDERR_FILENO) == 1)
            case .json: .json
            }
        return Logger(label: "oracle") { label in
            LineLogHandler(label: label, level: configuration.logLevel, format: format, sink: .standardError)
        }
    }
}
