/// Something that is wrong with a configuration, and what to do about it.
package enum ConfigurationProblem: Hashable, Sendable {
    /// The file cannot be read.
    case unreadable(file: String, reason: String)
    /// The file's text is not YAML as it is used here.
    case malformed(file: String, reason: String)
    /// There is no such setting.
    case unknown(name: String, origin: ConfigurationOrigin, nearest: ConfigurationKey?)
    /// So many more names are no settings.
    case unknownToo(count: Int, origin: ConfigurationOrigin)
    /// A setting without a default is not set.
    case missing(ConfigurationKey, remedy: String)
    /// A setting has no value.
    case empty(ConfigurationKey, origin: ConfigurationOrigin)
    /// A setting's value is not one of those allowed.
    case invalid(ConfigurationKey, value: String, origin: ConfigurationOrigin, allowed: String)
    /// Two settings exclude each other.
    case conflict(ConfigurationKey, ConfigurationKey)
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String { RPCAddress.redacting(sentence) }

    private var sentence: String {
        switch self {
        case .unreadable(let file, let reason): "the file \(file) cannot be read: \(reason)"
        case .malformed(let file, let reason): "the file \(file) is not understood: \(reason)"
        case .unknown(let name, let origin, let nearest):
            "there is no setting \(name) (\(origin))\(nearest.map { "; do you mean \($0)?" } ?? "")"
        case .unknownToo(let count, let origin): "\(count) more names in it are no settings (\(origin))"
        case .missing(let key, let remedy): "\(key) is not set; \(remedy)"
        case .empty(let key, let origin): "\(key) is empty (\(origin)); give it a value or leave it out"
        case .invalid(let key, let value, let origin, let allowed):
            "\(key) is '\(value)' (\(origin)), but must be \(allowed)"
        case .conflict(let first, let second): "\(first) and \(second) are both set; keep one of them"
        }
    }
}

/// All that is wrong with a configuration, found in one go.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    package let problems: [ConfigurationProblem]

    /// One line each.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Where a setting's value comes from.
package enum ConfigurationOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The command line.
    case flag
    /// An environment variable.
    case environment(String)
    /// A file.
    case file(String)
    /// Nowhere: the default.
    case standard

    package var description: String {
        switch self {
        case .flag: "command line"
        case .environment(let variable): "environment \(variable)"
        case .file(let path): "file \(path)"
        case .standard: "default"
        }
    }
}
