package import Primitives

/// Something said in an operation: bytes that only the machines of the ceremony can read.
package struct OperationItem: Hashable, Sendable {
    /// The most bytes of an item.
    package static let byteLimit = 65_536

    /// The item's name, which its bytes prove.
    package let name: ItemName
    /// What is said.
    package let bytes: [UInt8]

    /// Names the bytes; `nil` when there are none, or more than ``byteLimit``.
    package init?(of operation: Digest, _ kind: ItemKind, _ bytes: [UInt8]) {
        guard (1...Self.byteLimit).contains(bytes.count) else { return nil }
        name = ItemName(
            operation: operation,
            digest: SHA256.hash(bytes),
            kind: kind,
            bytes: UInt32(bytes.count)
        )
        self.bytes = bytes
    }

    /// Joins a name and the bytes that have been found to have its digest and length.
    init(proven name: ItemName, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
