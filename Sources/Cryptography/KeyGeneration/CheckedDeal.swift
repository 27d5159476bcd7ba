package import Primitives

/// A deal that holds all that anyone can check without a secret.
///
/// Only ``KeyGenerationSession/check(_:from:)`` makes one, so whatever takes a checked deal need not look again.
package struct CheckedDeal: Sendable {
    /// Who dealt.
    package let dealer: MemberIndex
    /// SHA-256 of the deal's encoding.
    package let digest: Digest
    let session: KeyGenerationID
    let polynomial: PublicPolynomial
    let ephemeralKey: Point
    let encryptedShares: [Scalar]
}

/// What is wrong with a deal; it convicts the dealer that signed it.
package enum DealFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of another attempt.
    case foreignSession
    /// The terms do not name the sender as a dealer.
    case notADealer(MemberIndex)
    /// More coefficients would raise the degree and make signing impossible, fewer would lower the threshold.
    case commitmentCount(Int, threshold: Int)
    /// The encrypted shares are not as many as the members.
    case shareCount(Int, members: Int)
    /// This commitment is not a point of the curve other than the identity.
    case invalidCommitment(Int)
    /// The ephemeral key is not a point of the curve other than the identity.
    case invalidEphemeralKey
    /// The proof that the dealer knows its constant term is invalid.
    case invalidConstantProof
    /// The proof that the dealer knows its ephemeral secret is invalid.
    case invalidEphemeralProof
    /// The encrypted share of this member is not below the group order.
    case invalidShare(MemberIndex)

    package var description: String {
        switch self {
        case .foreignSession:
            "the deal is of another attempt"
        case .notADealer(let member):
            "member \(member) is not a dealer of this attempt"
        case .commitmentCount(let count, let threshold):
            "the deal commits to \(count) coefficients where \(threshold) belong"
        case .shareCount(let count, let members):
            "the deal has \(count) shares for \(members) members"
        case .invalidCommitment(let index):
            "commitment \(index) of the deal is not a point of secp256k1"
        case .invalidEphemeralKey:
            "the deal's ephemeral key is not a point of secp256k1"
        case .invalidConstantProof:
            "the dealer has not shown that it knows its constant term"
        case .invalidEphemeralProof:
            "the dealer has not shown that it knows its ephemeral secret"
        case .invalidShare(let member):
            "the encrypted share of member \(member) is not a number below the group order"
        }
    }
}

extension KeyGenerationSession {
    /// Checks a deal as far as everyone can.
    ///
    /// The sender is authenticated before. ``DealFault/foreignSession`` and ``DealFault/notADealer(_:)`` say that the
    /// deal does not concern this attempt; the other faults convict the dealer.
    ///
    /// - Throws: ``DealFault``. Every honest node finds the same.
    /// - Complexity: t + 1 point decodings and two signature verifications, after all cheaper checks.
    package func check(_ deal: Deal, from dealer: MemberIndex) throws(DealFault) -> CheckedDeal {
        guard deal.session == id else { throw .foreignSession }
        guard terms.dealers.contains(dealer) else { throw .notADealer(dealer) }
        guard deal.commitments.count == threshold else {
            throw .commitmentCount(deal.commitments.count, threshold: threshold)
        }
        guard deal.encryptedShares.count == size else {
            throw .shareCount(deal.encryptedShares.count, members: size)
        }
        var shares: [Scalar] = []
        for (offset, encoded) in deal.encryptedShares.enumerated() {
            guard let share = Scalar(encoded) else { throw .invalidShare(MemberIndex(offset + 1)) }
            shares.append(share)
        }
        guard let ephemeral = Point(deal.ephemeralKey) else { throw .invalidEphemeralKey }
        guard deal.ephemeralProof.isValid(for: ephemeral, message: proofMessage(.ephemeral, dealer)) else {
            throw .invalidEphemeralProof
        }
        var commitments: [Point] = []
        for (index, encoded) in deal.commitments.enumerated() {
            guard let point = Point(encoded) else { throw .invalidCommitment(index) }
            commitments.append(point)
        }
        guard deal.constantProof.isValid(for: commitments[0], message: proofMessage(.constant, dealer)) else {
            throw .invalidConstantProof
        }
        return CheckedDeal(
            dealer: dealer,
            digest: deal.digest,
            session: id,
            polynomial: PublicPolynomial(coefficients: commitments),
            ephemeralKey: ephemeral,
            encryptedShares: shares
        )
    }
}
