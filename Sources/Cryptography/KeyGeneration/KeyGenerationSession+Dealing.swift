package import Primitives

extension KeyGenerationSession {
    /// Draws a polynomial and deals it to all members.
    ///
    /// The polynomial and the ephemeral secret are wiped on return: the dealer finds its own share encrypted to
    /// itself like everyone. So the deal has to be stored before it is sent, and sent again unchanged after a crash.
    ///
    /// - Throws: ``KeyGenerationError/dealer(_:)`` when the terms do not name `dealer`.
    /// - Complexity: t + n multiplications on the curve, n t on scalars.
    package func deal(
        as dealer: MemberIndex,
        random: inout some SecureRandom
    ) throws(KeyGenerationError) -> Deal {
        guard terms.dealers.contains(dealer) else { throw .dealer(dealer) }
        let polynomial = SecretPolynomial(coefficientCount: threshold, random: &random)
        return deal(polynomial, as: dealer, random: &random)
    }

    /// Deals a polynomial whose coefficients are as many as the threshold.
    func deal(_ polynomial: SecretPolynomial, as dealer: MemberIndex, random: inout some SecureRandom) -> Deal
    {
        let ephemeral = SecretScalar(random: &random)
        guard let ephemeralPoint = ephemeral.publicElement.point else {
            preconditionFailure("a random scalar is never zero")
        }
        let shares = encryptionKeys.enumerated().map { offset, key in
            let recipient = MemberIndex(offset + 1)
            let pad = SharePad(
                session: id,
                dealer: dealer,
                recipient: recipient,
                ephemeral: ephemeralPoint,
                key: key
            )
            let masked = polynomial.evaluated(at: recipient) + pad.pad(DiffieHellman.shared(ephemeral, key))
            return masked.published().bytes
        }
        guard
            let commitments = SSZList<CompressedPoint, 128>(polynomial.commitments.map(\.compressed)),
            let encryptedShares = SSZList<ScalarBytes, 128>(shares)
        else { preconditionFailure("checked terms have at most 128 members") }
        return Deal(
            session: id,
            commitments: commitments,
            ephemeralKey: ephemeralPoint.compressed,
            constantProof: PossessionProof(
                of: polynomial.coefficients[0],
                message: proofMessage(.constant, dealer),
                random: &random
            ),
            ephemeralProof: PossessionProof(
                of: ephemeral,
                message: proofMessage(.ephemeral, dealer),
                random: &random
            ),
            encryptedShares: encryptedShares
        )
    }

    /// What a dealer proves to know a secret of.
    enum ProofRole: UInt8 {
        case constant = 1
        case ephemeral = 2
    }

    /// What a proof of possession signs: the tagged hash of `sid || role || uint16(dealer)`.
    ///
    /// Bound to session, role and dealer, so that no proof serves a second time.
    func proofMessage(_ role: ProofRole, _ dealer: MemberIndex) -> Digest {
        var bytes = id.array
        bytes.append(role.rawValue)
        dealer.rawValue.encodeBigEndian(to: &bytes)
        return TaggedHash.hash(bytes, tag: "oracle/dkg/pop/v1")
    }
}
