/// E: y^2 = x^3 + 4 over Fp; its subgroup of order r is G1.
enum G1Curve: Curve {
    static var constant: Fp { Fp(4) }

    @inline(__always) static func timesTripledConstant(_ value: Fp) -> Fp {
        let fourfold = value.doubled().doubled()
        return fourfold.doubled() + fourfold
    }

    static let generator = AffinePoint<G1Curve>(
        x: Fp(
            "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
        ),
        y: Fp(
            "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"
        )
    )

    /// A cube root of unity: (x, y) to (rootOfUnity x, y) multiplies the points of G1 by -x^2.
    private static let rootOfUnity = Fp(
        "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe"
    )

    static func endomorphism(_ point: Point<G1Curve>) -> Point<G1Curve> {
        Point(x: point.x * rootOfUnity, y: point.y, z: point.z)
    }

    /// A point is in G1 just when the endomorphism multiplies it by -x^2 (Scott 2021, section 4).
    static func isInSubgroup(_ point: Point<G1Curve>) -> Bool {
        endomorphism(point) == -point.multipliedByParameter().multipliedByParameter()
    }

    /// k = a + b x^2 and k P = a P + b x^2 P, two bits of a and of b at a time.
    static let ladder = Ladder<G1Curve>(
        doublings: 2,
        table: { point in
            var table = InlineArray<16, Point<G1Curve>>(repeating: .identity)
            table[1] = point
            table[2] = point.doubled()
            table[3] = table[2] + point
            for index in 1..<4 { table[4 * index] = -endomorphism(table[index]) }
            for high in 1..<4 {
                for low in 1..<4 { table[4 * high + low] = table[4 * high] + table[low] }
            }
            return table
        },
        windows: { digits in
            // x^2 = (-x)^2: the digits in pairs are a = low + high (-x) and b.
            let a = combined(digits[0], digits[1])
            let b = combined(digits[2], digits[3])
            return InlineArray { step in
                let shift = UInt128(2 * step)
                return UInt8(truncatingIfNeeded: a >> shift & 3 | (b >> shift & 3) << 2)
            }
        },
        terms: { point, digits in
            let image = AffinePoint<G1Curve>(x: point.x * rootOfUnity, y: -point.y)
            return [(point, combined(digits[0], digits[1])), (image, combined(digits[2], digits[3]))]
        }
    )

    private static func combined(_ low: UInt64, _ high: UInt64) -> UInt128 {
        UInt128(low) &+ UInt128(high) &* UInt128(CurveParameter.magnitude)
    }
}
