package import Primitives

/// Consecutive entries of one member's log: the answer to a ``Pull``, or what the sender has just appended to
/// its own log.
///
/// The one exception to "consecutive" is the proof of a fork: two entries that contradict each other.
package struct LogRange: SSZContainer {
    /// The signed entries, in order.
    package var entries: SSZList<SignedObject, 64>

    /// Takes the entries as they are.
    package init(_ entries: SSZList<SignedObject, 64>) {
        self.entries = entries
    }

    /// As many of the entries, from the first, as one message may hold.
    package init(fitting entries: [SignedObject]) {
        var size = 4
        var count = 0
        for entry in entries.prefix(64) {
            size += 4 + entry.sszSize
            guard size <= MessageType.range.bodyLimit else { break }
            count += 1
        }
        self.entries = SSZList(Array(entries.prefix(count))) ?? SSZList()
    }

    package static let fields = [SSZField("entries", SSZList<SignedObject, 64>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(entries)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        entries = try reader.field()
    }
}

extension SignedObject {
    /// The length of the encoding: fixed fields, two offsets, signature and payload.
    package var sszSize: Int { Self.sszOverhead + object.payload.bytes.count }

    /// The bytes of a signed object around its payload.
    static let sszOverhead = 4 + 64 + 8 + 2 + 1 + 16 + 4
}
