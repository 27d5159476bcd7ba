/// Fp6(w), w^2 = v: the field that pairings take their values in.
struct Fp12: Sendable, Equatable {
    var c0: Fp6
    var c1: Fp6

    @inline(__always) init(_ c0: Fp6, _ c1: Fp6) {
        self.c0 = c0
        self.c1 = c1
    }

    static let one = Fp12(.one, .zero)

    /// Karatsuba's three products.
    static func * (left: Fp12, right: Fp12) -> Fp12 {
        let low = left.c0 * right.c0
        let high = left.c1 * right.c1
        let middle = (left.c0 + left.c1) * (right.c0 + right.c1)
        return Fp12(low + high.timesNonResidue, middle - low - high)
    }

    /// The "complex method": two products in Fp6.
    func squared() -> Fp12 {
        let product = c0 * c1
        let square = (c0 + c1) * (c0 + c1.timesNonResidue)
        return Fp12(square - product - product.timesNonResidue, product + product)
    }

    /// The product with a + b v + c v w, the form of a line's value.
    func times(line: LineValue) -> Fp12 {
        let low = c0.times(line.a, line.b)
        let high = c1.times(middle: line.c)
        let middle = (c0 + c1).times(line.a, line.b + line.c)
        return Fp12(low + high.timesNonResidue, middle - low - high)
    }

    /// The conjugate over Fp6, which is also the p^6-th power, and the inverse of a value of norm 1.
    var conjugate: Fp12 { Fp12(c0, -c1) }

    func inverted() -> Fp12 {
        let inverse = (c0 * c0 - (c1 * c1).timesNonResidue).inverted()
        return Fp12(c0 * inverse, -(c1 * inverse))
    }
}

/// The value a + b v + c v w of a line of the Miller loop at a point.
struct LineValue: Sendable {
    let a: Fp2
    let b: Fp2
    let c: Fp2
}
