package import Primitives

extension SigningRound {
    /// A signer's share: z_i = d_i + rho_i e_i + lambda_i s_i c (RFC 9591, section 5.2).
    ///
    /// Consumes the nonces. The caller sees to it that the statement is one it would vote for; ``NonceVault`` adds
    /// what a request has to be checked for besides.
    ///
    /// - Throws: ``FrostError/notASigner(_:)`` or ``FrostError/foreignCommitment(_:)`` when the round's list does not
    ///   hold these very nonces for the share's owner. They are spent all the same.
    package func share(
        of secret: SecretShare,
        using nonces: consuming SigningNonces
    ) throws(FrostError) -> Scalar {
        guard let signer = signer(secret.member) else { throw .notASigner(secret.member) }
        guard signer.commitment == nonces.commitment else { throw .foreignCommitment(secret.member) }
        let weight = signer.lagrange * challenge
        return (nonces.hiding + nonces.binding * signer.bindingFactor + secret.secret * weight).published()
    }

    /// Whether a share is the one that the signer's commitment and public share call for.
    ///
    /// z_i G == D_i + rho_i E_i + (c lambda_i) Y_i. `false` for members that are not signers of the round.
    package func isValid(_ share: Scalar, of member: MemberIndex) -> Bool {
        guard let signer = signer(member), let publicShare = key.publicShare(of: member).point else {
            return false
        }
        let weight = challenge * signer.lagrange
        let expected = GroupElement.point(signer.hiding) + signer.bound
        return GroupElement.difference(share, minus: weight, times: publicShare) == expected
    }

    /// Joins the shares of all signers into the group's signature.
    ///
    /// Verifies the signature first and looks at single shares only when it is invalid: liars cost one
    /// verification each signer, honest signers nothing.
    ///
    /// - Throws: ``FrostError/missingShare(_:)`` for the first signer without a share,
    ///   ``FrostError/invalidShares(_:)`` with all culprits.
    package func aggregate(_ shares: [MemberIndex: Scalar]) throws(FrostError) -> GroupSignature {
        var response = Scalar.zero
        for signer in signers {
            guard let share = shares[signer.member] else { throw .missingShare(signer.member) }
            response = response + share
        }
        let signature = GroupSignature(commitment: commitment, response: response)
        if isValid(signature) { return signature }
        let culprits = members.filter { member in !(shares[member].map { isValid($0, of: member) } ?? false) }
        // Valid shares add up to a valid signature, except to z = 0, which the contract refuses.
        if culprits.isEmpty { throw .degenerate }
        throw .invalidShares(culprits)
    }
}
