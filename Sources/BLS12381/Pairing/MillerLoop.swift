/// The optimal ate pairing (Vercauteren 2010): a loop along the bits of the curve's parameter, then the final
/// exponentiation.
enum MillerLoop {
    /// The product of the values of Miller's functions f_x,Q(P), conjugated since x is negative.
    ///
    /// All pairs share the squarings. What a line's value gains or loses by a factor in Fp2, or in Fp6, the final
    /// exponentiation makes 1. For public points.
    static func product(_ pairs: [(p: AffinePoint<G1Curve>, q: AffinePoint<G2Curve>)]) -> Fp12 {
        var result = Fp12.one
        var steps = pairs.map { TwistStep(p: $0.p, q: $0.q) }
        let bits = CurveParameter.magnitude
        for index in (0..<63).reversed() {
            if index != 62 { result = result.squared() }
            for pair in steps.indices { result = result.times(line: steps[pair].double()) }
            if bits >> UInt64(index) & 1 == 1 {
                for pair in steps.indices { result = result.times(line: steps[pair].add()) }
            }
        }
        return result.conjugate
    }
}

/// A point that runs through the multiples of q, and tells the line of each step at p.
///
/// Homogeneous coordinates on the twist (Costello, Lange and Naehrig 2010; Aranha et al. 2011, section 4). The twist
/// takes (x, y) to (x / w^2, y / w^3); the lines are scaled by powers of w, which the final exponentiation removes
/// together with the other factors.
private struct TwistStep {
    private let p: AffinePoint<G1Curve>
    private let q: AffinePoint<G2Curve>
    private var t: Point<G2Curve>

    init(p: AffinePoint<G1Curve>, q: AffinePoint<G2Curve>) {
        self.p = p
        self.q = q
        t = Point(q)
    }

    /// The tangent at the point, which is then doubled.
    mutating func double() -> LineValue {
        let xx = t.x.squared()
        let yy = t.y.squared()
        let yz = t.y * t.z
        let bzz = G2Curve.timesTripledConstant(t.z.squared())
        let line = line(bzz - yy, xx.doubled() + xx, -yz.doubled())
        t = t.doubled(yy: yy, bzz: bzz, yz: yz)
        return line
    }

    /// The line through the point and q, which is then added.
    mutating func add() -> LineValue {
        let slope = t.y - q.y * t.z
        let run = t.x - q.x * t.z
        let line = line(.differenceOfProducts(slope, q.x, run, q.y), -slope, run)
        t += q
        return line
    }

    /// constant + (coefficient of x) x w^2 + (coefficient of y) y w^3, for the x and y of p.
    private func line(_ constant: Fp2, _ ofX: Fp2, _ ofY: Fp2) -> LineValue {
        LineValue(a: constant, b: ofX * p.x, c: ofY * p.y)
    }
}
