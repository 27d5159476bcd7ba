package import Primitives

/// What the deals of a session add up to, for everyone to see.
package struct SharingTranscript<Group: SharingGroup>: Sendable {
    /// The key.
    package let key: Group.SharedKey
    /// T = `sha256(sid || sha256(deal of dealer j) for each dealer in rising order || C_0 ... C_{t-1})`.
    ///
    /// Two nodes with one T hold the same key and the same public shares.
    package let digest: Digest
    /// C_0 to C_{t-1}.
    let coefficients: [Group.Element]
}

extension SharingSession {
    /// Adds up the deals of all dealers, given in the terms' order; with Lagrange's weights when a key is shared anew.
    ///
    /// - Throws: ``SharingError`` when a deal is missing or no usable key comes out. The last to deal can make
    ///   coefficients above the constant term vanish, by commitments to numbers that it does not know; it cannot deal
    ///   good shares of them to all.
    /// - Complexity: t sums of as many points as there are dealers.
    package func transcript(
        of deals: [CheckedSharingDeal<Group>]
    ) throws(SharingError<Group>) -> SharingTranscript<Group> {
        for (index, dealer) in terms.dealers.enumerated() {
            guard deals.indices.contains(index), deals[index].dealer == dealer, deals[index].session == id
            else {
                throw .missingDeal(dealer)
            }
        }
        guard deals.count == terms.dealers.count else { throw .surplusDeals(deals.count) }
        var coefficients: [Group.Element] = []
        for degree in 0..<threshold {
            guard let sum = sum(deals.map { $0.commitments[degree] }) else {
                throw .vanishingCoefficient(degree)
            }
            coefficients.append(sum)
        }
        // It follows from what each deal was checked for, and is worth more than the comparison costs.
        if let previous, coefficients[0] != previous.key { throw .resharing }
        let key: Group.SharedKey
        do {
            key = try Group.sharedKey(coefficients, size: size)
        } catch {
            throw .unusableKey(error)
        }
        var bytes = id.array
        for deal in deals { bytes += deal.digest.array }
        for coefficient in coefficients { Group.bytes(of: coefficient).encode(to: &bytes) }
        return SharingTranscript(key: key, digest: SHA256.hash(bytes), coefficients: coefficients)
    }

    private func sum(_ elements: [Group.Element]) -> Group.Element? {
        guard let previous else { return Group.sum(elements) }
        return Group.sum(zip(elements, previous.weights).map { (element: $0, factor: $1) })
    }

    /// A recipient's own share: the sum of what all dealers have encrypted to it.
    ///
    /// One comparison with the recipient's public share checks all deals at once; only when it fails is each
    /// looked at.
    ///
    /// The deals are those that made `transcript`.
    ///
    /// - Throws: ``SharingFault`` with all dealers that gave this recipient a bad share; each deserves a complaint.
    package func share(
        from deals: [CheckedSharingDeal<Group>],
        transcript: SharingTranscript<Group>,
        with key: Group.EncryptionKey,
        as member: Group.Index
    ) throws(SharingFault<Group>) -> Group.Share {
        let shares = deals.map { share(in: $0, with: key, as: member) }
        let total = Group.sum(shares, weights: previous?.weights)
        if let own = Group.publicElement(of: total),
            own == Group.value(of: transcript.coefficients, at: member)
        {
            return Group.share(of: member, total)
        }
        let culprits = zip(deals, shares).filter { deal, share in
            Group.publicElement(of: share) != Group.value(of: deal.commitments, at: member)
        }
        throw SharingFault(dealers: culprits.map(\.0.dealer))
    }

    /// What a dealer has encrypted to a recipient, right or wrong.
    func share(
        in deal: CheckedSharingDeal<Group>,
        with key: Group.EncryptionKey,
        as member: Group.Index
    ) -> Group.Secret {
        let shared = Group.shared(Group.secret(of: key), deal.ephemeralKey)
        let pad = sharePad(of: deal, for: member).pad(shared)
        return Group.difference(deal.encryptedShares[offset(of: member)], pad)
    }

    func sharePad(of deal: CheckedSharingDeal<Group>, for member: Group.Index) -> SharePad<Group> {
        SharePad(
            session: id,
            dealer: deal.dealer,
            recipient: member,
            ephemeral: deal.ephemeralKey,
            key: encryptionKeys[offset(of: member)]
        )
    }
}

/// Some dealers have given a recipient shares that do not match their commitments.
package struct SharingFault<Group: SharingGroup>: Error, Hashable, Sendable, CustomStringConvertible {
    /// Them, in rising order.
    package let dealers: [Group.Index]

    package var description: String {
        "dealers \(dealers.map(\.description).joined(separator: ", ")) dealt bad shares; complain about each"
    }
}
