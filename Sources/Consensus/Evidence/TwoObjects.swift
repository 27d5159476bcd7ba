package import Primitives

/// Two different objects that one author signed for one place: registers of one kind with one order, or log
/// entries with one position.
///
/// Summaries are enough, so the proof is small whatever the payloads were. An honest author persists its incarnation
/// before its first register and an entry before it shows it, so no crash makes it sign two.
package struct TwoObjects: SSZContainer {
    /// One of them.
    package var first: SignedSummary
    /// The other.
    package var second: SignedSummary

    /// A proof from two signed objects, or `nil` when they do not contradict each other.
    package init?(_ first: SignedObject, _ second: SignedObject) {
        self.first = SignedSummary(of: first)
        self.second = SignedSummary(of: second)
        guard contradicts else { return nil }
    }

    /// Whether two objects of one author stand in one place; signatures are not looked at.
    ///
    /// Direct objects do not count: they are said to one member and repeated at need.
    var contradicts: Bool {
        let (one, other) = (first.summary, second.summary)
        return one.epoch == other.epoch && one.author == other.author && one.kind == other.kind
            && one.order == other.order && one.payloadRoot != other.payloadRoot && crime != nil
    }

    /// What the author did.
    var crime: Crime? {
        switch first.summary.kind {
        case .heartbeat, .wish, .linkLost: .twoRegisters
        case .logEntry: .forkedLog
        case .ready, .signRequest, .signShare: nil
        }
    }

    package static let fields = [
        SSZField("first", SignedSummary.self),
        SSZField("second", SignedSummary.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(first)
        visitor.field(second)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        first = try reader.field()
        second = try reader.field()
    }
}
