/// E': y^2 = x^3 + 4 (u + 1) over Fp2, a sextic twist of E; its subgroup of order r is G2.
enum G2Curve: Curve {
    static var constant: Fp2 { Fp2(Fp(4), Fp(4)) }

    @inline(__always) static func timesTripledConstant(_ value: Fp2) -> Fp2 {
        let fourfold = value.doubled().doubled()
        return (fourfold.doubled() + fourfold).timesNonResidue
    }

    static let generator = AffinePoint<G2Curve>(
        x: Fp2(
            Fp(
                "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
            ),
            Fp(
                "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
            )
        ),
        y: Fp2(
            Fp(
                "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
            ),
            Fp(
                "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be"
            )
        )
    )

    /// (u + 1)^-((p - 1) / 3) and (u + 1)^-((p - 1) / 2).
    private static let factors = (x: Frobenius.factors[2].inverted(), y: Frobenius.factors[3].inverted())

    /// ψ: the p-th power on E, seen from the twist; it multiplies the points of G2 by the parameter x.
    static func endomorphism(_ point: Point<G2Curve>) -> Point<G2Curve> {
        Point(x: point.x.conjugate * factors.x, y: point.y.conjugate * factors.y, z: point.z.conjugate)
    }

    /// A point is in G2 just when ψ multiplies it by x (Scott 2021, section 4).
    static func isInSubgroup(_ point: Point<G2Curve>) -> Bool {
        endomorphism(point) == -point.multipliedByParameter()
    }

    /// A point of G2 from any point of the curve: (x^2 - x - 1) P + (x - 1) ψ(P) + ψ(ψ(2 P)) (Budroni and Pintore
    /// 2017; RFC 9380, appendix G.3).
    static func clearCofactor(_ point: Point<G2Curve>) -> Point<G2Curve> {
        // With m = -x: m (m P + P - ψ(P)) - P - ψ(P) + ψ(ψ(2 P)).
        let image = endomorphism(point)
        let inner = point.multipliedByParameter() + point - image
        let last = endomorphism(endomorphism(point.doubled()))
        return inner.multipliedByParameter() - point - image + last
    }

    /// k P = a P - b ψ(P) + c ψ^2(P) - d ψ^3(P) for the digits of k to the base -x, a bit of each at a time.
    static let ladder = Ladder<G2Curve>(
        doublings: 1,
        table: { point in
            var table = InlineArray<16, Point<G2Curve>>(repeating: .identity)
            var image = point
            for power in 0..<4 {
                let size = 1 << power
                table[size] = image
                for index in 1..<size { table[size + index] = table[index] + image }
                image = -endomorphism(image)
            }
            return table
        },
        windows: { digits in
            InlineArray { step in
                var window: UInt64 = 0
                for power in 0..<4 { window |= (digits[power] >> UInt64(step) & 1) << UInt64(power) }
                return UInt8(truncatingIfNeeded: window)
            }
        },
        terms: { point, digits in
            var image = point
            return (0..<4).map { power in
                defer {
                    image = AffinePoint(x: image.x.conjugate * factors.x, y: -(image.y.conjugate * factors.y))
                }
                return (image, UInt128(digits[power]))
            }
        }
    )
}
