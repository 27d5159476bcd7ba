internal import Logging

/// Writes each log event as one line.
///
/// Whatever a peer or an endpoint has put into a message or value stays on that line: control characters are
/// written as escapes, so nobody can forge a line or steer the terminal.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let sink: LogSink

    /// A handler for the logger of this label.
    init(label: String, level: Logger.Level, format: LogFormat, sink: LogSink) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        let entry = LogEntry(
            time: sink.clock(),
            level: event.level,
            label: label,
            message: event.message.description,
            metadata: all.sorted { $0.key < $1.key }
        )
        sink.write(format.line(entry))
    }
}

/// A log event with everything that belongs on its line.
struct LogEntry {
    var time: WallTime
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: [(key: String, value: Logger.MetadataValue)]
}

/// The forms of a line.
enum LogFormat: Sendable {
    /// Aligned columns in local time.
    case human(isColoured: Bool)
    /// A JSON object, its time in UTC.
    case json

    func line(_ entry: LogEntry) -> String {
        switch self {
        case .human(let isColoured): HumanLine.text(entry, isColoured: isColoured)
        case .json: JSONLine.text(entry)
        }
    }
}
