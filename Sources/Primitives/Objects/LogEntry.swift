/// One entry of a member's append-only log: the payload of an object of kind ``ObjectKind/logEntry``.
///
/// The object's order gives the position: incarnation 0, sequence counted from 1 over the whole log.
package struct LogEntry: SSZContainer {
    /// The hash-tree-root of the signed object before it in the author's log; zero for the first.
    package var previous: Digest
    /// What the body is: a ``LogTopic``, or a number that this version does not know and merely keeps.
    package var topic: UInt8
    /// The SSZ encoding of the statement.
    package var body: ByteList<32_704>

    /// An entry.
    ///
    /// Whether it continues the author's log is for the log to check.
    package init(previous: Digest, topic: UInt8, body: ByteList<32_704>) {
        self.previous = previous
        self.topic = topic
        self.body = body
    }

    package static let fields = [
        SSZField("previous", Digest.self),
        SSZField("topic", UInt8.self),
        SSZField("body", ByteList<32_704>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(previous)
        visitor.field(topic)
        visitor.field(body)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        previous = try reader.field()
        topic = try reader.field()
        body = try reader.field()
    }
}

/// What the entries of the logs are about.
package enum LogTopic: UInt8, CaseIterable, Sendable {
    /// A dealer's contribution to a group key.
    case deal = 1
    /// A member's word that its shares of an attempt are sound, with its account's approval.
    case confirm = 2
    /// A member's proof that a dealer gave it a bad share.
    case complaint = 3
    /// A member's word that the deals of some dealers have not reached it in time.
    case absent = 4
    /// A leader's plan for another attempt at a group key.
    case proposal = 5
    /// A new group key's signature over its own statement.
    case keyProof = 6
    /// A deal of the registered key that stands in a forked log.
    case dealCopy = 7
    /// What the logs come to, as a leader proposes to anchor it.
    case attestedLogs = 8
    /// The group's signature over what the logs come to.
    case proofAnchor = 9
    /// A proof that a member has broken the protocol.
    case evidence = 16
    /// What a follower has seen of a leader in one view.
    case termReport = 17
    /// What an operator has its member say.
    case publication = 18
    /// A leader's order of an attempt at an operation on validators' keys.
    case operationOrder = 32
    /// What an operator has said in an attempt, carried by a member.
    case carriedMessage = 33
    /// The group's signature over a report about a request.
    case signedReport = 34
}
