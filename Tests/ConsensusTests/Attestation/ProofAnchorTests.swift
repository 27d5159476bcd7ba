import Consensus
import Primitives
import Testing

@testable import Cryptography

@Suite struct ProofAnchorTests {
    private let domain = StatementDomain(chainId: 31_337, registry: Address())
    private let secret = Scalar(987_654)

    private func key() throws -> GroupPublicKey {
        try GroupPublicKey(try #require(GroupElement.generator(times: secret).point))
    }

    private func anchor(number: UInt64 = 3) throws -> ProofAnchor {
        var anchor = ProofAnchor(
            epoch: Epoch(2),
            number: number,
            root: SHA256.hash([1]),
            signature: GroupSignature()
        )
        let nonce = Scalar(77)
        let commitment = try #require(GroupElement.generator(times: nonce).point).compressed
        let message = domain.digest(of: anchor.statement).digest.array
        let challenge = try key().challenge(commitment: commitment, message: message)
        anchor.signature = GroupSignature(commitment: commitment, response: nonce + challenge * secret)
        return anchor
    }

    @Test
    func `counts with its group's signature, and with any other number, root, epoch, registry or key not`()
        throws
    {
        let anchor = try anchor()
        let key = try key()
        #expect(anchor.isValid(by: key, in: domain))
        var changed = [anchor, anchor, anchor, anchor]
        changed[0].number += 1
        changed[1].root = SHA256.hash([2])
        changed[2].epoch = Epoch(3)
        changed[3].signature[40] ^= 1
        for other in changed { #expect(!other.isValid(by: key, in: domain)) }
        let elsewhere = StatementDomain(chainId: 1, registry: Address())
        #expect(!anchor.isValid(by: key, in: elsewhere))
        let stranger = try GroupPublicKey(try #require(GroupElement.generator(times: Scalar(5)).point))
        #expect(!anchor.isValid(by: stranger, in: domain))
    }

    @Test func `of number 0 there is none, whoever signs it`() throws {
        #expect(try !anchor(number: 0).isValid(by: key(), in: domain))
    }

    @Test func `comes back from its bytes, and from no others`() throws {
        let anchor = try anchor()
        #expect(try ProofAnchor(ssz: anchor.sszBytes) == anchor)
        #expect(anchor.sszBytes.count == 8 + 8 + 32 + 65)
        #expect(throws: SSZError.self) { try ProofAnchor(ssz: anchor.sszBytes.dropLast()) }
    }
}
