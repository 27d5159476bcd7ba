import Primitives
import Testing

@testable import Cryptography

@Suite struct PossessionProofTests {
    @Test func `is the first test vector of BIP-340`() throws {
        let key = try #require(SecretScalar(try secret(String(repeating: "0", count: 63) + "3")))
        var zeros = ChosenBytes(bytes: [UInt8](repeating: 0, count: 32))
        let proof = PossessionProof(of: key, message: Digest(), random: &zeros)
        #expect(
            proof.hex
                == "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
                + "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0"
        )
        #expect(proof.isValid(for: try #require(key.publicElement.point), message: Digest()))
    }

    @Test func `holds for its point and message alone`() throws {
        var random = SeededRandom(1)
        let (key, other) = (SecretScalar(random: &random), SecretScalar(random: &random))
        let point = try #require(key.publicElement.point)
        let message = SHA256.hash([1])
        let proof = PossessionProof(of: key, message: message, random: &random)
        #expect(proof.isValid(for: point, message: message))
        #expect(!proof.isValid(for: point, message: SHA256.hash([2])))
        #expect(!proof.isValid(for: try #require(other.publicElement.point), message: message))
        for bit in 0..<512 {
            var changed = proof
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!changed.isValid(for: point, message: message))
        }
    }

    @Test func `an encryption key's proof is bound to owner, epoch and deployment`() throws {
        var random = SeededRandom(2)
        let key = EncryptionKey(random: &random)
        let deployment = Deployment(chainId: 5, genesis: Digest(), registry: Address())
        let identity = IdentityKey(random: &random).identity
        let proof = key.proof(
            identity: identity,
            epoch: Epoch(3),
            deployment: deployment,
            random: &random
        )
        let claim = EncryptionKeyClaim(
            deployment: deployment,
            epoch: Epoch(3),
            identity: identity,
            key: key.publicKey
        )
        #expect(claim.isProven(by: proof))
        var changed = [claim, claim, claim, claim, claim]
        changed[0].epoch = Epoch(4)
        changed[1].identity = IdentityKey(random: &random).identity
        changed[2].deployment.chainId = 6
        changed[3].key = EncryptionKey(random: &random).publicKey
        changed[4].key = CompressedPoint()
        for changed in changed { #expect(!changed.isProven(by: proof)) }
    }
}
