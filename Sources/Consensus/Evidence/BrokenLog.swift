package import Primitives

/// A log entry, and one in the place after it that names another predecessor.
///
/// Whoever signed both has another entry in the place of the first. An honest author chains each entry to the one
/// that it has made durable before.
package struct BrokenLog: SSZContainer {
    /// The first entry; its summary has the signed object's hash-tree-root.
    package var entry: SignedSummary
    /// The entry whose place is one further.
    package var successor: SignedObject

    /// A proof from two log entries, or `nil` when the second may follow the first.
    package init?(_ entry: SignedObject, successor: SignedObject) {
        self.entry = SignedSummary(of: entry)
        self.successor = successor
        guard contradicts else { return nil }
    }

    /// Whether one author has put the second after something other than the first; signatures are not looked at.
    var contradicts: Bool {
        let (first, second) = (entry.summary, successor.object)
        guard
            first.epoch == second.epoch, first.author == second.author,
            first.kind == .logEntry, second.kind == .logEntry,
            first.order.incarnation == second.order.incarnation,
            first.order.sequence < .max, first.order.sequence + 1 == second.order.sequence,
            let follower = try? LogEntry(ssz: second.payload.bytes)
        else { return false }
        return follower.previous != entry.hashTreeRoot()
    }

    package static let fields = [
        SSZField("entry", SignedSummary.self),
        SSZField("successor", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(entry)
        visitor.field(successor)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        entry = try reader.field()
        successor = try reader.field()
    }
}
