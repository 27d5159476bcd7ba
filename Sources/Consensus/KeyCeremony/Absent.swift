package import Cryptography
package import Primitives

/// The body of a log entry of topic ``LogTopic/absent``: "these dealers' deals have not reached me in time".
///
/// No proof of anything: it takes a quorum of them to leave a dealer out of the next attempt, and does it no other
/// harm.
package struct Absent: SSZContainer {
    /// The attempt.
    package var session: KeyGenerationID
    /// The dealers whose deals are missing, in rising order.
    package var dealers: SSZList<MemberIndex, 128>

    /// A word about the missing.
    package init(session: KeyGenerationID, dealers: SSZList<MemberIndex, 128>) {
        self.session = session
        self.dealers = dealers
    }

    package static let fields = [
        SSZField("session", KeyGenerationID.self),
        SSZField("dealers", SSZList<MemberIndex, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(session)
        visitor.field(dealers)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        session = try reader.field()
        dealers = try reader.field()
    }
}
