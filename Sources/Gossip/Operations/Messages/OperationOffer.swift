package import Primitives

/// What the sender has and the receiver may want.
package struct OperationOffer: SSZContainer {
    /// The names, at least one.
    package var items: SSZList<ItemName, 128>

    /// Offers these.
    package init(_ items: SSZList<ItemName, 128>) {
        self.items = items
    }

    package static let fields = [SSZField("items", SSZList<ItemName, 128>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(items)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        items = try reader.field()
    }
}
