package import Primitives

/// What an item of an operation is to those who pass it on.
package enum ItemKind: UInt8, CaseIterable, Sendable {
    /// What the oracles say to all who take part: who offers it vouches for it.
    case order = 1
    /// What one operator says.
    case message = 2
}

extension ItemKind: SSZValue {
    package static var sszFixedSize: Int? { 1 }
    package static var sszIsBasic: Bool { true }
    package static var sszTypeName: String { "uint8" }

    package func encode(to bytes: inout [UInt8]) {
        bytes.append(rawValue)
    }

    package init(ssz bytes: RawSpan) throws(SSZError) {
        guard let kind = ItemKind(rawValue: try UInt8(ssz: bytes)) else { throw .value(of: "ItemKind") }
        self = kind
    }

    package func hashTreeRoot() -> Digest { rawValue.hashTreeRoot() }
}

/// Names an item without its bytes.
///
/// The digest proves the bytes and nothing else: whether they are of this operation and kind, only who can read them
/// knows. So two names of one digest are two things, of which one is a lie.
package struct ItemName: SSZContainer {
    /// The operation that the item belongs to.
    package var operation: Digest
    /// SHA-256 of the item's bytes.
    package var digest: Digest
    /// What the item is.
    package var kind: ItemKind
    /// How many bytes it has.
    package var bytes: UInt32

    /// Joins the fields.
    package init(operation: Digest, digest: Digest, kind: ItemKind, bytes: UInt32) {
        self.operation = operation
        self.digest = digest
        self.kind = kind
        self.bytes = bytes
    }

    /// Whether an item can have so many bytes.
    package var isPossible: Bool { (1...OperationItem.byteLimit).contains(Int(bytes)) }

    package static let fields = [
        SSZField("operation", Digest.self),
        SSZField("digest", Digest.self),
        SSZField("kind", ItemKind.self),
        SSZField("bytes", UInt32.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(operation)
        visitor.field(digest)
        visitor.field(kind)
        visitor.field(bytes)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        operation = try reader.field()
        digest = try reader.field()
        kind = try reader.field()
        bytes = try reader.field()
    }
}
