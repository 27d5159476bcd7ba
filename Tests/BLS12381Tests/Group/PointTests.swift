import Testing

@testable import BLS12381

@Suite struct PointTests {
    /// A multiple by doubling and adding, without any endomorphism.
    static func multiple<C>(_ point: Point<C>, _ number: Words<4>) -> Point<C> {
        var result = Point<C>.identity
        for index in (0..<256).reversed() {
            result = result.doubled()
            if number.bit(index) == 1 { result += point }
        }
        return result
    }

    /// Points of the curve, hardly ever in the subgroup.
    private static func somewhere<C>(_: C.Type, _ x: (inout Samples) -> C.Coordinate) -> Point<C> {
        var samples = Samples()
        while true {
            let x = x(&samples)
            if let y = (x.squared() * x + C.constant).squareRoot() {
                return Point(AffinePoint(x: x, y: y))
            }
        }
    }

    static let onE = somewhere(G1Curve.self) { $0.fp() }
    static let onTwist = somewhere(G2Curve.self) { $0.fp2() }

    @Test func `addition is complete`() {
        Self.checkAddition(.generator, Self.onE)
        Self.checkAddition(.generator, Self.onTwist)
    }

    private static func checkAddition<C>(_ p: Point<C>, _ q: Point<C>) {
        #expect(p + .identity == p && .identity + p == p && Point<C>.identity + .identity == .identity)
        #expect(p + -p == .identity && p - p == .identity && Point<C>.identity.doubled() == .identity)
        #expect(p + p == p.doubled() && p != q && p != -p && p != .identity)
        #expect(p + q == q + p && (p + q) + p == p.doubled() + q)
        for point in [p, q, p + q, p.doubled()] {
            guard let affine = point.affine else {
                Issue.record("not the identity")
                return
            }
            #expect(affine.y.squared() == affine.x.squared() * affine.x + C.constant)
            #expect(Point(affine) == point && -affine == (-point).affine)
            #expect(q + affine == q + point && .identity + affine == point && -point + affine == .identity)
            #expect(point + affine == point.doubled())
        }
        #expect(Point<C>.identity.affine == nil)
        #expect(Point.affine([p, .identity, q]) == [p.affine, nil, q.affine])
    }

    @Test func `only points of the order r are in the subgroups`() {
        #expect(G1Curve.isInSubgroup(.generator) && G1Curve.isInSubgroup(.identity))
        #expect(G2Curve.isInSubgroup(.generator) && G2Curve.isInSubgroup(.identity))
        #expect(Self.multiple(.generator, Fr.modulus) == Point<G1Curve>.identity)
        #expect(Self.multiple(.generator, Fr.modulus) == Point<G2Curve>.identity)
        #expect(!G1Curve.isInSubgroup(Self.onE) && Self.multiple(Self.onE, Fr.modulus) != .identity)
        #expect(!G2Curve.isInSubgroup(Self.onTwist) && Self.multiple(Self.onTwist, Fr.modulus) != .identity)
    }

    @Test func `clearing the cofactor leads into G2`() {
        let cleared = G2Curve.clearCofactor(Self.onTwist)
        #expect(cleared != .identity && Self.multiple(cleared, Fr.modulus) == .identity)
    }

    @Test func `the endomorphisms multiply by powers of the parameter`() {
        var square = Words<4>(repeating: 0)
        let wide = CurveParameter.magnitude.multipliedFullWidth(by: CurveParameter.magnitude)
        square[0] = wide.low
        square[1] = wide.high
        let g1 = Point<G1Curve>.generator
        #expect(G1Curve.endomorphism(g1) == -Self.multiple(g1, square))
        let g2 = Point<G2Curve>.generator
        #expect(G2Curve.endomorphism(g2) == -Self.multiple(g2, [CurveParameter.magnitude, 0, 0, 0]))
    }

    @Test func `the digits of a number make the number`() {
        var samples = Samples()
        for number in [Fr.zero, .one, -.one, Fr(CurveParameter.magnitude), samples.fr(), samples.fr()] {
            let digits = CurveParameter.digits(of: number.number)
            var value = Fr.zero
            for index in (0..<4).reversed() {
                #expect(digits[index] < CurveParameter.magnitude)
                value = value * Fr(CurveParameter.magnitude) + Fr(digits[index])
            }
            #expect(value == number)
        }
    }

    @Test func `multiplication in windows is doubling and adding`() {
        var samples = Samples()
        let edges = [
            Fr.zero, .one, Fr(2), -.one, Fr(CurveParameter.magnitude), Fr(CurveParameter.magnitude - 1),
        ]
        for number in (edges + (0..<4).map { _ in samples.fr() }).map(\.number) {
            let digits = CurveParameter.digits(of: number)
            #expect(
                Point<G1Curve>.generator.multiplied(byDigits: digits) == Self.multiple(.generator, number)
            )
            #expect(
                Point<G2Curve>.generator.multiplied(byDigits: digits) == Self.multiple(.generator, number)
            )
        }
        #expect(Point<G1Curve>.identity.multiplied(byDigits: [1, 2, 3, 4]) == .identity)
    }
}
