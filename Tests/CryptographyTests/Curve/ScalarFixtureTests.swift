import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// Arithmetic modulo the group order against Python's integers.
@Suite struct ScalarFixtureTests {
    private struct Cases: Decodable {
        struct Pair: Decodable {
            let a: String
            let b: String
            let sum: String
            let difference: String
            let product: String
        }
        struct Inverse: Decodable {
            let a: String
            let inverse: String
        }
        struct Wide: Decodable {
            let wide: String
            let reduced: String
        }
        struct Expansion: Decodable {
            let message: String
            let tag: String
            let length: Int
            let output: String
        }
        let edges: [Pair]
        let inverses: [Inverse]
        let pairs: Int
        let results: String
        let wide: [Wide]
        let reductions: String
        let notCanonical: [String]
        let expansions: [Expansion]
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("cryptography/scalars.json")
    }

    private func scalar(_ hex: String) throws -> Scalar {
        try #require(ScalarBytes(hex: hex).flatMap { Scalar($0) })
    }

    /// The same number in locked memory; unlike a key, it may be zero.
    private func secretScalar(_ scalar: Scalar) -> SecretScalar {
        unsafe SecretScalar { secret in unsafe scalar.withBytes { unsafe secret.update(from: $0, count: 32) }
        }
    }

    @Test func `edge cases come out as integers do`() throws {
        try #require(!cases.edges.isEmpty)
        for edge in cases.edges {
            let (a, b) = (try scalar(edge.a), try scalar(edge.b))
            #expect((a + b).bytes.hex == edge.sum)
            #expect((a - b).bytes.hex == edge.difference)
            #expect((a * b).bytes.hex == edge.product)
        }
    }

    @Test func `secret scalars compute what public ones do`() throws {
        for edge in cases.edges {
            let (a, b) = (try scalar(edge.a), try scalar(edge.b))
            let (x, y) = (secretScalar(a), secretScalar(b))
            #expect((x + y).published() == a + b)
            #expect((x * b).published() == a * b)
            #expect((-x).published() == -a)
            #expect((x == y) == (a == b))
        }
    }

    @Test func `twenty thousand random pairs come out as integers do`() {
        func operand(_ index: Int) -> Scalar {
            Scalar(reducing: SHA256.hash(Array("scalars/\(index)".utf8)))
        }
        var results = SHA256()
        for index in 0..<cases.pairs {
            let (a, b) = (operand(2 * index), operand(2 * index + 1))
            for result in [a + b, a - b, a * b, -a] { results.update(result.bytes) }
        }
        #expect(results.finalize().hex == cases.results)
    }

    @Test func `squares in place`() throws {
        for edge in cases.edges where edge.a == edge.b {
            let a = try scalar(edge.a)
            let square = unsafe Scalar { result in
                unsafe a.withBytes { unsafe result.update(from: $0, count: 32) }
                unsafe ScalarArithmetic.multiply(result, by: result)
            }
            #expect(square.bytes.hex == edge.product)
        }
    }

    @Test func `inverts all but zero`() throws {
        for inverse in cases.inverses { #expect(try scalar(inverse.a).inverse.bytes.hex == inverse.inverse) }
    }

    @Test func `reduces 384 bits`() throws {
        func reduced(_ wide: [UInt8]) -> Scalar {
            unsafe Scalar { result in
                unsafe wide.withUnsafeBytes { unsafe ScalarArithmetic.reduce($0.bytes, into: result) }
            }
        }
        for wide in cases.wide { #expect(reduced(try bytes(wide.wide)).bytes.hex == wide.reduced) }
        var results = SHA256()
        for index in 0..<cases.pairs {
            let halves = (0...1).map { SHA256.hash(Array("wide/\(index)/\($0)".utf8)).array }
            results.update(reduced(halves[0] + halves[1].prefix(16)).bytes)
        }
        #expect(results.finalize().hex == cases.reductions)
    }

    @Test func `refuses numbers that are not below the order`() throws {
        for hex in cases.notCanonical {
            #expect(ScalarBytes(hex: hex).flatMap { Scalar($0) } == nil)
            #expect(SecretScalar(try secret(hex)) == nil)
            #expect(throws: SSZError.value(of: "Scalar")) { try Scalar(ssz: try bytes(hex)) }
        }
    }

    @Test func `a secret key is neither zero nor of another length`() throws {
        #expect(SecretScalar(try secret(String(repeating: "0", count: 64))) == nil)
        #expect(SecretScalar(try secret("01")) == nil)
        #expect(SecretScalar(try secret(String(repeating: "0", count: 63) + "1")) != nil)
    }

    @Test func `expands messages as RFC 9380 does`() throws {
        for expansion in cases.expansions {
            var output = [UInt8](repeating: 0, count: expansion.length)
            let message = Array(expansion.message.utf8)
            unsafe message.withUnsafeBytes { message in
                unsafe output.withUnsafeMutableBytes { output in
                    unsafe MessageExpansion.expand(message, tag: Array(expansion.tag.utf8), into: output)
                }
            }
            #expect(Hex.encode(output) == expansion.output)
        }
    }
}
