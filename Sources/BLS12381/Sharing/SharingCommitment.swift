/// The coefficients of a sharing polynomial times G1's generator (Feldman 1987).
///
/// They show no coefficient, but let anyone check a share and compute what it makes public.
package struct SharingCommitment: Sendable, Equatable {
    /// The constant term first; at least one.
    package let coefficients: [G1]

    /// Takes coefficients from outside, or answers `nil` when there is none.
    ///
    /// How many there have to be is for the caller to check. Coefficients may be the identity.
    package init?(coefficients: [G1]) {
        guard !coefficients.isEmpty else { return nil }
        self.coefficients = coefficients
    }

    init(_ coefficients: [G1]) {
        self.coefficients = coefficients
    }

    /// How many shares determine the polynomial.
    package var threshold: Int { coefficients.count }

    /// The value at 0 times the generator: the group's key, if the polynomial shares its secret key.
    package var constant: G1 { coefficients[0] }

    /// The share at an index times the generator.
    package func publicShare(at index: ShareIndex) -> G1 {
        G1(coefficients.reversed().reduce(.identity) { $0.multiplied(by: index.rawValue) + $1.point })
    }

    /// Whether a share is the value at its index.
    package func opens(to share: SecretFr, at index: ShareIndex) -> Bool {
        share.publicElement == publicShare(at: index)
    }

    /// The commitment to the sum of two polynomials.
    package static func + (left: SharingCommitment, right: SharingCommitment) -> SharingCommitment {
        let count = max(left.threshold, right.threshold)
        return SharingCommitment(
            (0..<count).map { index in
                switch (index < left.threshold, index < right.threshold) {
                case (true, true): left.coefficients[index] + right.coefficients[index]
                case (true, false): left.coefficients[index]
                default: right.coefficients[index]
                }
            }
        )
    }
}
