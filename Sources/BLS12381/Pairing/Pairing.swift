/// e: G1 x G2 to the r-th roots of unity in Fp12.
enum Pairing {
    /// e(P, Q)^3, or 1 when one of them is the identity.
    static func value(_ p: Point<G1Curve>, _ q: Point<G2Curve>) -> Fp12 {
        guard let p = p.affine, let q = q.affine else { return .one }
        return FinalExponentiation.apply(MillerLoop.product([(p, q)]))
    }

    /// Whether the product of all e(P, Q) is 1; pairs with the identity count for 1.
    static func isProductOne(_ pairs: [(Point<G1Curve>, Point<G2Curve>)]) -> Bool {
        let p = Point<G1Curve>.affine(pairs.map(\.0))
        let q = Point<G2Curve>.affine(pairs.map(\.1))
        let affine = zip(p, q).compactMap { p, q in
            p.flatMap { p in q.map { q in (p: p, q: q) } }
        }
        return FinalExponentiation.apply(MillerLoop.product(affine)) == .one
    }
}
