package import Primitives

/// Whose registers the sender wants relayed to it, because its own link to them is down or late.
///
/// Each one replaces the one before it; the empty set ends the wish.
package struct RelayWanted: SSZContainer {
    /// Bit `i - 1`, counted from the least significant bit of the first byte, stands for member `i`.
    package var authors: AuthorSet

    /// A wish for the registers of these members.
    ///
    /// - Precondition: The indices are within 1...128.
    package init(_ members: some Sequence<MemberIndex>) {
        authors = FixedBytes()
        for member in members { authors[member.offset / 8] |= 1 << UInt8(member.offset % 8) }
    }

    /// Whether the sender wants this member's registers.
    package func contains(_ member: MemberIndex) -> Bool {
        guard (0..<128).contains(member.offset) else { return false }
        return authors[member.offset / 8] & (1 << UInt8(member.offset % 8)) != 0
    }

    /// All members wanted, in order.
    package var members: [MemberIndex] {
        (1...128).map { MemberIndex($0) }.filter { contains($0) }
    }

    package static let fields = [SSZField("authors", AuthorSet.self)]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(authors)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        authors = try reader.field()
    }
}

/// Tells sets of members from other strings of 16 bytes.
package enum AuthorSetTag {}

/// A set of members of one committee, one bit each.
package typealias AuthorSet = FixedBytes<AuthorSetTag, 16>
