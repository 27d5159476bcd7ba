package import Cryptography

/// A secret polynomial modulo r whose values are shares of its value at 0 (Shamir 1979).
package struct SharingPolynomial: Sendable {
    /// The constant term first.
    package let coefficients: [SecretFr]

    /// A random polynomial, as many of whose values as `threshold`, at least 1, determine it.
    ///
    /// The value at 0 may be given: a share that is dealt on, or 0 when shares are only to be refreshed.
    package init(threshold: Int, constant: SecretFr? = nil, random: inout some SecureRandom) {
        precondition(threshold >= 1, "no share at all would reveal the secret")
        var coefficients = [constant ?? SecretFr(random: &random)]
        while coefficients.count < threshold { coefficients.append(SecretFr(random: &random)) }
        self.coefficients = coefficients
    }

    /// A polynomial with given coefficients, at least one.
    init(coefficients: [SecretFr]) {
        self.coefficients = coefficients
    }

    /// The value at an index, by Horner's rule.
    package func share(at index: ShareIndex) -> SecretFr {
        let position = index.scalar
        return SecretFr { coefficients.reversed().reduce(.zero) { $0 * position + $1.value } }
    }

    /// What others check shares against.
    package var commitment: SharingCommitment {
        SharingCommitment(coefficients.map(\.publicElement))
    }
}
