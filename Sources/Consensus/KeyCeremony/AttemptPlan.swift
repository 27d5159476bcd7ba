package import Primitives

/// Which attempt at an epoch's group key, and who deals in it.
///
/// All members of the committee receive shares; only the dealers differ between attempts. Resharing adds the
/// key that is shared anew here; the terms have its place already (``KeyGenerationTerms/previousKey``).
package struct AttemptPlan: SSZContainer {
    /// Counts the attempts for the epoch; 0 is the one that nobody has to propose.
    package var attempt: UInt16
    /// The dealers in rising order.
    package var dealers: SSZList<MemberIndex, 128>

    /// A plan, not yet checked.
    package init(attempt: UInt16, dealers: SSZList<MemberIndex, 128>) {
        self.attempt = attempt
        self.dealers = dealers
    }

    /// The attempt that begins with the epoch's mesh: everybody deals.
    package static func first(for committee: Committee) -> AttemptPlan {
        AttemptPlan(attempt: 0, dealers: SSZList(committee.indices) ?? SSZList())
    }

    /// Whether the dealers are members in rising order, at least as many as the threshold, so that one of them is
    /// honest.
    package func isSound(for committee: Committee) -> Bool {
        var last = 0
        for dealer in dealers {
            let index = Int(dealer.rawValue)
            guard index > last, index <= committee.size else { return false }
            last = index
        }
        return dealers.count >= committee.quorum
    }

    package static let fields = [
        SSZField("attempt", UInt16.self),
        SSZField("dealers", SSZList<MemberIndex, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(attempt)
        visitor.field(dealers)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        attempt = try reader.field()
        dealers = try reader.field()
    }
}
