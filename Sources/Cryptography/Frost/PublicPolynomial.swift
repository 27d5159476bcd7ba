internal import Primitives

/// A polynomial over the scalars, known by its coefficients times the generator (a Feldman commitment).
struct PublicPolynomial: Hashable, Sendable {
    /// The coefficients times G, that of the constant term first; none is the identity.
    let coefficients: [Point]

    /// The polynomial's value at a member's position, times G.
    ///
    /// By Horner's rule: one multiplication by a small number and one addition for each coefficient.
    func evaluated(at member: MemberIndex) -> GroupElement {
        let position = Scalar(member)
        var value = GroupElement.identity
        for coefficient in coefficients.reversed() {
            value = value * position + .point(coefficient)
        }
        return value
    }
}
