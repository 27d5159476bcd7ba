/// The power that makes values of the Miller loop comparable.
enum FinalExponentiation {
    /// The value to the power 3 (p^12 - 1) / r.
    ///
    /// (p^12 - 1) / r = (p^6 - 1) (p^2 + 1) (p^4 - p^2 + 1) / r, and thrice the last factor is
    /// (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3 (Hayashida, Hayasaka and Teruya 2020). The factor 3 is prime to r, so that
    /// the pairing stays bilinear and non-degenerate; most libraries leave it in. 0 has no image; it never occurs.
    static func apply(_ value: Fp12) -> Fp12 {
        let easy = value.conjugate * value.inverted()
        let base = easy.frobenius.frobenius * easy
        let first = base.raisedToParameter * base.conjugate
        let second = first.raisedToParameter * first.conjugate
        let third = second.raisedToParameter * second.frobenius
        let fourth =
            third.raisedToParameter.raisedToParameter * third.frobenius.frobenius * third.conjugate
        return fourth * base.cyclotomicSquare * base
    }
}

/// For values of order dividing p^4 - p^2 + 1, whose inverses are their conjugates.
extension Fp12 {
    /// The square, by three squarings in Fp4 (Granger and Scott 2010, section 3.2).
    var cyclotomicSquare: Fp12 {
        let (a0, a1) = Self.squareOverFp2(c0.c0, c1.c1)
        let (b0, b1) = Self.squareOverFp2(c1.c0, c0.c2)
        let (d0, d1) = Self.squareOverFp2(c0.c1, c1.c2)
        let turned = d1.timesNonResidue
        return Fp12(
            Fp6((a0 - c0.c0).doubled() + a0, (b0 - c0.c1).doubled() + b0, (d0 - c0.c2).doubled() + d0),
            Fp6(
                (turned + c1.c0).doubled() + turned,
                (a1 + c1.c1).doubled() + a1,
                (b1 + c1.c2).doubled() + b1
            )
        )
    }

    /// (a + b s)^2 where s^2 = u + 1.
    @inline(__always) private static func squareOverFp2(_ a: Fp2, _ b: Fp2) -> (Fp2, Fp2) {
        let aa = a.squared()
        let bb = b.squared()
        return (aa + bb.timesNonResidue, (a + b).squared() - aa - bb)
    }

    /// The power with the curve's parameter x as exponent.
    var raisedToParameter: Fp12 {
        var result = self
        for index in (0..<63).reversed() {
            result = result.cyclotomicSquare
            if CurveParameter.magnitude >> UInt64(index) & 1 == 1 { result = result * self }
        }
        return result.conjugate
    }
}
