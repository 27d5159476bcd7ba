package import Primitives
internal import Synchronization

/// All that is public about a shared key: the key itself, how many shares sign, and every member's public share.
///
/// Public shares are computed from the polynomial's commitments on first use and kept. No coordinator supplies
/// them.
package final class GroupKey: Sendable {
    /// The key that signatures verify under.
    package let publicKey: GroupPublicKey
    /// How many members hold shares.
    package let size: Int
    private let polynomial: PublicPolynomial
    private let publicShares: Mutex<[MemberIndex: GroupElement]> = Mutex([:])

    /// A key shared by a polynomial with the given coefficients (times the generator), the constant term first.
    ///
    /// - Throws: ``GroupKeyError`` when their number is 0 or more than `size`, or the constant term makes no
    ///   ``GroupPublicKey``.
    package init(coefficients: [Point], size: Int) throws(GroupKeyError) {
        guard let constant = coefficients.first, coefficients.count <= size else {
            throw .threshold(coefficients.count, members: size)
        }
        publicKey = try GroupPublicKey(constant)
        polynomial = PublicPolynomial(coefficients: coefficients)
        self.size = size
    }

    /// A key from the encoded coefficients, as a store keeps them.
    ///
    /// - Throws: ``GroupKeyError`` as the other initializer does, and for bytes that are no point.
    package convenience init(encodedCoefficients: [CompressedPoint], size: Int) throws(GroupKeyError) {
        var points: [Point] = []
        for (index, encoded) in encodedCoefficients.enumerated() {
            guard let point = Point(encoded) else { throw .coefficient(index) }
            points.append(point)
        }
        try self.init(coefficients: points, size: size)
    }

    /// How many shares make a signature.
    package var threshold: Int { polynomial.coefficients.count }

    /// The polynomial's coefficients times the generator, the constant term first.
    package var coefficients: [Point] { polynomial.coefficients }

    /// A member's share times the generator, Y_i = sum over k of i^k C_k.
    ///
    /// The identity only for a share that is zero, which no honest dealing gives.
    ///
    /// - Complexity: the first time a multiplication by a small number for each coefficient.
    package func publicShare(of member: MemberIndex) -> GroupElement {
        if let known = publicShares.withLock({ $0[member] }) { return known }
        let share = polynomial.evaluated(at: member)
        publicShares.withLock { $0[member] = share }
        return share
    }

    /// Whether a secret share belongs to this key and to the member it names.
    package func isShare(_ share: SecretShare) -> Bool {
        let member = Int(share.member.rawValue)
        guard member >= 1, member <= size else { return false }
        let element = share.secret.publicElement
        return element != .identity && element == publicShare(of: share.member)
    }
}
