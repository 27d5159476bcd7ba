import Primitives
import Testing

@testable import BLS12381
@testable import Cryptography

/// A key goes on to other holders, or to fresh shares of the same.
@Suite struct ResharingTests {
    private static let message: [UInt8] = [1, 2, 3]
    private static let old: [UInt64] = [60, 143, 144, 1 << 40]
    private static let new: [UInt64] = [5, 60, 61, 143, 200, 1 << 40, 1 << 63]
    private let world: KeyWorld
    private let key: PublicKey

    init() throws {
        world = try KeyWorld(3, Self.old)
        key = try world.transcript().key.publicKey
    }

    private func isKey(_ shares: [KeyShare]) throws -> Bool {
        try signature(Self.message, by: shares).isValid(for: Self.message, by: key)
    }

    @Test(arguments: [3, 4]) func `three of four become five of seven under one key`(dealers: Int) throws {
        let next = try KeyWorld(from: world, dealers: dealers, 5, to: Self.new)
        let transcript = try next.transcript()
        #expect(transcript.key.publicKey == key)
        #expect(transcript.key.threshold == 5)
        let shares = try next.shares()
        #expect(try isKey(Array(shares.prefix(5))))
        #expect(try isKey(Array(shares.suffix(5))))
        #expect(try !isKey(Array(shares.prefix(4))))
    }

    @Test func `old shares and new ones do not mix`() throws {
        let old = try world.shares()
        #expect(try isKey(Array(old.prefix(3))))
        let new = try KeyWorld(from: world, dealers: 4, 3, to: Self.old).shares()
        #expect(try isKey(Array(new.prefix(3))))
        for replaced in 0..<3 {
            var mixed = Array(new.prefix(3))
            mixed[replaced] = old[replaced]
            #expect(try !isKey(mixed))
        }
    }

    @Test func `a refreshed key is refreshed again`() throws {
        let first = try KeyWorld(from: world, dealers: 3, 3, to: Self.old, seed: 2)
        let second = try KeyWorld(from: first, dealers: 4, 3, to: Self.old, seed: 3)
        #expect(try second.transcript().key.publicKey == key)
        #expect(try isKey(Array(second.shares().suffix(3))))
        let shares = try [world, first, second].map { try $0.shares()[0].secretKey.publicKey }
        #expect(shares[0] != shares[1] && shares[1] != shares[2] && shares[0] != shares[2])
    }

    @Test func `a dealer that deals anything but its share is convicted`() throws {
        let next = try KeyWorld(from: world, dealers: 3, 3, to: Self.new)
        var random = RepeatableRandom(seed: 7)
        let dealer = next.session.terms.dealers[1]
        let polynomial = SecretPolynomial<G1Sharing>(coefficientCount: 3, random: &random)
        let deal = next.session.deal(polynomial, as: dealer, random: &random)
        #expect(next.fault(deal, from: 1) == .foreignConstant)
        // Another's share is not its own either.
        let stolen = SecretPolynomial<G1Sharing>(
            coefficientCount: 3,
            constant: try world.shares()[0].secretKey.scalar,
            random: &random
        )
        let copy = next.session.deal(stolen, as: dealer, random: &random)
        #expect(next.fault(copy, from: 1) == .foreignConstant)
    }

    @Test func `who has the wrong share does not deal`() throws {
        let next = try KeyWorld(from: world, dealers: 3, 3, to: Self.new)
        var random = RepeatableRandom(seed: 7)
        let (dealer, session) = (next.session.terms.dealers[0], next.session)
        let others = try world.shares()[1].secretKey.scalar
        #expect(throws: G1SharingError.previousShare(dealer)) {
            try session.deal(as: dealer, passingOn: others, random: &random)
        }
        #expect(throws: G1SharingError.previousShare(dealer)) {
            try session.deal(as: dealer, random: &random)
        }
        let fresh = world.session.members[0]
        #expect(throws: G1SharingError.previousShare(fresh)) {
            try world.session.deal(as: fresh, passingOn: others, random: &random)
        }
    }

    @Test func `the dealers' public shares have to make the key`() throws {
        let next = try KeyWorld(from: world, dealers: 3, 3, to: Self.new)
        func isRefused(_ change: (inout G1SharingTerms) -> Void) -> Bool {
            var terms = next.session.terms
            change(&terms)
            do throws(G1SharingError) {
                _ = try G1SharingSession(terms)
                return false
            } catch { return error == .resharing }
        }
        #expect(!isRefused { _ in })
        #expect(isRefused { $0.previous?.publicShares.swapAt(0, 1) })
        #expect(isRefused { $0.previous?.key = G1.generator.compressed })
        #expect(isRefused { $0.previous?.publicShares[1] = G1.identity.compressed })
        #expect(isRefused { $0.previous?.publicShares.removeLast() })
        // Two dealers are fewer than the old threshold, whatever they claim.
        #expect(
            isRefused {
                $0.dealers.removeLast()
                $0.previous?.publicShares.removeLast()
            }
        )
        #expect(
            isRefused {
                $0.dealers = []
                $0.previous?.publicShares = []
            }
        )
    }

    @Test func `a bad share of an old key is complained about like any`() throws {
        let next = try KeyWorld(from: world, dealers: 3, 3, to: Self.new)
        var deal = next.deals[2]
        var shares = deal.encryptedShares.elements
        shares[4] = (try #require(Fr(shares[4])) + .one).bytes
        deal.encryptedShares = try #require(SSZList(shares))
        var deals = try next.checked()
        let (dealer, victim) = (next.session.terms.dealers[2], next.session.members[4])
        deals[2] = try next.session.check(deal, from: dealer)
        let transcript = try next.session.transcript(of: deals)
        #expect(throws: G1ShareFault(dealers: [dealer])) {
            try next.session.share(from: deals, transcript: transcript, with: next.keys[4], as: victim)
        }
        var random = RepeatableRandom(seed: 3)
        let complaint = next.session.complaint(
            about: deals[2],
            with: next.keys[4],
            as: victim,
            random: &random
        )
        #expect(next.session.verdict(on: complaint, by: victim, about: deals[2]) == .dealer(dealer))
    }
}
