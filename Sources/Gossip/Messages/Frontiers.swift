package import Primitives

/// How far the sender's copy of one member's log reaches.
package struct Frontier: SSZContainer {
    /// The member, by its position in the current committee.
    package var author: MemberIndex
    /// The last entry held, or ``forked``.
    package var sequence: UInt64
    /// The root of that signed entry; zero when ``sequence`` is ``forked``.
    package var head: Digest

    /// The ``sequence`` that says: I hold proof that the author signed two histories.
    ///
    /// A pull of this log from sequence 0 is answered with the proof.
    package static let forked = UInt64.max

    /// Joins the fields.
    package init(author: MemberIndex, sequence: UInt64, head: Digest) {
        self.author = author
        self.sequence = sequence
        self.head = head
    }

    package static let fields = [
        SSZField("author", MemberIndex.self),
        SSZField("sequence", UInt64.self),
        SSZField("head", Digest.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(author)
        visitor.field(sequence)
        visitor.field(head)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        author = try reader.field()
        sequence = try reader.field()
        head = try reader.field()
    }
}

/// How far the sender's copies of all logs reach: what it can be asked for.
///
/// Nodes whose roots are equal have nothing to repair.
package struct Frontiers: SSZContainer {
    /// One entry for each log that is not empty, in ascending order of authors.
    package var entries: SSZList<Frontier, 128>

    /// Takes the entries as they are.
    package init(_ entries: SSZList<Frontier, 128>) {
        self.entries = entries
    }

    /// Whether the authors ascend without repetition and no entry stands for an empty log.
    package var isCanonical: Bool {
        zip(entries, entries.dropFirst()).allSatisfy { $0.author < $1.author }
            && entries.allSatisfy { $0.sequence > 0 }
    }

    package static let fields = [SSZField("entries", SSZList<Frontier, 128>.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(entries)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        entries = try reader.field()
    }
}
