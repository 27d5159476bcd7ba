import Ethereum
import Foundation
import Primitives
import TestSupport
import Testing

/// Reads fixtures with the parser under test, which keeps numbers as they are written.
enum JSONFixture {
    static func load(_ path: String) throws -> JSON {
        let file = Fixture.repository.appending(path: "Tests/Fixtures").appending(path: path)
        return try JSONParser.parse(Array(Data(contentsOf: file)))
    }
}

extension JSON {
    /// The list that a member is.
    func list(_ name: String) throws -> [JSON] {
        try #require(self[name]).elements(name, atMost: 1_000_000)
    }

    /// The bytes that a member is.
    func bytes(_ name: String) throws -> [UInt8] {
        try #require(self[name]).data(name, atMost: 1_000_000)
    }

    /// The text that a member is.
    func text(_ name: String) throws -> String {
        guard case .string(let text) = try #require(self[name]) else {
            throw ShapeError(name, expected: "a text", found: self[name])
        }
        return text
    }

    /// The number that a member is in hexadecimal.
    func number(_ name: String) throws -> UInt64 {
        try #require(self[name]).quantity(name)
    }
}
