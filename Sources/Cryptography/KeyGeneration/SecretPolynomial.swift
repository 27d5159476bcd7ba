internal import Primitives

/// A polynomial over the scalars, secret until it is dropped and wiped.
struct SecretPolynomial: Sendable {
    /// The constant term first.
    let coefficients: [SecretScalar]

    /// A polynomial with given coefficients, none of them zero.
    init(coefficients: [SecretScalar]) {
        self.coefficients = coefficients
    }

    /// A random polynomial of degree `coefficientCount - 1`, none of whose coefficients is zero.
    ///
    /// The value at zero may be given: it is then a share that is dealt on.
    init(coefficientCount: Int, constant: SecretScalar? = nil, random: inout some SecureRandom) {
        var coefficients = [constant ?? SecretScalar(random: &random)]
        while coefficients.count < coefficientCount { coefficients.append(SecretScalar(random: &random)) }
        self.coefficients = coefficients
    }

    /// The coefficients times the generator.
    var commitments: [Point] {
        coefficients.map { coefficient in
            guard let point = coefficient.publicElement.point else {
                preconditionFailure("a coefficient is zero")
            }
            return point
        }
    }

    /// The value at a member's position, by Horner's rule.
    func evaluated(at member: MemberIndex) -> SecretScalar {
        let position = Scalar(member)
        return unsafe SecretScalar { value in
            for coefficient in coefficients.reversed() {
                unsafe position.withBytes { unsafe ScalarArithmetic.multiply(value, by: $0) }
                unsafe coefficient.withBytes { unsafe ScalarArithmetic.add($0, to: value) }
            }
        }
    }
}
