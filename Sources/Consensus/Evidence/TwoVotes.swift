package import Primitives

/// Two signature shares of one member for different elections of one view.
///
/// The leaders' accounts turn the statements' digests back into elections. An honest member signs one statement a
/// view, and its vote is durable before the share leaves it (``VoteLock``).
package struct TwoVotes: SSZContainer {
    /// The view that both elections are about.
    package var view: View
    /// One share: an object of kind ``ObjectKind/signShare``.
    package var first: SignedObject
    /// The account that the first elects.
    package var firstLeader: Address
    /// The other share.
    package var second: SignedObject
    /// The account that the second elects.
    package var secondLeader: Address

    /// Joins the parts; nothing is checked.
    package init(
        view: View,
        first: SignedObject,
        firstLeader: Address,
        second: SignedObject,
        secondLeader: Address
    ) {
        self.view = view
        self.first = first
        self.firstLeader = firstLeader
        self.second = second
        self.secondLeader = secondLeader
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("first", SignedObject.self),
        SSZField("first_leader", Address.self),
        SSZField("second", SignedObject.self),
        SSZField("second_leader", Address.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(first)
        visitor.field(firstLeader)
        visitor.field(second)
        visitor.field(secondLeader)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        first = try reader.field()
        firstLeader = try reader.field()
        second = try reader.field()
        secondLeader = try reader.field()
    }
}
