import Cryptography
import Primitives
import TestSupport
import Testing

@testable import BLS12381

/// Shares, commitments and interpolation, against Python's integers and arkworks.
@Suite struct SharingTests {
    private struct Cases: Decodable {
        struct Case: Decodable {
            let coefficients: [String]
            let commitment: [String]
            let indices: [UInt64]
            let shares: [String]
            let `public`: [String]
            let weights: [String]
            let position: String
            let weightsAtPosition: [String]
        }
        struct Sum: Decodable {
            let points: [String]
            let factors: [String]
            let g1: String
            let g2: String
        }
        let cases: [Case]
        let sums: [Sum]
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("bls/sharing.json")
    }

    @Test func `shares, commitments and weights are those of others`() throws {
        for one in cases.cases {
            let polynomial = SharingPolynomial(coefficients: try one.coefficients.map(Read.secretScalar))
            let indices = try one.indices.map { try #require(ShareIndex($0)) }
            let shares = indices.map(polynomial.share)
            #expect(shares.map(\.hex) == one.shares)
            let commitment = polynomial.commitment
            #expect(commitment.coefficients.map { $0.compressed.hex } == one.commitment)
            #expect(indices.map { commitment.publicShare(at: $0).compressed.hex } == one.public)
            #expect(zip(shares, indices).allSatisfy { commitment.opens(to: $0, at: $1) })
            #expect(Interpolation.weights(of: indices)?.map { $0.bytes.hex } == one.weights)
            let position = try Read.scalar(one.position)
            #expect(
                Interpolation.weights(of: indices, at: position)?.map { $0.bytes.hex }
                    == one.weightsAtPosition
            )
            let values = zip(indices, shares).map { (index: $0, share: $1) }
            #expect(SecretFr.interpolate(values)?.hex == one.coefficients[0])
            let elements = zip(indices, shares).map { (index: $0, element: $1.publicElement) }
            #expect(G1.interpolate(elements) == commitment.constant)
        }
    }

    @Test func `sums of multiples are those of others`() throws {
        for sum in cases.sums {
            let points = try sum.points.map(Read.scalar)
            let factors = try sum.factors.map(Read.scalar)
            let first = G1.sum(zip(points, factors).map { (G1.generator * $0, $1) })
            let second = G2.sum(zip(points, factors).map { (G2.generator * $0, $1) })
            #expect(first.compressed.hex == sum.g1)
            #expect(second.compressed.hex == sum.g2)
        }
    }

    @Test func `partial signatures of any quorum make the group's signature`() throws {
        var random = RepeatableRandom()
        let polynomial = SharingPolynomial(threshold: 3, random: &random)
        let message: [UInt8] = [1, 2, 3]
        let secret = try #require(SecretKey(polynomial.coefficients[0]))
        let whole = secret.sign(message)
        let indices = try [5, 9, 2, 1 << 40].map { try #require(ShareIndex($0)) }
        let partials = try indices.map { index in
            let key = try #require(SecretKey(polynomial.share(at: index)))
            let partial = key.sign(message)
            let publicShare = try #require(PublicKey(polynomial.commitment.publicShare(at: index)))
            #expect(partial.isValid(for: message, by: publicShare))
            return (index: index, element: partial.element)
        }
        for left in partials.indices {
            let quorum = partials.indices.filter { $0 != left }.map { partials[$0] }
            #expect(G2.interpolate(quorum).map { Signature($0) } == whole)
        }
        #expect(G2.interpolate(partials).map { Signature($0) } == whole)
        #expect(G2.interpolate(Array(partials.prefix(2))).map { Signature($0) } != whole)
    }

    @Test func `no index is 0, and none may come twice`() throws {
        #expect(ShareIndex(0) == nil)
        let one = try #require(ShareIndex(1))
        let two = try #require(ShareIndex(2))
        #expect(Interpolation.weights(of: [one, two, one]) == nil)
        #expect(Interpolation.weights(of: []) == nil)
        #expect(G1.interpolate([]) == nil && G2.interpolate([]) == nil && SecretFr.interpolate([]) == nil)
    }

    @Test func `a wrong share does not open the commitment`() throws {
        var random = RepeatableRandom()
        let polynomial = SharingPolynomial(threshold: 2, random: &random)
        let (one, two) = (try #require(ShareIndex(1)), try #require(ShareIndex(2)))
        let share = polynomial.share(at: one)
        #expect(polynomial.commitment.opens(to: share, at: one))
        #expect(!polynomial.commitment.opens(to: share, at: two))
        #expect(!polynomial.commitment.opens(to: share + SecretFr(.one), at: one))
        #expect(!polynomial.commitment.opens(to: -share, at: one))
        #expect(SharingCommitment(coefficients: []) == nil)
    }

    @Test func `commitments and shares of a sum are sums, also with a zero constant`() throws {
        var random = RepeatableRandom()
        let key = SharingPolynomial(threshold: 3, random: &random)
        let refresh = SharingPolynomial(threshold: 2, constant: SecretFr(.zero), random: &random)
        let index = try #require(ShareIndex(77))
        let sum = key.commitment + refresh.commitment
        #expect(refresh.commitment.constant == .identity && sum.constant == key.commitment.constant)
        #expect(sum == refresh.commitment + key.commitment && sum.threshold == 3)
        #expect(sum.opens(to: key.share(at: index) + refresh.share(at: index), at: index))
    }

    @Test func `secret numbers behave as public ones`() throws {
        var random = RepeatableRandom()
        let (a, b) = (SecretFr(random: &random), SecretFr(random: &random))
        let (publicA, publicB) = (try Read.scalar(a.hex), try Read.scalar(b.hex))
        #expect((a + b).hex == (publicA + publicB).bytes.hex)
        #expect((a * publicB).hex == (publicA * publicB).bytes.hex)
        #expect((-a).hex == (-publicA).bytes.hex && (-SecretFr(.zero)).isZero && !a.isZero)
        #expect(SecretFr(publicA) == a && a != b && a.publicElement == G1.generator * publicA)
        #expect(SecretFr(try Read.secret("00")) == nil)
        for number in [
            "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001",
            String(repeating: "f", count: 64),
        ] {
            #expect(SecretFr(try Read.secret(number)) == nil)
        }
    }
}
