import Primitives
import Testing

@testable import Cryptography

@Suite struct PointTests {
    private let generator = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    /// A point whose x coordinate is the group order itself.
    private let orderAsX = "02fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

    private func decoded(_ hex: String) -> Point? {
        CompressedPoint(hex: hex).flatMap { Point($0) }
    }

    @Test func `encodes what it decodes`() throws {
        var random = SeededRandom(1)
        for _ in 0..<200 {
            let point = try #require(GroupElement.generator(times: random.scalar()).point)
            #expect(Point(point.compressed) == point)
            #expect((-point).compressed[0] == 5 - point.compressed[0])
            #expect(-(-point) == point)
        }
    }

    @Test(arguments: [0, 1, 4, 5, 6, 7, 0xFF] as [UInt8])
    func `refuses every tag but 2 and 3`(tag: UInt8) throws {
        var bytes = try #require(CompressedPoint(hex: generator))
        bytes[0] = tag
        #expect(Point(bytes) == nil)
    }

    @Test func `refuses what is not on the curve`() {
        // x = 5 has no y; x = p and x = 2^256 - 1 are no field elements; zeros are not the identity.
        #expect(decoded("02" + String(repeating: "0", count: 63) + "5") == nil)
        #expect(decoded("02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f") == nil)
        #expect(decoded("02" + String(repeating: "f", count: 64)) == nil)
        #expect(decoded(String(repeating: "0", count: 66)) == nil)
    }

    @Test func `a point with x at the group order is a point but no group key`() throws {
        let point = try #require(decoded(orderAsX))
        #expect(
            point.coordinates.y.hex == "98f66641cb0ae1776b463ebdee3d77fe2658f021db48e2c8ac7ab4c92f83621e"
        )
        #expect(throws: GroupKeyError.coordinateAboveOrder) { try GroupPublicKey(point) }
        #expect(throws: GroupKeyError.coordinateAboveOrder) { try GroupPublicKey(point.compressed) }
        #expect(throws: GroupKeyError.notAPoint) { try GroupPublicKey(CompressedPoint()) }
    }

    @Test func `sums and multiples can be the identity`() throws {
        let point = try #require(decoded(generator))
        #expect(point == .generator)
        #expect(GroupElement.sum([Point]()) == .identity)
        #expect(GroupElement.sum([point, -point]) == .identity)
        #expect(GroupElement.sum([point]) == .point(point))
        #expect(GroupElement.sum([point, -point, point]) == .point(point))
        #expect(point * .zero == .identity)
        #expect(GroupElement.generator(times: .zero) == .identity)
        #expect(GroupElement.identity * .one == .identity)
        #expect(GroupElement.identity + .point(point) == .point(point))
        #expect(point * -Scalar.one == .point(-point))
        #expect(GroupElement.identity.point == nil)
    }

    @Test func `multiplication distributes over addition`() {
        var random = SeededRandom(2)
        for _ in 0..<50 {
            let (a, b, c) = (random.scalar(), random.scalar(), random.scalar())
            let point = GroupElement.generator(times: c)
            #expect(point * (a + b) == point * a + point * b)
            #expect(point * a * b == point * (a * b))
            #expect(GroupElement.generator(times: a * c) == point * a)
        }
    }

    @Test func `the double multiplication equals two single ones`() throws {
        var random = SeededRandom(3)
        let odd = try #require(decoded(orderAsX))
        for round in 0..<200 {
            let point =
                round.isMultiple(of: 10)
                ? odd : try #require(GroupElement.generator(times: random.scalar()).point)
            let z = round % 7 == 0 ? Scalar.zero : random.scalar()
            let e = round % 11 == 0 ? Scalar.zero : random.scalar()
            let expected = GroupElement.generator(times: z) + point * -e
            #expect(GroupElement.difference(z, minus: e, times: point) == expected)
        }
    }

    @Test func `the double multiplication reaches the identity`() throws {
        var random = SeededRandom(4)
        let (a, e) = (random.scalar(), random.scalar())
        let point = try #require(GroupElement.generator(times: a).point)
        #expect(GroupElement.difference(a * e, minus: e, times: point) == .identity)
        #expect(GroupElement.difference(.zero, minus: .zero, times: point) == .identity)
    }

    @Test func `both ends of a Diffie-Hellman exchange agree with the public computation`() throws {
        var random = SeededRandom(5)
        for _ in 0..<50 {
            let (a, b) = (SecretScalar(random: &random), SecretScalar(random: &random))
            let (aG, bG) = try (#require(a.publicElement.point), #require(b.publicElement.point))
            #expect(DiffieHellman.shared(a, bG) == DiffieHellman.shared(b, aG))
            #expect(GroupElement.point(DiffieHellman.published(a, bG)) == bG * a.published())
        }
    }

    @Test func `evaluates polynomials in the exponent as on scalars`() throws {
        var random = SeededRandom(6)
        let polynomial = SecretPolynomial<Secp256k1>(coefficientCount: 5, random: &random)
        let commitments = PublicPolynomial(coefficients: polynomial.commitments)
        for position in [1, 2, 3, 77, 128, 65_535] {
            let value = polynomial.evaluated(at: MemberIndex(position))
            #expect(commitments.evaluated(at: MemberIndex(position)) == value.publicElement)
        }
    }

    @Test func `passes through the identity while it evaluates`() throws {
        // f(x) = a + 2 b x - b x^2: at 2 Horner's rule meets the identity after its first step.
        let (a, b) = (Scalar(7), Scalar(11))
        let coefficients = [a, b * Scalar(2), -b].compactMap { GroupElement.generator(times: $0).point }
        let value = PublicPolynomial(coefficients: coefficients).evaluated(at: MemberIndex(2))
        #expect(value == GroupElement.generator(times: a))
        let vanishing = PublicPolynomial(coefficients: [.generator, -.generator])
        #expect(vanishing.evaluated(at: MemberIndex(1)) == .identity)
    }
}
