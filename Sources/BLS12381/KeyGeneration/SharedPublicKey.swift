/// All that is public about a validator's key that was shared.
package struct SharedPublicKey: Sendable, Equatable {
    /// The key that signatures verify under.
    package let publicKey: PublicKey
    /// What shares are checked against.
    package let commitment: SharingCommitment

    /// A key shared by a polynomial with these coefficients times the generator, the constant term first.
    ///
    /// `nil` when there is none or one is the identity.
    package init?(coefficients: [G1]) {
        guard let commitment = SharingCommitment(coefficients: coefficients),
            let publicKey = PublicKey(commitment.constant),
            !coefficients.contains(where: \.isIdentity)
        else { return nil }
        self.publicKey = publicKey
        self.commitment = commitment
    }

    /// How many shares make a signature.
    package var threshold: Int { commitment.threshold }

    /// The key of a holder's partial signatures; `nil` only for a share that is zero, which no honest dealing gives.
    package func publicShare(at index: ShareIndex) -> PublicKey? {
        PublicKey(commitment.publicShare(at: index))
    }
}

/// A holder's secret share of a validator's key.
package struct KeyShare: Sendable {
    /// Whose share it is.
    package let index: ShareIndex
    /// The share, which signs in part.
    package let secretKey: SecretKey

    /// Joins the two; nothing is checked.
    package init(index: ShareIndex, secretKey: SecretKey) {
        self.index = index
        self.secretKey = secretKey
    }
}
