package import Primitives

/// What the sender lacks.
package struct OperationWant: SSZContainer {
    /// Operations that the sender has only now learned of: what was offered of them before, it has ignored.
    package var operations: SSZList<Digest, 16>
    /// The digests of offered items that the sender wants.
    package var digests: SSZList<Digest, 32>

    /// Joins the two, of which one is not empty.
    package init(operations: SSZList<Digest, 16>, digests: SSZList<Digest, 32>) {
        self.operations = operations
        self.digests = digests
    }

    package static let fields = [
        SSZField("operations", SSZList<Digest, 16>.self),
        SSZField("digests", SSZList<Digest, 32>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(operations)
        visitor.field(digests)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        operations = try reader.field()
        digests = try reader.field()
    }
}
