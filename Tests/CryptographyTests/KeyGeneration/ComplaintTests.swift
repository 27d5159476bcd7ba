import Primitives
import Testing

@testable import Cryptography

/// Who is at fault, and that nobody else can be made to look so.
@Suite struct ComplaintTests {
    private let generation: TestGeneration
    /// Dealer 2's deal with member 3's share wrong.
    private let bad: CheckedDeal
    private let good: CheckedDeal
    private var session: KeyGenerationSession { generation.session }
    private let dealer = MemberIndex(2)
    private let victim = MemberIndex(3)

    init() throws {
        var random = SeededRandom(1)
        generation = try TestGeneration(threshold: 3, size: 4, random: &random)
        good = try generation.session.check(generation.deals[1], from: MemberIndex(2))
        bad = try generation.session.check(
            Self.spoiled(generation.deals[1], for: [MemberIndex(3)]),
            from: MemberIndex(2)
        )
    }

    private static func spoiled(_ deal: Deal, for members: [MemberIndex]) throws -> Deal {
        var deal = deal
        var shares = deal.encryptedShares.elements
        for member in members {
            let share = try #require(Scalar(shares[member.offset]))
            shares[member.offset] = (share + .one).bytes
        }
        deal.encryptedShares = try #require(SSZList(shares))
        return deal
    }

    private func complaint(by member: MemberIndex, about deal: CheckedDeal, seed: UInt64 = 9) -> Complaint {
        var random = SeededRandom(seed)
        let key = generation.keys[member.offset]
        return session.complaint(about: deal, with: key, as: member, random: &random)
    }

