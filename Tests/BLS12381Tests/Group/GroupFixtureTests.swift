import Primitives
import TestSupport
import Testing

@testable import BLS12381

/// Points, encodings and pairings against py_ecc and arkworks.
@Suite struct GroupFixtureTests {
    private struct Cases: Decodable {
        struct Multiple: Decodable {
            let scalar: String
            let g1: String
            let g2: String
        }
        struct Refused: Decodable {
            let why: String
            let bytes: String
        }
        struct Pairing: Decodable {
            let g1: String
            let g2: String
            let value: [String]
        }
        let multiples: [Multiple]
        let refusedG1: [Refused]
        let refusedG2: [Refused]
        let pairings: [Pairing]
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("bls/groups.json")
    }

    @Test func `multiples of the generators have their encodings`() throws {
        for multiple in cases.multiples {
            let scalar = try #require(FrBytes(hex: multiple.scalar).flatMap { Fr($0) })
            let first = G1.generator * scalar
            let second = G2.generator * scalar
            #expect(first.compressed.hex == multiple.g1)
            #expect(second.compressed.hex == multiple.g2)
            #expect(G1(first.compressed) == first && first.isIdentity == (scalar == .zero))
            #expect(G2(second.compressed) == second && second.isIdentity == (scalar == .zero))
            #expect(G1((-first).compressed) == -first && first - first == .identity)
            #expect(G2((-second).compressed) == -second && second + -second == .identity)
        }
    }

    @Test func `encodings of no point and of points outside the subgroup are refused`() throws {
        for refused in cases.refusedG1 {
            let bytes = try #require(G1Bytes(hex: refused.bytes))
            #expect(G1(bytes) == nil, "\(refused.why)")
        }
        for refused in cases.refusedG2 {
            let bytes = try #require(G2Bytes(hex: refused.bytes))
            #expect(G2(bytes) == nil, "\(refused.why)")
        }
    }

    @Test func `pairings have their values`() throws {
        for pairing in cases.pairings {
            let first = try #require(G1Bytes(hex: pairing.g1).flatMap { G1($0) })
            let second = try #require(G2Bytes(hex: pairing.g2).flatMap { G2($0) })
            let value = Pairing.value(first.point, second.point)
            let parts = [value.c0, value.c1].flatMap { [$0.c0, $0.c1, $0.c2] }
            #expect(parts.flatMap { [Hex.encode($0.c0.bytes), Hex.encode($0.c1.bytes)] } == pairing.value)
        }
    }

    @Test func `pairings are bilinear, and products of them are compared with 1`() {
        let (p, q) = (Point<G1Curve>.generator, Point<G2Curve>.generator)
        #expect(Pairing.value(p, q) != .one)
        #expect(Pairing.value(p.doubled(), q) == Pairing.value(p, q.doubled()))
        #expect(Pairing.value(.identity, q) == .one && Pairing.value(p, .identity) == .one)
        #expect(Pairing.isProductOne([]) && !Pairing.isProductOne([(p, q)]))
        #expect(Pairing.isProductOne([(p.doubled(), q), (-p, q.doubled()), (.identity, q)]))
        #expect(!Pairing.isProductOne([(p.doubled(), q), (p, q.doubled())]))
    }

    @Test func `squares of pairing values are squares`() {
        let value = Pairing.value(.generator, .generator)
        #expect(value.cyclotomicSquare == value * value)
        var power = Fp12.one
        for bit in (0..<64).reversed() {
            power = power.squared()
            if CurveParameter.magnitude >> UInt64(bit) & 1 == 1 { power = power * value }
        }
        #expect(value.raisedToParameter == power.conjugate)
    }
}
