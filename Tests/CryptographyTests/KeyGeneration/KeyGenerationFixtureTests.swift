import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// A whole key generation made by an independent program, byte for byte.
@Suite struct KeyGenerationFixtureTests {
    private struct Generation: Decodable {
        let chainId: UInt64
        let genesis: String
        let registry: String
        let epoch: UInt64
        let attempt: UInt16
        let threshold: UInt16
        let identities: [String]
        let encryptionSecrets: [String]
        let encryptionKeys: [String]
        let keyProof: String
        let session: String
        let deals: [String]
        let coefficients: [String]
        let transcript: String
        let shares: [String]
        let publicShares: [String]
        let badDeal: String
        let complaint: String
        let falseComplaint: String
    }

    private let generation: Generation
    private let deployment: Deployment
    private let session: KeyGenerationSession

    init() throws {
        generation = try Fixture.load("cryptography/key-generation.json")
        deployment = Deployment(
            chainId: generation.chainId,
            genesis: try #require(Digest(hex: generation.genesis)),
            registry: try #require(Address(hex: generation.registry))
        )
        let recipients = try zip(generation.identities, generation.encryptionKeys).map { identity, key in
            KeyGenerationTerms.Recipient(
                identity: try #require(Identity(hex: identity)),
                encryptionKey: try #require(CompressedPoint(hex: key))
            )
        }
        let dealers = recipients.indices.map { MemberIndex($0 + 1) }
        session = try KeyGenerationSession(
            KeyGenerationTerms(
                deployment: deployment,
                epoch: Epoch(generation.epoch),
                attempt: generation.attempt,
                threshold: generation.threshold,
                recipients: try #require(SSZList(recipients)),
                dealers: try #require(SSZList(dealers))
            )
        )
    }

    private func key(_ offset: Int) throws -> EncryptionKey {
        try #require(EncryptionKey(try secret(generation.encryptionSecrets[offset])))
    }

    private func checkedDeals() throws -> [CheckedDeal] {
        try zip(session.terms.dealers, generation.deals).map { dealer, deal in
            try session.check(Deal(ssz: try bytes(deal)), from: dealer)
        }
    }

    @Test func `the session has the same identifier`() {
        #expect(session.id.hex == generation.session)
    }

    @Test func `deals decode, encode and pass`() throws {
        for deal in generation.deals { #expect(Hex.encode(try Deal(ssz: try bytes(deal)).sszBytes) == deal) }
        #expect(try checkedDeals().count == 4)
    }

    @Test func `key, transcript and shares are the same`() throws {
        let deals = try checkedDeals()
        let transcript = try session.transcript(of: deals)
        #expect(transcript.digest.hex == generation.transcript)
        #expect(transcript.key.coefficients.map { $0.compressed.hex } == generation.coefficients)
        for (offset, expected) in generation.shares.enumerated() {
            let member = MemberIndex(offset + 1)
            let key = try key(offset)
            #expect(key.publicKey.hex == generation.encryptionKeys[offset])
            let share = try session.share(from: deals, transcript: transcript, with: key, as: member)
            #expect(share.secret == SecretScalar(try secret(expected)))
            #expect(
                transcript.key.publicShare(of: member).point?.compressed.hex
                    == generation.publicShares[offset]
            )
        }
    }

    @Test func `complaints get the verdicts they deserve`() throws {
        let bad = try session.check(Deal(ssz: try bytes(generation.badDeal)), from: MemberIndex(2))
        let just = try Complaint(ssz: try bytes(generation.complaint))
        #expect(session.verdict(on: just, by: MemberIndex(3), about: bad) == .dealer(MemberIndex(2)))
        let unjust = try Complaint(ssz: try bytes(generation.falseComplaint))
        #expect(session.verdict(on: unjust, by: MemberIndex(4), about: bad) == .accuser(MemberIndex(4)))
    }

    @Test func `the encryption key's proof holds`() throws {
        let claim = EncryptionKeyClaim(
            deployment: deployment,
            epoch: Epoch(generation.epoch),
            identity: try #require(Identity(hex: generation.identities[0])),
            key: try #require(CompressedPoint(hex: generation.encryptionKeys[0]))
        )
        #expect(claim.isProven(by: try #require(PossessionProof(hex: generation.keyProof))))
    }
}
