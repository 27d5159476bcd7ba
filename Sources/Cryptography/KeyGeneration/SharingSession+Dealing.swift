internal import Primitives

extension SharingSession {
    /// Draws a polynomial and deals it to all recipients.
    ///
    /// The polynomial and the ephemeral secret are wiped on return: a dealer that is a recipient finds its own share
    /// encrypted to itself like everyone. So the deal has to be stored before it is sent, and sent again unchanged after
    /// a crash.
    ///
    /// - Throws: ``SharingError/dealer(_:)`` when the terms do not name `dealer`, ``SharingError/previousShare(_:)`` when
    ///   a key is to be shared anew.
    /// - Complexity: t + n multiplications on the curve, n t on scalars.
    package func deal(
        as dealer: Group.Index,
        random: inout some SecureRandom
    ) throws(SharingError<Group>) -> SharingDeal<Group> {
        guard terms.dealers.contains(dealer) else { throw .dealer(dealer) }
        guard previous == nil else { throw .previousShare(dealer) }
        let polynomial = SecretPolynomial<Group>(coefficientCount: threshold, random: &random)
        return deal(polynomial, as: dealer, random: &random)
    }

    /// Deals a share of the previous sharing on: a random polynomial whose constant term is the share.
    ///
    /// - Throws: As ``deal(as:random:)``, and ``SharingError/previousShare(_:)`` when the share is not the one that the
    ///   terms' public shares say.
    package func deal(
        as dealer: Group.Index,
        passingOn share: Group.Secret,
        random: inout some SecureRandom
    ) throws(SharingError<Group>) -> SharingDeal<Group> {
        guard let position = terms.dealers.firstIndex(of: dealer) else { throw .dealer(dealer) }
        guard let previous, Group.publicElement(of: share) == previous.publicShares[position] else {
            throw .previousShare(dealer)
        }
        let polynomial = SecretPolynomial<Group>(
            coefficientCount: threshold,
            constant: share,
            random: &random
        )
        return deal(polynomial, as: dealer, random: &random)
    }

    /// Deals a polynomial whose coefficients are as many as the threshold.
    func deal(
        _ polynomial: SecretPolynomial<Group>,
        as dealer: Group.Index,
        random: inout some SecureRandom
    ) -> SharingDeal<Group> {
        let ephemeral = Group.secret(random: &random)
        guard let ephemeralKey = Group.publicElement(of: ephemeral) else {
            preconditionFailure("a random scalar is never zero")
        }
        let shares = zip(terms.recipients, encryptionKeys).map { recipient, key in
            let pad = SharePad<Group>(
                session: id,
                dealer: dealer,
                recipient: recipient.index,
                ephemeral: ephemeralKey,
                key: key
            )
            let masked = Group.sum(
                [polynomial.evaluated(at: recipient.index), pad.pad(Group.shared(ephemeral, key))],
                weights: nil
            )
            return Group.bytes(of: Group.published(masked))
        }
        guard
            let commitments = SSZList<Group.ElementBytes, 128>(
                polynomial.commitments.map { Group.bytes(of: $0) }
            ),
            let encryptedShares = SSZList<Group.ScalarBytes, 128>(shares)
        else { preconditionFailure("checked terms have at most 128 members") }
        return SharingDeal(
            session: id,
            commitments: commitments,
            ephemeralKey: Group.bytes(of: ephemeralKey),
            constantProof: Group.proof(
                of: polynomial.coefficients[0],
                message: proofMessage(.constant, dealer),
                random: &random
            ),
            ephemeralProof: Group.proof(
                of: ephemeral,
                message: proofMessage(.ephemeral, dealer),
                random: &random
            ),
            encryptedShares: encryptedShares
        )
    }

    /// What a proof of possession is for: the tagged hash of `sid || role || dealer`.
    ///
    /// Bound to session, role and dealer, so that no proof serves a second time.
    func proofMessage(_ role: ProofRole, _ dealer: Group.Index) -> Digest {
        TaggedHash.hash(
            id.array + [role.rawValue] + Group.bytes(of: dealer),
            tag: Group.tags.possession
        )
    }
}

/// What a dealer proves to know a secret of.
enum ProofRole: UInt8 {
    case constant = 1
    case ephemeral = 2
}
