internal import Primitives

/// A polynomial over the scalars, secret until it is dropped and wiped.
struct SecretPolynomial<Group: SharingGroup>: Sendable {
    /// The constant term first.
    let coefficients: [Group.Secret]

    /// A polynomial with given coefficients, none of them zero.
    init(coefficients: [Group.Secret]) {
        self.coefficients = coefficients
    }

    /// A random polynomial of degree `coefficientCount - 1`, none of whose coefficients is zero.
    ///
    /// The value at zero may be given: it is then a share that is dealt on.
    init(coefficientCount: Int, constant: Group.Secret? = nil, random: inout some SecureRandom) {
        var coefficients = [constant ?? Group.secret(random: &random)]
        while coefficients.count < coefficientCount { coefficients.append(Group.secret(random: &random)) }
        self.coefficients = coefficients
    }

    /// The coefficients times the generator.
    var commitments: [Group.Element] {
        coefficients.map { coefficient in
            guard let element = Group.publicElement(of: coefficient) else {
                preconditionFailure("a coefficient is zero")
            }
            return element
        }
    }

    /// The value at a holder's index.
    func evaluated(at index: Group.Index) -> Group.Secret { Group.value(of: coefficients, at: index) }
}
