import Primitives
import TestSupport
import Testing

@testable import BLS12381

/// Arithmetic modulo p and r against Python's integers.
@Suite struct FieldFixtureTests {
    struct Cases: Decodable {
        struct Field: Decodable {
            let edges: [String]
            let random: Int
            let pairs: String
            let single: String
            let notCanonical: [String]
        }
        let fp: Field
        let fr: Field
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("bls/field.json")
    }

    @Test func `numbers modulo p behave as integers do`() throws {
        try check(cases.fp, name: "fp") {
            Fp(bytes: $0)
        } reduce: {
            Fp(reducing: $0, high: $1)
        } encode: {
            $0.bytes
        }
    }

    @Test func `numbers modulo r behave as integers do`() throws {
        try check(cases.fr, name: "fr") {
            FrBytes($0).flatMap { Fr($0) }
        } reduce: { low, high in
            let lower: Words<4> = [low[0], low[1], low[2], low[3]]
            let upper: Words<4> = [low[4], low[5], high[0], high[1]]
            return Fr(reducing: lower, high: upper)
        } encode: {
            $0.bytes.array
        }
    }

    @Test func `numbers that are not below the modulus are refused`() throws {
        for text in cases.fp.notCanonical {
            let bytes = try #require(Hex.decode(text))
            #expect(Fp(bytes: bytes) == nil)
        }
        for text in cases.fr.notCanonical { #expect(FrBytes(hex: text).flatMap { Fr($0) } == nil) }
    }

    /// Makes the operands as the fixture's generator did, and hashes all results.
    private func check<F: Field>(
        _ cases: Cases.Field,
        name: String,
        decode: ([UInt8]) -> F?,
        reduce: (_ low: Words<6>, _ high: Words<6>) -> F,
        encode: (F) -> [UInt8]
    ) throws {
        var operands = cases.edges.compactMap { Hex.decode($0).flatMap { decode($0) } }
        try #require(operands.count == cases.edges.count)
        for index in 0..<cases.random {
            let wide = [0, 1].flatMap { SHA256.hash(Array("\(name)/\(index)/\($0)".utf8)).array }
            operands.append(reduce(.decode(wide.suffix(48)), .decode(wide.prefix(16))))
        }
        var pairs = SHA256()
        var single = SHA256()
        for a in operands {
            for b in operands {
                for result in [a + b, a - b, a * b] { pairs.update(encode(result)) }
                #expect((a == b) == (encode(a) == encode(b)))
            }
            for result in [-a, a.squared(), a.inverted()] { single.update(encode(result)) }
        }
        #expect(pairs.finalize().hex == cases.pairs)
        #expect(single.finalize().hex == cases.single)
    }
}
