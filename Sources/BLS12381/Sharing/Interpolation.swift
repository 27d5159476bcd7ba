/// Lagrange's interpolation of polynomials modulo r, also in the exponent.
package enum Interpolation {
    /// The weights with which values at the indices add up to the value at `position`, by default 0.
    ///
    /// `nil` when there is no index or one comes twice. Quadratic in the number of indices; with one inversion.
    package static func weights(of indices: [ShareIndex], at position: Fr = .zero) -> [Fr]? {
        guard !indices.isEmpty, Set(indices).count == indices.count else { return nil }
        let scalars = indices.map(\.scalar)
        var denominators = scalars.indices.map { own in
            scalars.indices.reduce(Fr.one) { product, other in
                other == own ? product : product * (scalars[other] - scalars[own])
            }
        }
        invertAll(&denominators)
        return scalars.indices.map { own in
            scalars.indices.reduce(denominators[own]) { product, other in
                other == own ? product : product * (scalars[other] - position)
            }
        }
    }
}

extension G1 {
    /// The value at 0 from values at indices; `nil` when there is none or an index comes twice.
    package static func interpolate(_ values: [(index: ShareIndex, element: G1)]) -> G1? {
        Interpolation.weights(of: values.map(\.index)).map { weights in
            sum(zip(values, weights).map { ($0.element, $1) })
        }
    }
}

extension G2 {
    /// The value at 0 from values at indices; `nil` when there is none or an index comes twice.
    package static func interpolate(_ values: [(index: ShareIndex, element: G2)]) -> G2? {
        Interpolation.weights(of: values.map(\.index)).map { weights in
            sum(zip(values, weights).map { ($0.element, $1) })
        }
    }
}

extension SecretFr {
    /// The value at a position, by default 0, from values at indices; `nil` when there is none or an index comes twice.
    package static func interpolate(
        _ values: [(index: ShareIndex, share: SecretFr)],
        at position: Fr = .zero
    ) -> SecretFr? {
        Interpolation.weights(of: values.map(\.index), at: position).map { weights in
            SecretFr { zip(values, weights).reduce(.zero) { $0 + $1.0.share.value * $1.1 } }
        }
    }
}
