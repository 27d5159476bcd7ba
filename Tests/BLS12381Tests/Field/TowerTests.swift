import Primitives
import Testing

@testable import BLS12381

/// Values of the fields that look random and are the same in each run.
struct Samples {
    private var generator = SplitMix64(seed: 1)

    mutating func words<let count: Int>() -> Words<count> {
        var words = Words<count>(repeating: 0)
        for index in 0..<count { words[index] = generator.next() }
        return words
    }

    mutating func fp() -> Fp { Fp(reducing: words(), high: words()) }

    mutating func fr() -> Fr { Fr(reducing: words(), high: words()) }

    mutating func fp2() -> Fp2 { Fp2(fp(), fp()) }

    mutating func fp6() -> Fp6 { Fp6(fp2(), fp2(), fp2()) }

    mutating func fp12() -> Fp12 { Fp12(fp6(), fp6()) }
}

@Suite struct TowerTests {
    private static let extremes = [Fp.zero, .one, -.one, Fp(2), -Fp(2), (-Fp(2)).inverted()]

    @Test func `sums of products are sums of products, also of the greatest numbers`() {
        for a in Self.extremes {
            for b in Self.extremes {
                let sum = Fp.sumOfProducts([a, b, a, b, a, b], [b, a, a, b, -a, -b])
                #expect(sum == a * b + b * a + a * a + b * b - a * a - b * b)
                #expect(Fp.sumOfProducts(a, b, b, b) == a * b + b * b)
                #expect(Fp.differenceOfProducts(a, b, b, b) == a * b - b * b)
                let greatest = Fp.sumOfProducts([-a, -a, -a, -a, -a, -a], [-b, -b, -b, -b, -b, -b])
                #expect(greatest == Fp(6) * a * b)
            }
        }
    }

    @Test func `u squared is -1, v cubed is u + 1, w squared is v`() {
        let u = Fp2(.zero, .one)
        #expect(u.squared() == -.one && u * u == -.one)
        let v = Fp6(.zero, .one, .zero)
        #expect(v * v * v == Fp6(u + .one, .zero, .zero))
        let w = Fp12(.zero, .one)
        #expect(w.squared() == Fp12(v, .zero) && w * w == Fp12(v, .zero))
    }

    @Test func `products distribute, squares are products, inverses cancel`() {
        var samples = Samples()
        for _ in 0..<20 {
            let (a, b, c) = (samples.fp12(), samples.fp12(), samples.fp12())
            #expect(
                a * Fp12(b.c0 + c.c0, b.c1 + c.c1) == Fp12((a * b).c0 + (a * c).c0, (a * b).c1 + (a * c).c1)
            )
            #expect(a * b == b * a && a * (b * c) == a * b * c)
            #expect(a.squared() == a * a)
            #expect(a * a.inverted() == .one)
            #expect(a.c0 * a.c0.inverted() == .one)
            let (d, e, f, g) = (a.c0.c0, a.c0.c1, b.c0.c0, b.c0.c1)
            #expect(
                d.squared() == d * d && d * d.inverted() == .one && d.timesNonResidue == d * Fp2(.one, .one)
            )
            #expect(Fp2.sumOfProducts(d, e, f, g) == d * e + f * g)
            #expect(Fp2.differenceOfProducts(d, e, f, g) == d * e - f * g)
            #expect(Fp2(d.norm, .zero) == d * d.conjugate)
        }
        #expect(Fp.zero.inverted() == .zero && Fp2.zero.inverted() == .zero)
    }

    @Test func `sparse products are products`() {
        var samples = Samples()
        for _ in 0..<10 {
            let line = LineValue(a: samples.fp2(), b: samples.fp2(), c: samples.fp2())
            let value = samples.fp12()
            #expect(
                value.times(line: line) == value
                    * Fp12(Fp6(line.a, line.b, .zero), Fp6(.zero, line.c, .zero))
            )
        }
    }

    @Test func `the Frobenius map raises to the power p`() {
        var samples = Samples()
        let value = samples.fp12()
        var power = Fp12.one
        for index in (0..<384).reversed() {
            power = power.squared()
            if Fp.modulus.bit(index) == 1 { power = power * value }
        }
        #expect(value.frobenius == power)
        #expect(value.c0.c0.conjugate == value.c0.c0.power(Fp.modulus))
        var sixth = value
        for _ in 0..<6 { sixth = sixth.frobenius }
        #expect(sixth == value.conjugate)
    }

    @Test func `squares have their roots, and other values none`() {
        var samples = Samples()
        let values =
            Self.extremes.flatMap { a in Self.extremes.map { Fp2(a, $0) } }
            + (0..<20).map { _ in samples.fp2() }
        for value in values {
            let square = value.squared()
            #expect(square.squareRoot() == value || square.squareRoot() == -value)
            // u + 1 is no square, or the tower would not stand.
            #expect(value.isZero.isTrue || square.timesNonResidue.squareRoot() == nil)
            #expect(value.c0.squared().squareRoot().map { $0 == value.c0 || $0 == -value.c0 } == true)
            #expect(value.c0.isZero.isTrue || (-value.c0.squared()).squareRoot() == nil)
        }
    }

    @Test func `of a value and its negative one is large`() {
        var samples = Samples()
        for value in [Fp2.one, Fp2(.zero, .one), Fp2(.zero, -.one), samples.fp2(), samples.fp2()] {
            #expect(value.isLarge.isTrue != (-value).isLarge.isTrue)
            #expect(value.isOdd.isTrue != (-value).isOdd.isTrue)
        }
        #expect(!Fp2.zero.isLarge.isTrue && !Fp2.zero.isOdd.isTrue && !Fp2.one.isLarge.isTrue)
        #expect(Fp2(-.one, .one).isLarge.isTrue == false && Fp2(.one, -.one).isLarge.isTrue)
        #expect(Fp2(.zero, .one).isOdd.isTrue && !Fp2(Fp(2), .one).isOdd.isTrue)
    }

    @Test func `many values are inverted at once, zeros left alone`() {
        var samples = Samples()
        let values = [.zero, samples.fp2(), samples.fp2(), .zero, samples.fp2()]
        var inverses = values
        invertAll(&inverses)
        #expect(inverses == values.map { $0.inverted() })
    }
}
