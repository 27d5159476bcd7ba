internal import SystemPackage

/// Why a configuration file cannot be read.
struct ConfigurationFileError: Error {
    let reason: String
}

/// The bytes of a configuration file.
enum ConfigurationFile {
    /// More than any configuration needs.
    static let sizeLimit = 1 << 20

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
}
