/// Fp2(v), v^3 = u + 1: the middle floor of the tower.
struct Fp6: Sendable {
    var c0: Fp2
    var c1: Fp2
    var c2: Fp2

    @inline(__always) init(_ c0: Fp2, _ c1: Fp2, _ c2: Fp2) {
        self.c0 = c0
        self.c1 = c1
        self.c2 = c2
    }

    static let zero = Fp6(.zero, .zero, .zero)
    static let one = Fp6(.one, .zero, .zero)

    @inline(__always) static func + (left: Fp6, right: Fp6) -> Fp6 {
        Fp6(left.c0 + right.c0, left.c1 + right.c1, left.c2 + right.c2)
    }

    @inline(__always) static func - (left: Fp6, right: Fp6) -> Fp6 {
        Fp6(left.c0 - right.c0, left.c1 - right.c1, left.c2 - right.c2)
    }

    @inline(__always) static prefix func - (value: Fp6) -> Fp6 {
        Fp6(-value.c0, -value.c1, -value.c2)
    }

    /// Six sums of six products (Longa 2022, section 4): 36 multiplications, but six reductions only.
    @inline(never) static func * (left: Fp6, right: Fp6) -> Fp6 {
        let turned1 = right.c1.timesNonResidue
        let turned2 = right.c2.timesNonResidue
        return Fp6(
            sumOfProducts(left, right.c0, turned2, turned1),
            sumOfProducts(left, right.c1, right.c0, turned2),
            sumOfProducts(left, right.c2, right.c1, right.c0)
        )
    }

    /// left.c0 a + left.c1 b + left.c2 c.
    @inline(__always) private static func sumOfProducts(_ left: Fp6, _ a: Fp2, _ b: Fp2, _ c: Fp2) -> Fp2 {
        Fp2(
            .sumOfProducts(
                [
                    left.c0.c0, left.c0.c1.complement, left.c1.c0, left.c1.c1.complement,
                    left.c2.c0, left.c2.c1.complement,
                ],
                [a.c0, a.c1, b.c0, b.c1, c.c0, c.c1]
            ),
            .sumOfProducts(
                [left.c0.c0, left.c0.c1, left.c1.c0, left.c1.c1, left.c2.c0, left.c2.c1],
                [a.c1, a.c0, b.c1, b.c0, c.c1, c.c0]
            )
        )
    }

    /// The product with a + b v, as the lines of a Miller loop have it.
    @inline(never) func times(_ a: Fp2, _ b: Fp2) -> Fp6 {
        let turned = b.timesNonResidue
        return Fp6(
            .sumOfProducts(c0, a, c2, turned),
            .sumOfProducts(c0, b, c1, a),
            .sumOfProducts(c1, b, c2, a)
        )
    }

    /// The product with b v.
    @inline(never) func times(middle b: Fp2) -> Fp6 {
        Fp6((c2 * b).timesNonResidue, c0 * b, c1 * b)
    }

    /// The value times v, of which the last floor of the tower adjoins a square root.
    @inline(__always) var timesNonResidue: Fp6 { Fp6(c2.timesNonResidue, c0, c1) }

    /// By the norm down to Fp2 (Beuchat and others 2010, algorithm 17).
    func inverted() -> Fp6 {
        let a = c0.squared() - (c1 * c2).timesNonResidue
        let b = c2.squared().timesNonResidue - c0 * c1
        let c = c1.squared() - c0 * c2
        let norm = c0 * a + (c2 * b + c1 * c).timesNonResidue
        let inverse = norm.inverted()
        return Fp6(a * inverse, b * inverse, c * inverse)
    }

    @inline(__always) var isZero: Choice { c0.isZero & c1.isZero & c2.isZero }
}

extension Fp6: Equatable {
    static func == (left: Fp6, right: Fp6) -> Bool {
        left.c0 == right.c0 && left.c1 == right.c1 && left.c2 == right.c2
    }
}
