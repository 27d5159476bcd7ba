/// A struct of named fields.
///
/// A conforming type lists its fields three times in the same order: in ``fields`` (which also makes the
/// tables of the protocol's documentation), in ``visit(_:)`` and in its `init(fields:)`. A slip between the
/// three is caught by a precondition at the first use.
@usableFromInline
package protocol SSZContainer: SSZValue {
    /// Names and types of the fields, in order.
    static var fields: [SSZField] { get }

    /// Hands each field to the visitor, in order.
    func visit(_ visitor: inout SSZFieldVisitor)

    /// Takes each field from the reader, in order.
    init(fields reader: inout SSZFieldReader) throws(SSZError)
}

/// Name and type of one field of a container.
@usableFromInline
package struct SSZField: Sendable {
    /// The name used in the protocol's documentation.
    package let name: String
    /// The field's type.
    @usableFromInline
    package let type: any SSZValue.Type
    /// The encoding's length, if all values of the type share one; asked for with every value, so computed once.
    @usableFromInline let fixedSize: Int?

    /// A field `name: type`.
    package init(_ name: String, _ type: any SSZValue.Type) {
        self.name = name
        self.type = type
        fixedSize = type.sszFixedSize
    }

    @inlinable
    var inlineSize: Int { fixedSize ?? 4 }
}

extension SSZContainer {
    package static var sszTypeName: String { String(describing: Self.self) }

    @inlinable
    package static var sszFixedSize: Int? {
        var total = 0
        for field in fields {
            guard let size = field.fixedSize else { return nil }
            total += size
        }
        return total
    }

    @inlinable
    package func encode(to bytes: inout [UInt8]) {
        var visitor = SSZFieldVisitor(encoding: Self.fields, into: &bytes)
        visit(&visitor)
        if visitor.beginVariableParts() { visit(&visitor) }
        visitor.finish(into: &bytes)
    }

    @inlinable
    package init(ssz bytes: RawSpan) throws(SSZError) {
        var reader = try SSZFieldReader(bytes, fields: Self.fields, type: Self.sszTypeName)
        try self.init(fields: &reader)
        reader.finish()
    }

    @inlinable
    package func hashTreeRoot() -> Digest {
        var visitor = SSZFieldVisitor(rootsOf: Self.fields)
        visit(&visitor)
        return visitor.root()
    }
}
