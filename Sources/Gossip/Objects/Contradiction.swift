package import Primitives

/// Two signed objects of one author of which an honest author signs at most one.
///
/// Either both are of one kind and order and say different things, or both are log entries and the second follows
/// the first in place but names another predecessor. Proves the author's guilt to anyone who can check the
/// two signatures.
package struct Contradiction: SSZContainer {
    /// The object held first.
    package let first: SignedObject
    /// The object that came later, or that stands later in the log.
    package let second: SignedObject

    /// Joins two objects, or answers `nil` when an honest author could have signed both.
    ///
    /// The signatures are not looked at. In a log, the positions of the two may differ when their epochs do:
    /// that both are one identity's is for the caller to establish.
    package init?(_ first: SignedObject, _ second: SignedObject) {
        guard Self.contradict(first, second) else { return nil }
        self.first = first
        self.second = second
    }

    private static func contradict(_ first: SignedObject, _ second: SignedObject) -> Bool {
        let (one, other) = (first.object, second.object)
        guard one.kind == other.kind else { return false }
        guard one.kind == .logEntry else {
            return one.epoch == other.epoch && one.author == other.author && one.order == other.order
                && one != other
        }
        if one.order == other.order { return first != second }
        guard
            one.order.incarnation == other.order.incarnation,
            one.order.sequence < UInt64.max,
            one.order.sequence + 1 == other.order.sequence,
            let entry = try? LogEntry(ssz: other.payload.bytes)
        else { return false }
        return entry.previous != first.hashTreeRoot()
    }

    /// Whether the two stand in one place, which is proof to who does not know the rules of logs, too.
    package var isSamePlace: Bool { first.object.order == second.object.order }

    package static let fields = [
        SSZField("first", SignedObject.self),
        SSZField("second", SignedObject.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(first)
        visitor.field(second)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        first = try reader.field()
        second = try reader.field()
        guard Self.contradict(first, second) else { throw .value(of: "Contradiction") }
    }
}
