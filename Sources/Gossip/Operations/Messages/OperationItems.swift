package import Primitives

/// Items that the receiver wanted, as bare bytes: their digests say which.
package struct OperationItems: SSZContainer {
    /// The items, at least one.
    package var items: SSZList<ByteList<65_536>, 16>

    /// Carries these.
    package init(_ items: SSZList<ByteList<65_536>, 16>) {
        self.items = items
    }

    package static let fields = [SSZField("items", SSZList<ByteList<65_536>, 16>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(items)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        items = try reader.field()
    }
}
