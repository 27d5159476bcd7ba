package import Primitives

/// Asks for a part of the receiver's copy of one member's log.
///
/// Answered by one ``LogRange`` with as much of it as there is and one message holds, or not at all.
package struct Pull: SSZContainer {
    /// The member, by its position in the current committee.
    package var author: MemberIndex
    /// The first entry wanted; 0 asks for the proof that the log is forked.
    package var first: UInt64
    /// The most entries wanted, 1 to ``countLimit``.
    package var count: UInt16

    /// The most entries that one pull may ask for.
    package static let countLimit: UInt16 = 64
    /// The most pulls that may be under way at one neighbour.
    package static let openLimit = 6

    /// Joins the fields.
    package init(author: MemberIndex, first: UInt64, count: UInt16) {
        self.author = author
        self.first = first
        self.count = count
    }

    package static let fields = [
        SSZField("author", MemberIndex.self),
        SSZField("first", UInt64.self),
        SSZField("count", UInt16.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(author)
        visitor.field(first)
        visitor.field(count)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        author = try reader.field()
        first = try reader.field()
        count = try reader.field()
    }
}
