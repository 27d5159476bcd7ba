import Primitives
import Testing

@testable import BLS12381
@testable import Cryptography

/// Who is at fault for a bad share of a validator's key, and that nobody else can be made to look so.
@Suite struct KeyComplaintTests {
    private let world: KeyWorld
    private let bad: CheckedG1Deal
    private let dealer: ShareIndex
    private let victim: ShareIndex
    private var session: G1SharingSession { world.session }

    init() throws {
        world = try KeyWorld(3, [60, 143, 144, 1 << 40])
        var deal = world.deals[1]
        var shares = deal.encryptedShares.elements
        shares[2] = (try #require(Fr(shares[2])) + .one).bytes
        deal.encryptedShares = try #require(SSZList(shares))
        dealer = world.session.members[1]
        victim = world.session.members[2]
        bad = try world.session.check(deal, from: dealer)
    }

    private func complaint(by offset: Int, about deal: CheckedG1Deal, seed: UInt64 = 5) -> G1Complaint {
        var random = RepeatableRandom(seed: seed)
        return session.complaint(
            about: deal,
            with: world.keys[offset],
            as: session.members[offset],
            random: &random
        )
    }

    @Test func `the victim finds its dealer, and its complaint convicts`() throws {
        var deals = try world.checked()
        deals[1] = bad
        let transcript = try session.transcript(of: deals)
        #expect(throws: G1ShareFault(dealers: [dealer])) {
            try session.share(from: deals, transcript: transcript, with: world.keys[2], as: victim)
        }
        #expect(throws: Never.self) {
            try session.share(
                from: deals,
                transcript: transcript,
                with: world.keys[3],
                as: session.members[3]
            )
        }
        let complaint = complaint(by: 2, about: bad)
        #expect(try G1Complaint(ssz: complaint.sszBytes) == complaint)
        #expect(session.verdict(on: complaint, by: victim, about: bad) == .dealer(dealer))
    }

    @Test func `a complaint about a good share convicts its author`() throws {
        for (offset, member) in session.members.enumerated() where member != victim {
            let complaint = complaint(by: offset, about: bad)
            #expect(session.verdict(on: complaint, by: member, about: bad) == .accuser(member))
        }
        let good = try world.checked()[1]
        let complaint = complaint(by: 2, about: good)
        #expect(session.verdict(on: complaint, by: victim, about: good) == .accuser(victim))
    }

    @Test func `a false point or proof convicts its author`() throws {
        let honest = complaint(by: 2, about: bad)
        func verdict(_ change: (inout G1Complaint) -> Void) -> G1ComplaintVerdict? {
            var complaint = honest
            change(&complaint)
            return session.verdict(on: complaint, by: victim, about: bad)
        }
        #expect(verdict { $0.sharedPoint = G1.generator.compressed } == .accuser(victim))
        #expect(verdict { $0.sharedPoint = G1.identity.compressed } == .accuser(victim))
        #expect(verdict { $0.sharedPoint = G1Bytes() } == .accuser(victim))
        for byte in [0, 15, 31] {
            #expect(verdict { $0.proof.challenge[byte] ^= 1 } == .accuser(victim))
            #expect(verdict { $0.proof.response[byte] ^= 1 } == .accuser(victim))
        }
        #expect(
            verdict {
                $0.sharedPoint = G1.identity.compressed
                $0.proof = G1EqualityProof(challenge: FrBytes(), response: FrBytes())
            } == .accuser(victim)
        )
        // A valid proof of another key's secret.
        var random = RepeatableRandom(seed: 8)
        let stranger = G1EncryptionKey(random: &random)
        let forged = session.complaint(about: bad, with: stranger, as: victim, random: &random)
        #expect(session.verdict(on: forged, by: victim, about: bad) == .accuser(victim))
    }

    @Test func `a complaint serves its author, dealer and session alone`() throws {
        let honest = complaint(by: 2, about: bad)
        let other = session.members[3]
        #expect(session.verdict(on: honest, by: other, about: bad) == .accuser(other))
        #expect(session.verdict(on: honest, by: try #require(ShareIndex(61)), about: bad) == nil)
        #expect(session.verdict(on: honest, by: victim, about: try world.checked()[0]) == nil)
        var elsewhere = honest
        elsewhere.session[0] ^= 1
        #expect(session.verdict(on: elsewhere, by: victim, about: bad) == nil)
    }

    @Test func `a proof does not repeat its nonce`() {
        let (first, second) = (complaint(by: 2, about: bad), complaint(by: 2, about: bad, seed: 6))
        #expect(first.sharedPoint == second.sharedPoint)
        #expect(first.proof != second.proof)
        // Even when the generator repeats itself, another statement gets another nonce.
        #expect(complaint(by: 3, about: bad).proof.response != first.proof.response)
    }
}
