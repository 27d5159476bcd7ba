import Foundation
import Primitives
import TestSupport
import Testing

@testable import BLS12381

/// The vectors of the consensus specifications (ethereum/bls12-381-tests) and of RFC 9380, appendix J.10.1.
@Suite(.enabled(if: PublishedVectors.has("bls"), "the published vectors are not beside the checkout"))
struct PublishedVectorTests {
    private struct Case<Input: Decodable, Output: Decodable>: Decodable {
        let input: Input
        let output: Output
    }

    /// Decodes every file of a folder; there has to be one.
    private func cases<Input: Decodable, Output: Decodable>(
        _ folder: String,
        _: Input.Type,
        _: Output.Type = Output.self
    ) throws -> [(name: String, input: Input, output: Output)] {
        let path = PublishedVectors.folder.appending(path: "bls").appending(path: folder).path
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        try #require(!files.isEmpty)
        return try files.map { file in
            let one: Case<Input, Output> = try PublishedVectors.load("bls/\(folder)/\(file)")
            return (file, one.input, one.output)
        }
    }

    private func key(_ hex: String) -> PublicKey? { G1Bytes(hex: hex).flatMap { PublicKey($0) } }

    private func signature(_ hex: String) -> Signature? { G2Bytes(hex: hex).flatMap { Signature($0) } }

    @Test func `sign`() throws {
        struct Input: Decodable {
            let privkey: String
            let message: String
        }
        for (name, input, output) in try cases("sign", Input.self, String?.self) {
            let secret = SecretKey(try Read.secretScalar(input.privkey))
            let signature = secret?.sign(try Read.bytes(input.message))
            #expect(signature?.bytes.description == output, "\(name)")
        }
    }

    @Test func `verify`() throws {
        struct Input: Decodable {
            let pubkey: String
            let message: String
            let signature: String
        }
        for (name, input, output) in try cases("verify", Input.self, Bool.self) {
            let message = try Read.bytes(input.message)
            let key = key(input.pubkey)
            let isValid = key.flatMap { signature(input.signature)?.isValid(for: message, by: $0) }
            #expect((isValid ?? false) == output, "\(name)")
        }
    }

    @Test func `aggregate`() throws {
        for (name, input, output) in try cases("aggregate", [String].self, String?.self) {
            let aggregate = Signature.aggregate(input.compactMap(signature))
            #expect(aggregate?.bytes.description == output, "\(name)")
        }
    }

    @Test func `aggregate verify`() throws {
        struct Input: Decodable {
            let pubkeys: [String]
            let messages: [String]
            let signature: String
        }
        for (name, input, output) in try cases("aggregate_verify", Input.self, Bool.self) {
            let keys = input.pubkeys.compactMap(key)
            let pairs = zip(try input.messages.map(Read.bytes), keys).map { (message: $0, key: $1) }
            let isValid =
                keys.count == input.pubkeys.count && signature(input.signature)?.isValid(for: pairs) == true
            #expect(isValid == output, "\(name)")
        }
    }

    @Test func `fast aggregate verify`() throws {
        struct Input: Decodable {
            let pubkeys: [String]
            let message: String
            let signature: String
        }
        for (name, input, output) in try cases("fast_aggregate_verify", Input.self, Bool.self) {
            let keys = input.pubkeys.compactMap(key)
            let message = try Read.bytes(input.message)
            let isValid =
                keys.count == input.pubkeys.count
                && signature(input.signature)?.isValid(for: message, byAll: keys) == true
            #expect(isValid == output, "\(name)")
        }
    }

    @Test func `batch verify`() throws {
        struct Input: Decodable {
            let pubkeys: [String]
            let messages: [String]
            let signatures: [String]
        }
        var random = RepeatableRandom()
        for (name, input, output) in try cases("batch_verify", Input.self, Bool.self) {
            let claims = try input.pubkeys.indices.compactMap { index -> SignatureClaim? in
                guard let key = key(input.pubkeys[index]), let signature = signature(input.signatures[index])
                else { return nil }
                let message = try Read.bytes(input.messages[index])
                return SignatureClaim(message: message, key: key, signature: signature)
            }
            let isValid =
                claims.count == input.pubkeys.count && SignatureClaim.areValid(claims, random: &random)
            #expect(isValid == output, "\(name)")
        }
    }

    @Test func `hash to G2`() throws {
        struct Input: Decodable {
            let msg: String
        }
        struct Output: Decodable {
            let x: String
            let y: String
        }
        let tag = Array("QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_".utf8)
        for (name, input, output) in try cases("hash_to_G2", Input.self, Output.self) {
            let point = try #require(HashToG2.hash(Array(input.msg.utf8), tag: tag).affine)
            let text = [point.x, point.y].map { value in
                [value.c0, value.c1].map { "0x" + Hex.encode($0.bytes) }.joined(separator: ",")
            }
            #expect(text == [output.x, output.y], "\(name)")
        }
    }

    @Test func `deserialization`() throws {
        struct First: Decodable {
            let pubkey: String
        }
        struct Second: Decodable {
            let signature: String
        }
        for (name, input, output) in try cases("deserialization_G1", First.self, Bool.self) {
            #expect((G1Bytes(hex: input.pubkey).flatMap { G1($0) } != nil) == output, "\(name)")
        }
        for (name, input, output) in try cases("deserialization_G2", Second.self, Bool.self) {
            #expect((signature(input.signature) != nil) == output, "\(name)")
        }
    }
}
