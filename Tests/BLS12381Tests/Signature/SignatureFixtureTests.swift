import Primitives
import TestSupport
import Testing

@testable import BLS12381

/// Keys, hashes, signatures and proofs against py_ecc.
@Suite struct SignatureFixtureTests {
    private struct Cases: Decodable {
        struct Derivation: Decodable {
            let material: String
            let info: String
            let secret: String
        }
        struct Hash: Decodable {
            let message: String
            let tag: String
            let point: String
        }
        struct Signed: Decodable {
            let secret: String
            let key: String
            let message: String
            let signature: String
            let possession: String
        }
        let derivations: [Derivation]
        let hashes: [Hash]
        let signatures: [Signed]
    }

    private let cases: Cases

    init() throws {
        cases = try Fixture.load("bls/signatures.json")
    }

    @Test func `keys are derived as the draft says`() throws {
        for derivation in cases.derivations {
            let key = SecretKey(
                derivingFrom: try Read.secret(derivation.material),
                info: try Read.bytes(derivation.info)
            )
            #expect(key?.scalar.hex == derivation.secret)
        }
        let short = try Read.secret(String(repeating: "11", count: 31))
        #expect(SecretKey(derivingFrom: short) == nil)
    }

    @Test func `messages have their points`() throws {
        for hash in cases.hashes {
            let point = HashToG2.hash(try Read.bytes(hash.message), tag: Array(hash.tag.utf8))
            #expect(G2(point).compressed.hex == hash.point)
        }
    }

    @Test func `keys, signatures and proofs are those of others`() throws {
        for signed in cases.signatures {
            let secret = try #require(SecretKey(try Read.secretScalar(signed.secret)))
            let message = try Read.bytes(signed.message)
            #expect(secret.publicKey.bytes.hex == signed.key)
            #expect(secret.sign(message).bytes.hex == signed.signature)
            let proof = secret.provePossession(of: secret.publicKey)
            #expect(proof.bytes.hex == signed.possession)
            #expect(secret.sign(message).isValid(for: message, by: secret.publicKey))
            #expect(proof.isValid(for: secret.publicKey))
        }
    }
}
