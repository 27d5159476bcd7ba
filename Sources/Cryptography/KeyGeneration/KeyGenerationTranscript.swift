package import Primitives

/// What the deals of an attempt add up to, for everyone to see.
package struct KeyGenerationTranscript: Sendable {
    /// The key.
    package let key: GroupKey
    /// T = `sha256(sid || sha256(deal of dealer j) for each dealer in rising order || C_0 ... C_{t-1})`.
    ///
    /// Two nodes with one T hold the same key and the same public shares.
    package let digest: Digest
}

extension KeyGenerationSession {
    /// Adds up the deals of all dealers, given in the terms' order.
    ///
    /// - Throws: ``KeyGenerationError`` when a deal is missing or no usable key comes out, which no dealer can cause
    ///   alone.
    /// - Complexity: t sums of as many points as there are dealers.
    package func transcript(of deals: [CheckedDeal]) throws(KeyGenerationError) -> KeyGenerationTranscript {
        for (index, dealer) in terms.dealers.enumerated() {
            guard deals.indices.contains(index), deals[index].dealer == dealer, deals[index].session == id
            else {
                throw .missingDeal(dealer)
            }
        }
        guard deals.count == terms.dealers.count else { throw .surplusDeals(deals.count) }
        var coefficients: [Point] = []
        for degree in 0..<threshold {
            let sum = GroupElement.sum(deals.map { $0.polynomial.coefficients[degree] })
            guard let point = sum.point else { throw .vanishingCoefficient(degree) }
            coefficients.append(point)
        }
        let key: GroupKey
        do {
            key = try GroupKey(coefficients: coefficients, size: size)
        } catch {
            throw .unusableKey(error)
        }
        var hash = SHA256()
        hash.update(id)
        for deal in deals { hash.update(deal.digest) }
        for coefficient in coefficients { hash.update(coefficient.compressed) }
        return KeyGenerationTranscript(key: key, digest: hash.finalize())
    }

    /// A member's own share: the sum of what all dealers have encrypted to it.
    ///
    /// One comparison with the member's public share checks all deals at once; only when it fails is each
    /// looked at.
    ///
    /// The deals are those that made `transcript`.
    ///
    /// - Throws: ``ShareFault`` with all dealers that gave this member a bad share; each deserves a complaint.
    package func share(
        from deals: [CheckedDeal],
        transcript: KeyGenerationTranscript,
        with key: EncryptionKey,
        as member: MemberIndex
    ) throws(ShareFault) -> SecretShare {
        let shares = deals.map { share(in: $0, with: key, as: member) }
        let sum = unsafe SecretScalar { sum in
            for share in shares { unsafe share.withBytes { unsafe ScalarArithmetic.add($0, to: sum) } }
        }
        let total = SecretShare(member: member, secret: sum)
        if transcript.key.isShare(total) { return total }
        let culprits = zip(deals, shares).filter { deal, share in
            share.publicElement != deal.polynomial.evaluated(at: member)
        }
        throw ShareFault(dealers: culprits.map(\.0.dealer))
    }

    /// What a dealer has encrypted to a member, right or wrong.
    func share(in deal: CheckedDeal, with key: EncryptionKey, as member: MemberIndex) -> SecretScalar {
        let shared = DiffieHellman.shared(key.secret, deal.ephemeralKey)
        let pad = sharePad(of: deal, for: member).pad(shared)
        let encrypted = deal.encryptedShares[member.offset]
        return unsafe SecretScalar { share in
            unsafe pad.withBytes { unsafe share.update(from: $0, count: ScalarArithmetic.byteCount) }
            unsafe ScalarArithmetic.negate(share)
            unsafe encrypted.withBytes { unsafe ScalarArithmetic.add($0, to: share) }
        }
    }

    func sharePad(of deal: CheckedDeal, for member: MemberIndex) -> SharePad {
        SharePad(
            session: id,
            dealer: deal.dealer,
            recipient: member,
            ephemeral: deal.ephemeralKey,
            key: encryptionKeys[member.offset]
        )
    }
}

/// Some dealers have given this member shares that do not match their commitments.
package struct ShareFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Them, in rising order.
    package let dealers: [MemberIndex]

    package var description: String {
        "dealers \(dealers.map(\.description).joined(separator: ", ")) dealt bad shares; complain about each"
    }
}
