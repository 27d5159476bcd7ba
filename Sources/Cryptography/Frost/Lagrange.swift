internal import Primitives

/// Lagrange's coefficients at zero: what a signer's share counts for in the sum (RFC 9591, section 4.2).
enum Lagrange {
    /// The coefficient of each signer: the product over the other signers j of j / (j - i).
    ///
    /// Signers are distinct and not 0. One inversion serves all of them (Montgomery's trick): the coefficient is
    /// P / d_i with P the product of all positions and d_i = i times the product of the (j - i).
    static func coefficients(for signers: [MemberIndex]) -> [Scalar] {
        let positions = signers.map { Int($0.rawValue) }
        let product = Self.product(of: positions)
        let denominators = positions.map { position in
            let others = positions.filter { $0 != position }
            let magnitude = Self.product(of: [position] + others.map { abs($0 - position) })
            return others.count { $0 < position }.isMultiple(of: 2) ? magnitude : -magnitude
        }
        return inverses(of: denominators).map { product * $0 }
    }

    /// The product of positive numbers below 2^16, three at a time.
    private static func product(of numbers: [Int]) -> Scalar {
        var result = Scalar.one
        for start in stride(from: 0, to: numbers.count, by: 3) {
            let part = numbers[start..<min(start + 3, numbers.count)].reduce(1, *)
            result = result * Scalar(UInt64(part))
        }
        return result
    }

    private static func inverses(of scalars: [Scalar]) -> [Scalar] {
        var prefixes = [Scalar.one]
        for scalar in scalars { prefixes.append(prefixes[prefixes.count - 1] * scalar) }
        var inverse = prefixes[scalars.count].inverse
        var inverses = scalars
        for index in scalars.indices.reversed() {
            inverses[index] = prefixes[index] * inverse
            inverse = inverse * scalars[index]
        }
        return inverses
    }
}
