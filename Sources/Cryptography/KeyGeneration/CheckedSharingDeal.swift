package import Primitives

/// A deal that holds all that anyone can check without a secret.
///
/// Only ``SharingSession/check(_:from:)`` makes one, so whatever takes a checked deal need not look again.
package struct CheckedSharingDeal<Group: SharingGroup>: Sendable {
    /// Who dealt.
    package let dealer: Group.Index
    /// SHA-256 of the deal's encoding.
    package let digest: Digest
    let session: KeyGenerationID
    /// The coefficients times the generator, the constant term first.
    let commitments: [Group.Element]
    let ephemeralKey: Group.Element
    let encryptedShares: [Group.Scalar]
}

/// What is wrong with a deal; it convicts the dealer that signed it.
package enum SharingDealFault<Group: SharingGroup>: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of another session.
    case foreignSession
    /// The terms do not name the sender as a dealer.
    case notADealer(Group.Index)
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
    /// What is dealt on is not the share that the dealer held.
    case foreignConstant
    /// The proof that the dealer knows its ephemeral secret is invalid.
    case invalidEphemeralProof
    /// The encrypted share of this member is not below the group order.
    case invalidShare(Group.Index)

    package var description: String {
        switch self {
        case .foreignSession:
            "the deal is of another session"
        case .notADealer(let member):
            "member \(member) is not a dealer of this session"
        case .commitmentCount(let count, let threshold):
            "the deal commits to \(count) coefficients where \(threshold) belong"
        case .shareCount(let count, let members):
            "the deal has \(count) shares for \(members) members"
        case .invalidCommitment(let index):
            "commitment \(index) of the deal is not a point of \(Group.name)"
        case .invalidEphemeralKey:
            "the deal's ephemeral key is not a point of \(Group.name)"
        case .invalidConstantProof:
            "the dealer has not shown that it knows its constant term"
        case .foreignConstant:
            "what is dealt on is not the share that the dealer held"
        case .invalidEphemeralProof:
            "the dealer has not shown that it knows its ephemeral secret"
        case .invalidShare(let member):
            "the encrypted share of member \(member) is not a number below the group order"
        }
    }
}

extension SharingSession {
    /// Checks a deal as far as everyone can.
    ///
    /// The sender is authenticated before. ``SharingDealFault/foreignSession`` and ``SharingDealFault/notADealer(_:)``
    /// say that the deal does not concern this session; the other faults convict the dealer.
    ///
    /// - Throws: ``SharingDealFault``. Every honest node finds the same.
    /// - Complexity: t + 1 point decodings and two signature verifications, after all cheaper checks.
    package func check(
        _ deal: SharingDeal<Group>,
        from dealer: Group.Index
    ) throws(SharingDealFault<Group>) -> CheckedSharingDeal<Group> {
        guard deal.session == id else { throw .foreignSession }
        guard let position = terms.dealers.firstIndex(of: dealer) else { throw .notADealer(dealer) }
        guard deal.commitments.count == threshold else {
            throw .commitmentCount(deal.commitments.count, threshold: threshold)
        }
        guard deal.encryptedShares.count == size else {
            throw .shareCount(deal.encryptedShares.count, members: size)
        }
        var shares: [Group.Scalar] = []
        for (recipient, encoded) in zip(terms.recipients, deal.encryptedShares) {
            guard let share = Group.scalar(encoded) else { throw .invalidShare(recipient.index) }
            shares.append(share)
        }
        guard let ephemeral = Group.element(deal.ephemeralKey) else { throw .invalidEphemeralKey }
        guard Group.isValid(deal.ephemeralProof, for: ephemeral, message: proofMessage(.ephemeral, dealer))
        else {
            throw .invalidEphemeralProof
        }
        var commitments: [Group.Element] = []
        for (index, encoded) in deal.commitments.enumerated() {
            guard let element = Group.element(encoded) else { throw .invalidCommitment(index) }
            commitments.append(element)
        }
        guard Group.isValid(deal.constantProof, for: commitments[0], message: proofMessage(.constant, dealer))
        else { throw .invalidConstantProof }
        if let previous, commitments[0] != previous.publicShares[position] { throw .foreignConstant }
        return CheckedSharingDeal(
            dealer: dealer,
            digest: deal.digest,
            session: id,
            commitments: commitments,
            ephemeralKey: ephemeral,
            encryptedShares: shares
        )
    }
}
