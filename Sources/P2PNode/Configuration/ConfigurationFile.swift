internal import SystemPackage

/// Why a configuration file cannot be read.
struct ConfigurationFileError: Error {
    let reason: String
}

/// The bytes of a configuration file.
enum ConfigurationFile {
    /// Several times what all settings take, in bytes; reading YAML takes time and memory quadratic in it.
    static let sizeLimit = 1 << 14

    static func read(_ path: FilePath) throws(ConfigurationFileError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                guard try file.stat().type == .regular else {
                    throw ConfigurationFileError(reason: "it is not a regular file")
                }
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 16_384)
                while true {
                    let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                    if count == 0 { return bytes }
                    bytes += buffer[..<count]
                    guard bytes.count <= sizeLimit else {
                        throw ConfigurationFileError(reason: "it has more than \(sizeLimit) bytes")
                    }
                }
            }
        } catch let error as ConfigurationFileError {
            throw error
        } catch {
            throw ConfigurationFileError(reason: "\(error)")
        }
    }
    /// The name of an alias that a YAML text may use, or `nil` when it surely uses none.
    ///
    /// A line each that names the one before twice makes a text of a kilobyte a value of gigabytes. Every alias, `*name`,
    /// needs an anchor, `&name`; that either may stand in a comment or a quoted text is no matter. Linear.
    static func alias(in text: [UInt8]) -> String? {
        let anchors = names(after: UInt8(ascii: "&"), in: text)
        return names(after: UInt8(ascii: "*"), in: text).intersection(anchors).min()
    }

    private static func names(after mark: UInt8, in text: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        for piece in text.split(separator: mark, omittingEmptySubsequences: false).dropFirst() {
            let name = piece.prefix { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            if !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
        }
        return names
    }
}
