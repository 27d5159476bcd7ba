/// The simplified map of Shallue, van de Woestijne and Ulas to the twist, by way of a curve that is 3-isogenous to it
/// (Wahby and Boneh 2019; RFC 9380, sections 6.6.2 and 6.6.3).
///
/// The isogenous curve is y^2 = x^3 + a x + b with a = 240 u and b = 1012 (u + 1).
enum SimplifiedSWU {
    private static let a = Fp2(.zero, Fp(240))
    private static let b = Fp2(Fp(1012), Fp(1012))
    /// Z = -(u + 2).
    private static let nonSquare = -Fp2(Fp(2), .one)
    private static let minusBOverA = -(b * a.inverted())
    private static let exception = b * (nonSquare * a).inverted()

    /// A point of the twist for any field element.
    static func map(_ u: Fp2) -> Point<G2Curve> {
        let zuu = nonSquare * u.squared()
        let denominator = zuu.squared() + zuu
        let first =
            denominator.isZero.isTrue ? exception : minusBOverA * (.one + denominator.inverted())
        let (x, y) = point(first) ?? point(zuu * first) ?? (.zero, .zero)
        return ThreeIsogeny.map(x, u.isOdd.isTrue == y.isOdd.isTrue ? y : -y)
    }

    private static func point(_ x: Fp2) -> (x: Fp2, y: Fp2)? {
        ((x.squared() + a) * x + b).squareRoot().map { (x, $0) }
    }
}

/// The isogeny of degree 3 onto the twist (RFC 9380, appendix E.3).
private enum ThreeIsogeny {
    static func map(_ x: Fp2, _ y: Fp2) -> Point<G2Curve> {
        let xx = x.squared()
        let xxx = xx * x
        func evaluate(_ coefficients: [Fp2]) -> Fp2 {
            var value = coefficients[0] + coefficients[1] * x + coefficients[2] * xx
            if coefficients.count > 3 { value += coefficients[3] * xxx }
            return value
        }
        let xDenominator = evaluate(ThreeIsogeny.xDenominator)
        let yDenominator = evaluate(ThreeIsogeny.yDenominator)
        let z = xDenominator * yDenominator
        // The kernel goes to the identity.
        guard !z.isZero.isTrue else { return .identity }
        return Point(
            x: evaluate(xNumerator) * yDenominator,
            y: y * evaluate(yNumerator) * xDenominator,
            z: z
        )
    }

    // Each from the constant term up.
    private static let xNumerator = [
        Fp2(
            Fp(
                "05c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6"
            ),
            Fp(
                "05c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6"
            )
        ),
        Fp2(
            .zero,
            Fp(
                "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71a"
            )
        ),
        Fp2(
            Fp(
                "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71e"
            ),
            Fp(
                "08ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38d"
            )
        ),
        Fp2(
            Fp(
                "171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d6108f142b85757098e38d0f671c7188e2aaaaaaaa5ed1"
            ),
            .zero
        ),
    ]
    private static let xDenominator = [Fp2(.zero, -Fp(72)), Fp2(Fp(12), -Fp(12)), .one]
    private static let yNumerator = [
        Fp2(
            Fp(
                "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706"
            ),
            Fp(
                "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706"
            )
        ),
        Fp2(
            .zero,
            Fp(
                "05c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97be"
            )
        ),
        Fp2(
            Fp(
                "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71c"
            ),
            Fp(
                "08ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38f"
            )
        ),
        Fp2(
            Fp(
                "124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977c69aa274524e79097a56dc4bd9e1b371c71c718b10"
            ),
            .zero
        ),
    ]
    private static let yDenominator = [
        Fp2(-Fp(432), -Fp(432)), Fp2(.zero, -Fp(216)), Fp2(Fp(18), -Fp(18)), .one,
    ]
}
