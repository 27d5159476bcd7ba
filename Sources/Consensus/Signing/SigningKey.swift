package import Cryptography
package import Primitives

/// The public side of a group key, as coordinating and judging need it.
///
/// The product's implementation is ``GroupKey``; simulations may count instead of computing.
package protocol SigningKey: Sendable {
    /// What of the key its transcript names: C_0 to C_(t-1); none where a simulation counts.
    var commitments: [CompressedPoint] { get }

    /// Whether a commitment is two points of the curve, so that a round with it can be computed.
    func isUsable(_ commitment: NonceCommitment) -> Bool

    /// The round of these signers over a statement, or `nil` when the list makes none.
    func round(of signers: [SignerCommitment], over statement: StatementDigest) -> (any RoundOfShares)?
}

/// One session's arithmetic.
package protocol RoundOfShares: Sendable {
    /// Whether a share is the one that the signer's commitment and public share call for.
    func isValid(_ share: Scalar, of member: MemberIndex) -> Bool

    /// The group's signature from the shares of all signers, verified; `nil` when they do not make one.
    func signature(from shares: [MemberIndex: Scalar]) -> GroupSignature?
}

extension GroupKey: SigningKey {
    /// The coefficients' encodings.
    package var commitments: [CompressedPoint] { coefficients.map(\.compressed) }

    /// Decodes both points.
    package func isUsable(_ commitment: NonceCommitment) -> Bool {
        Point(commitment.hiding) != nil && Point(commitment.binding) != nil
    }

    /// Computes binding factors, group commitment and challenge.
    package func round(
        of signers: [SignerCommitment],
        over statement: StatementDigest
    ) -> (any RoundOfShares)? {
        do throws(FrostError) {
            return try SigningRound(commitments: signers, key: self, statement: statement)
        } catch {
            // Whoever asks has checked the list and each commitment; what is left is a sum of zero.
            return nil
        }
    }
}

extension SigningRound: RoundOfShares {
    /// Verifies the sum as a signature; looks at no single share.
    package func signature(from shares: [MemberIndex: Scalar]) -> GroupSignature? {
        do throws(FrostError) {
            return try aggregate(shares)
        } catch {
            return nil
        }
    }
}
