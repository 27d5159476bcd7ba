import Primitives
import TestSupport
import Testing

@testable import BLS12381
@testable import Cryptography

/// A validator key's generation and its resharing made by an independent program, byte for byte.
@Suite struct KeySharingFixtureTests {
    private struct Document: Decodable {
        struct Session: Decodable {
            let session: String
            let threshold: Int
            let dealers: [UInt64]
            let recipients: [UInt64]
            let encryptionSecrets: [String]
            let encryptionKeys: [String]
            let deals: [String]
            let firstPads: [String]
            let coefficients: [String]
            let transcript: String
            let shares: [String]
            let publicShares: [String]
        }
        let fresh: Session
        let anew: Session
        let badDeal: String
        let complaint: String
        let falseComplaint: String
        let keyMessage: String
        let key: String
        let keyProof: String
    }

    private let document: Document

    init() throws {
        document = try Fixture.load("bls/key-sharing.json")
    }

    private func index(_ number: UInt64) throws -> ShareIndex { try #require(ShareIndex(number)) }

    private func session(
        _ written: Document.Session,
        previous: G1PreviousSharing? = nil
    ) throws -> G1SharingSession {
        try G1SharingSession(
            G1SharingTerms(
                id: try #require(KeyGenerationID(hex: written.session)),
                threshold: written.threshold,
                dealers: try written.dealers.map(index),
                recipients: try zip(written.recipients, written.encryptionKeys).map {
                    G1Recipient(index: try index($0), encryptionKey: try #require(G1Bytes(hex: $1)))
                },
                previous: previous
            )
        )
    }

    private func expect(_ session: G1SharingSession, toGive written: Document.Session) throws {
        let deals = try zip(session.terms.dealers, written.deals).map { dealer, hex in
            let deal = try G1Deal(ssz: try Read.bytes(hex))
            #expect(Hex.encode(deal.sszBytes) == hex)
            return try session.check(deal, from: dealer)
        }
        let transcript = try session.transcript(of: deals)
        #expect(transcript.digest.hex == written.transcript)
        #expect(transcript.key.commitment.coefficients.map { $0.compressed.hex } == written.coefficients)
        for (offset, index) in session.members.enumerated() {
            let key = try #require(G1EncryptionKey(try Read.secret(written.encryptionSecrets[offset])))
            #expect(key.publicKey.hex == written.encryptionKeys[offset])
            let shared = G1Sharing.shared(key.secret, deals[0].ephemeralKey)
            #expect(session.sharePad(of: deals[0], for: index).pad(shared).hex == written.firstPads[offset])
            let share = try session.share(from: deals, transcript: transcript, with: key, as: index)
            #expect(share.secretKey.scalar.hex == written.shares[offset])
            #expect(transcript.key.publicShare(at: index)?.bytes.hex == written.publicShares[offset])
        }
    }

    @Test func `a fresh key is shared to the byte`() throws {
        try expect(session(document.fresh), toGive: document.fresh)
    }

    @Test func `a key is shared anew to the byte`() throws {
        let previous = G1PreviousSharing(
            key: try #require(G1Bytes(hex: document.fresh.coefficients[0])),
            publicShares: try document.fresh.publicShares.prefix(3).map { try #require(G1Bytes(hex: $0)) }
        )
        try expect(session(document.anew, previous: previous), toGive: document.anew)
        #expect(document.anew.coefficients[0] == document.fresh.coefficients[0])
    }

    @Test func `complaints get the verdicts they deserve`() throws {
        let session = try session(document.fresh)
        let (dealer, victim, liar) = (session.members[1], session.members[2], session.members[3])
        let bad = try session.check(G1Deal(ssz: try Read.bytes(document.badDeal)), from: dealer)
        let just = try G1Complaint(ssz: try Read.bytes(document.complaint))
        #expect(just.sszBytes.count == 152)
        #expect(session.verdict(on: just, by: victim, about: bad) == .dealer(dealer))
        let unjust = try G1Complaint(ssz: try Read.bytes(document.falseComplaint))
        #expect(session.verdict(on: unjust, by: liar, about: bad) == .accuser(liar))
    }

    @Test func `the encryption key's proof holds for its message alone`() throws {
        let key = try #require(G1Bytes(hex: document.key))
        let proof = try #require(G1PossessionProof(hex: document.keyProof))
        var message = try #require(Digest(hex: document.keyMessage))
        #expect(G1EncryptionKey.isProven(key, by: proof, for: message))
        message[0] ^= 1
        #expect(!G1EncryptionKey.isProven(key, by: proof, for: message))
    }
}
