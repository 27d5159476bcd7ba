package import Primitives

/// Why an answer has not the shape its method promises.
package struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the answer, as `logs[2].data`.
    package var path: String
    /// What should have stood there.
    package var expected: String
    /// What stood there, shortened.
    package var found: String

    /// A mismatch at a path.
    package init(_ path: String, expected: String, found: JSON?) {
        self.path = path
        self.expected = expected
        self.found =
            switch found {
            case nil: "nothing"
            case .string(let text): "\"" + text.prefix(80) + "\""
            case .number(let digits): String(digits.prefix(80))
            case let other?: other.kind
            }
    }

    package var description: String { "\(path) should be \(expected), it is \(found)" }
}

/// The strict readings of JSON values in Ethereum's interface.
extension JSON {
    /// A number of at most 64 bits in hexadecimal.
    package func quantity(_ path: String) throws(ShapeError) -> UInt64 {
        guard let number = try wideQuantity(path).asUInt64 else {
            throw ShapeError(path, expected: "a quantity of at most 64 bits", found: self)
        }
        return number
    }

    /// A number of at most 256 bits in hexadecimal.
    package func wideQuantity(_ path: String) throws(ShapeError) -> UInt256 {
        guard case .string(let text) = self, let number = Quantity.number(text) else {
            throw ShapeError(path, expected: "a hexadecimal quantity", found: self)
        }
        return number
    }

    /// Bytes in hexadecimal, at most `limit` of them.
    package func data(_ path: String, atMost limit: Int) throws(ShapeError) -> [UInt8] {
        guard case .string(let text) = self, text.hasPrefix("0x"), text.utf8.count <= 2 + 2 * limit,
            let bytes = Hex.decode(text)
        else {
            throw ShapeError(path, expected: "at most \(limit) bytes in hexadecimal", found: self)
        }
        return bytes
    }

    /// Exactly as many bytes as the type has, in hexadecimal.
    package func fixed<Tag, let count: Int>(
        _ path: String,
        as type: FixedBytes<Tag, count>.Type = FixedBytes<Tag, count>.self
    ) throws(ShapeError) -> FixedBytes<Tag, count> {
        guard case .string(let text) = self, text.hasPrefix("0x"), text.utf8.count == 2 + 2 * count,
            let bytes = FixedBytes<Tag, count>(hex: text)
        else {
            throw ShapeError(path, expected: "\(count) bytes in hexadecimal", found: self)
        }
        return bytes
    }

    /// A truth value.
    package func flag(_ path: String) throws(ShapeError) -> Bool {
        guard case .bool(let value) = self else {
            throw ShapeError(path, expected: "true or false", found: self)
        }
        return value
    }

    /// A list of at most `limit` elements.
    package func elements(_ path: String, atMost limit: Int) throws(ShapeError) -> [JSON] {
        guard case .array(let elements) = self, elements.count <= limit else {
            throw ShapeError(path, expected: "a list of at most \(limit)", found: self)
        }
        return elements
    }

    /// The member of an object that must have it.
    package func member(_ name: String, of path: String) throws(ShapeError) -> JSON {
        guard case .object(let members) = self else {
            throw ShapeError(path, expected: "an object", found: self)
        }
        guard let member = members[name] else {
            throw ShapeError(path + "." + name, expected: "there", found: nil)
        }
        return member
    }

    /// The member of an object, or `nil` when it is missing or `null`.
    package func optionalMember(_ name: String) -> JSON? {
        guard let member = self[name], member != .null else { return nil }
        return member
    }
}