    @Test func `a member finds out who dealt it bad shares`() throws {
        var deals = try generation.checkedDeals()
        let first = try Self.spoiled(generation.deals[0], for: [victim])
        deals[0] = try session.check(first, from: MemberIndex(1))
        deals[1] = bad
        let transcript = try session.transcript(of: deals)
        #expect(throws: ShareFault(dealers: [MemberIndex(1), dealer])) {
            try generation.share(of: victim, deals: deals, transcript: transcript)
        }
        // Others got good ones.
        #expect(throws: Never.self) {
            try generation.share(of: MemberIndex(4), deals: deals, transcript: transcript)
        }
    }

    @Test func `bad shares that cancel out harm nobody`() throws {
        var deals = try generation.checkedDeals()
        var other = generation.deals[0]
        var shares = other.encryptedShares.elements
        let share = try #require(Scalar(shares[victim.offset]))
        shares[victim.offset] = (share - .one).bytes
        other.encryptedShares = try #require(SSZList(shares))
        deals[0] = try session.check(other, from: MemberIndex(1))
        deals[1] = bad
        let transcript = try session.transcript(of: deals)
        #expect(throws: Never.self) {
            try generation.share(of: victim, deals: deals, transcript: transcript)
        }
    }

    @Test func `a just complaint convicts the dealer`() {
        let complaint = complaint(by: victim, about: bad)
        let verdict = session.verdict(on: complaint, by: victim, about: bad)
        #expect(verdict == .dealer(dealer))
        #expect(verdict?.guilty == dealer)
    }

    @Test func `a complaint about a good share convicts its author`() {
        for member in session.members {
            let complaint = complaint(by: member, about: good)
            let verdict = session.verdict(on: complaint, by: member, about: good)
            #expect(verdict == .accuser(member))
            #expect(verdict?.guilty == member)
        }
        // One bad share does not make the others' complaints just.
        let complaint = complaint(by: MemberIndex(4), about: bad)
        #expect(session.verdict(on: complaint, by: MemberIndex(4), about: bad) == .accuser(MemberIndex(4)))
    }

    @Test func `nobody can frame a dealer with a false shared point`() throws {
        var random = SeededRandom(2)
        for member in session.members {
            let honest = complaint(by: member, about: good)
            var framing = honest
            framing.sharedPoint = try #require(GroupElement.generator(times: random.scalar()).point)
                .compressed
            #expect(session.verdict(on: framing, by: member, about: good) == .accuser(member))
            // A valid proof, but for a secret that is not the registered key's.
            let stranger = SecretScalar(random: &random)
            framing.sharedPoint = DiffieHellman.published(stranger, good.ephemeralKey).compressed
            framing.proof = try proof(of: stranger, claimedBy: member)
            #expect(session.verdict(on: framing, by: member, about: good) == .accuser(member))
        }
    }

    /// A proof about a key that is not the registered one.
    private func proof(of secret: SecretScalar, claimedBy member: MemberIndex) throws -> EqualityProof {
        var random = SeededRandom(3)
        let statement = EqualityStatement<Secp256k1>(
            session: session.id,
            dealer: dealer,
            accuser: member,
            key: try #require(secret.publicElement.point),
            base: good.ephemeralKey,
            shared: DiffieHellman.published(secret, good.ephemeralKey)
        )
        let proof = statement.prove(secret, random: &random)
        #expect(statement.isProven(by: proof))
        return proof
    }

    @Test func `every flipped bit of a complaint spoils its proof`() {
        let honest = complaint(by: victim, about: bad)
        for bit in 0..<(33 * 8) {
            var changed = honest
            changed.sharedPoint[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(session.verdict(on: changed, by: victim, about: bad) == .accuser(victim))
        }
        for bit in 0..<256 {
            var challenge = honest
            challenge.proof.challenge[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(session.verdict(on: challenge, by: victim, about: bad) == .accuser(victim))
            var response = honest
            response.proof.response[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(session.verdict(on: response, by: victim, about: bad) == .accuser(victim))
        }
    }

    @Test func `numbers that are not canonical, zero or no points prove nothing`() throws {
        let honest = complaint(by: victim, about: bad)
        let order = try #require(
            ScalarBytes(hex: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
        )
        for scalar in [order, ScalarBytes()] {
            var challenge = honest
            challenge.proof.challenge = scalar
            #expect(session.verdict(on: challenge, by: victim, about: bad) == .accuser(victim))
            var response = honest
            response.proof.response = scalar
            #expect(session.verdict(on: response, by: victim, about: bad) == .accuser(victim))
        }
        var both = honest
        both.proof = EqualityProof(challenge: ScalarBytes(), response: ScalarBytes())
        both.sharedPoint = CompressedPoint()
        #expect(session.verdict(on: both, by: victim, about: bad) == .accuser(victim))
    }

    @Test func `a complaint serves its author, dealer and session alone`() throws {
        let honest = complaint(by: victim, about: bad)
        #expect(session.verdict(on: honest, by: MemberIndex(4), about: bad) == .accuser(MemberIndex(4)))
        let third = try session.check(generation.deals[2], from: MemberIndex(3))
        #expect(session.verdict(on: honest, by: victim, about: third) == nil)
        #expect(session.verdict(on: honest, by: MemberIndex(0), about: bad) == nil)
        #expect(session.verdict(on: honest, by: MemberIndex(5), about: bad) == nil)
        var elsewhere = honest
        elsewhere.session[0] ^= 1
        #expect(session.verdict(on: elsewhere, by: victim, about: bad) == nil)
        var redirected = honest
        redirected.dealer = MemberIndex(3)
        #expect(session.verdict(on: redirected, by: victim, about: third) == .accuser(victim))
    }

    @Test func `a complaint opens one share and no other`() throws {
        let complaint = complaint(by: victim, about: bad)
        let shared = try #require(Point(complaint.sharedPoint))
        for member in session.members where member != victim {
            let pad = session.sharePad(of: bad, for: member).pad(shared.compressed)
            let opened = bad.encryptedShares[member.offset] - pad
            #expect(
                GroupElement.generator(times: opened).point
                    != Secp256k1.value(of: bad.commitments, at: member)
            )
        }
        let pad = session.sharePad(of: good, for: victim).pad(shared.compressed)
        let opened = good.encryptedShares[victim.offset] - pad
        #expect(
            GroupElement.generator(times: opened).point == Secp256k1.value(of: good.commitments, at: victim)
        )
    }

    @Test func `proofs are hedged and do not repeat their nonce`() {
        let first = complaint(by: victim, about: bad, seed: 1)
        let second = complaint(by: victim, about: bad, seed: 2)
        #expect(first.proof != second.proof)
        #expect(first.sharedPoint == second.sharedPoint)
        // Even when the generator repeats itself, another statement gets another nonce.
        let other = complaint(by: MemberIndex(4), about: bad, seed: 1)
        #expect(other.proof.response != first.proof.response)
    }

    @Test func `has one encoding of 131 bytes`() throws {
        let complaint = complaint(by: victim, about: bad)
        #expect(complaint.sszBytes.count == 131)
        #expect(try Complaint(ssz: complaint.sszBytes) == complaint)
    }
}
