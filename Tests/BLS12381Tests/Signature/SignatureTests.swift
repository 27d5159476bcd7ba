import Cryptography
import Primitives
import Testing

@testable import BLS12381

@Suite struct SignatureTests {
    private static let keys: [SecretKey] = {
        var random = RepeatableRandom()
        return (0..<4).map { _ in SecretKey(random: &random) }
    }()

    private let keys = Self.keys

    @Test func `a signature holds for its message and its key only`() {
        let signature = keys[0].sign([1, 2, 3])
        #expect(signature.isValid(for: [1, 2, 3], by: keys[0].publicKey))
        #expect(!signature.isValid(for: [1, 2, 4], by: keys[0].publicKey))
        #expect(!signature.isValid(for: [1, 2, 3], by: keys[1].publicKey))
        #expect(!Signature(-signature.element).isValid(for: [1, 2, 3], by: keys[0].publicKey))
        #expect(!Signature(.identity).isValid(for: [1, 2, 3], by: keys[0].publicKey))
    }

    @Test func `a proof of possession is no signature, and a signature no proof`() throws {
        let key = keys[0].publicKey
        let proof = keys[0].provePossession(of: key)
        #expect(proof.isValid(for: key) && !proof.isValid(for: keys[1].publicKey))
        let asSignature = try #require(Signature(proof.bytes))
        #expect(!asSignature.isValid(for: key.bytes.array, by: key))
        let signature = keys[0].sign(key.bytes.array)
        #expect(try !#require(ProofOfPossession(signature.bytes)).isValid(for: key))
    }

    @Test func `the identity is no public key, and 0 no secret one`() {
        #expect(PublicKey(G1.identity) == nil)
        #expect(PublicKey(G1.identity.compressed) == nil)
        #expect(SecretKey(SecretFr(.zero)) == nil)
        let key = keys[0].publicKey
        #expect(PublicKey.aggregate([key, PublicKey(nonzero: -key.element)]) == nil)
        #expect(PublicKey.aggregate([]) == nil)
    }

    @Test func `an aggregate of one message holds for exactly its signers`() throws {
        let message: [UInt8] = [7]
        let publicKeys = keys.map(\.publicKey)
        let aggregate = try #require(Signature.aggregate(keys.map { $0.sign(message) }))
        #expect(aggregate.isValid(for: message, byAll: publicKeys))
        #expect(!aggregate.isValid(for: message, byAll: Array(publicKeys.dropLast())))
        #expect(!aggregate.isValid(for: message, byAll: publicKeys + [publicKeys[0]]))
        #expect(!aggregate.isValid(for: message, byAll: []))
        #expect(!Signature(.identity).isValid(for: message, byAll: []))
        #expect(Signature.aggregate([]) == nil)
    }

    @Test func `an aggregate of many messages holds for each with its key`() throws {
        let messages = keys.indices.map { [UInt8($0)] }
        let aggregate = try #require(Signature.aggregate(zip(keys, messages).map { $0.sign($1) }))
        let pairs = zip(messages, keys).map { (message: $0, key: $1.publicKey) }
        #expect(aggregate.isValid(for: pairs))
        #expect(!aggregate.isValid(for: Array(pairs.dropFirst())))
        var swapped = pairs
        swapped[0].key = pairs[1].key
        swapped[1].key = pairs[0].key
        #expect(!aggregate.isValid(for: swapped))
        #expect(!Signature(.identity).isValid(for: []))
    }

    @Test func `a batch passes only when each claim is true`() {
        var random = RepeatableRandom()
        let messages: [[UInt8]] = [[1], [2], [1], [3]]
        let claims = zip(keys, messages).map {
            SignatureClaim(message: $1, key: $0.publicKey, signature: $0.sign($1))
        }
        #expect(SignatureClaim.areValid(claims, random: &random))
        #expect(SignatureClaim.areValid([], random: &random))
        for index in claims.indices {
            var altered = claims
            altered[index] = SignatureClaim(
                message: claims[index].message,
                key: claims[index].key,
                signature: claims[(index + 1) % 4].signature
            )
            #expect(!SignatureClaim.areValid(altered, random: &random))
        }
    }

    @Test func `false claims that make up for each other do not pass a batch`() {
        var random = RepeatableRandom()
        let message: [UInt8] = [1]
        let (first, second) = (keys[0].sign(message), keys[1].sign(message))
        let difference = keys[2].sign(message).element
        let claims = [
            SignatureClaim(
                message: message,
                key: keys[0].publicKey,
                signature: Signature(first.element + difference)
            ),
            SignatureClaim(
                message: message,
                key: keys[1].publicKey,
                signature: Signature(second.element - difference)
            ),
        ]
        let sum = Signature.aggregate(claims.map(\.signature))
        #expect(sum?.isValid(for: message, byAll: claims.map(\.key)) == true)
        #expect(!SignatureClaim.areValid(claims, random: &random))
    }

    @Test func `descriptions of secrets show none`() {
        #expect("\(keys[0])" == "(secret)" && "\(keys[0].scalar)" == "(secret)")
    }
}
