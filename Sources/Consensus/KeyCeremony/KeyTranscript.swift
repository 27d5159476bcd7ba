package import Cryptography
package import Primitives

/// What a key's transcript is the digest of, so that who knows nothing but the digest can be shown the key.
package struct KeyTranscript: SSZContainer {
    /// sid: the attempt that made the key.
    package var session: KeyGenerationID
    /// ``Deal/digest`` of each deal, in the dealers' order.
    package var deals: SSZList<Digest, 128>
    /// C_0 to C_{t-1}: the key first, then what every member's public share follows from.
    package var coefficients: SSZList<CompressedPoint, 128>

    /// Joins the parts; nothing is checked.
    package init(
        session: KeyGenerationID,
        deals: SSZList<Digest, 128>,
        coefficients: SSZList<CompressedPoint, 128>
    ) {
        self.session = session
        self.deals = deals
        self.coefficients = coefficients
    }

    /// T, as ``KeyGenerationTranscript/digest`` has it.
    package var digest: Digest {
        var hash = SHA256()
        hash.update(session)
        for deal in deals { hash.update(deal) }
        for coefficient in coefficients { hash.update(coefficient) }
        return hash.finalize()
    }

    /// The committee's key with this transcript; `nil` when it makes none.
    ///
    /// As the number of coefficients is the committee's quorum, no other parts have the same digest.
    package func key(for committee: Committee) -> GroupKey? {
        guard
            coefficients.count == committee.quorum,
            (committee.quorum...committee.size).contains(deals.count)
        else { return nil }
        return try? GroupKey(encodedCoefficients: coefficients.elements, size: committee.size)
    }

    package static let fields = [
        SSZField("session", KeyGenerationID.self),
        SSZField("deals", SSZList<Digest, 128>.self),
        SSZField("coefficients", SSZList<CompressedPoint, 128>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(session)
        visitor.field(deals)
        visitor.field(coefficients)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        session = try reader.field()
        deals = try reader.field()
        coefficients = try reader.field()
    }
}

extension KeyCeremonyMachine {
    /// The transcript with a digest; `nil` when no attempt known here has come to it.
    package func transcript(_ digest: Digest) -> KeyTranscript? {
        guard
            let attempt = attempt(of: digest), let key = attempt.outcome?.key,
            let deals = SSZList<Digest, 128>(attempt.plan.dealers.compactMap { attempt.deals[$0]?.digest }),
            let coefficients = SSZList<CompressedPoint, 128>(key.commitments)
        else { return nil }
        return KeyTranscript(session: attempt.id, deals: deals, coefficients: coefficients)
    }
}
