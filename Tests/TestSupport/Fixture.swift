package import Foundation

/// Finds the files that tests read.
package enum Fixture {
    /// The folder that holds `Package.swift`.
    package static let repository: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder
    }()

    /// Decodes a committed fixture, named from `Tests/Fixtures`.
    package static func load<Value: Decodable>(_ path: String, as _: Value.Type = Value.self) throws -> Value
    {
        let file = repository.appending(path: "Tests/Fixtures").appending(path: path)
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
    }
}

/// Test vectors published by others, read where they lie beside the checkout.
package enum PublishedVectors {
    /// Where the vectors are expected.
    package static let folder = Fixture.repository
        .deletingLastPathComponent()
        .appending(path: "shared/vectors/published")

    /// Whether a file of the vectors is there.
    ///
    /// Tests that need it are skipped when it is not.
    package static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
    }

    /// The bytes of a file of the vectors.
    package static func data(_ path: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: path))
    }

    /// Decodes a JSON file of the vectors.
    package static func load<Value: Decodable>(_ path: String, as _: Value.Type = Value.self) throws -> Value
    {
        try JSONDecoder().decode(Value.self, from: data(path))
    }
}
