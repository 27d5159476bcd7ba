import Primitives
import Testing

@testable import Cryptography

@Suite struct DealTests {
    private let generation: TestGeneration
    private let deal: Deal
    private let dealer = MemberIndex(2)
    private var session: KeyGenerationSession { generation.session }

    init() throws {
        var random = SeededRandom(1)
        generation = try TestGeneration(threshold: 3, size: 4, random: &random)
        deal = generation.deals[1]
    }

    private func fault(_ deal: Deal, from dealer: MemberIndex = MemberIndex(2)) -> DealFault? {
        do throws(DealFault) {
            _ = try session.check(deal, from: dealer)
            return nil
        } catch { return error }
    }

    @Test func `has one encoding`() throws {
        #expect(fault(deal) == nil)
        #expect(try Deal(ssz: deal.sszBytes) == deal)
        #expect(deal.digest == SHA256.hash(deal.sszBytes))
    }

    @Test func `belongs to one session and to dealers of it`() throws {
        var random = SeededRandom(2)
        let other = try TestGeneration(threshold: 3, size: 4, random: &random)
        #expect(fault(other.deals[1]) == .foreignSession)
        #expect(fault(deal, from: MemberIndex(5)) == .notADealer(MemberIndex(5)))
        #expect(fault(deal, from: MemberIndex(0)) == .notADealer(MemberIndex(0)))
    }

    @Test func `a degree other than the threshold's is refused`() throws {
        var random = SeededRandom(3)
        for count in [1, 2, 4, 5] {
            let polynomial = SecretPolynomial<Secp256k1>(coefficientCount: count, random: &random)
            let wrong = session.deal(polynomial, as: dealer, random: &random)
            #expect(fault(wrong) == .commitmentCount(count, threshold: 3))
        }
        var none = deal
        none.commitments = SSZList()
        #expect(fault(none) == .commitmentCount(0, threshold: 3))
    }

    @Test func `each member has exactly one share`() throws {
        for count in [0, 3, 5] {
            var wrong = deal
            let shares = (0..<count).map { _ in ScalarBytes() }
            wrong.encryptedShares = try #require(SSZList(shares))
            #expect(fault(wrong) == .shareCount(count, members: 4))
        }
    }

    @Test func `commitments and keys are points, and none is the identity`() throws {
        for index in 0..<3 {
            var wrong = deal
            var commitments = deal.commitments.elements
            commitments[index] = CompressedPoint()
            wrong.commitments = try #require(SSZList(commitments))
            #expect(fault(wrong) == .invalidCommitment(index))
        }
        var wrong = deal
        wrong.ephemeralKey = CompressedPoint()
        #expect(fault(wrong) == .invalidEphemeralKey)
    }

    @Test func `encrypted shares are below the order`() throws {
        var wrong = deal
        var shares = deal.encryptedShares.elements
        shares[3] = try #require(ScalarBytes([UInt8](repeating: 0xFF, count: 32)))
        wrong.encryptedShares = try #require(SSZList(shares))
        #expect(fault(wrong) == .invalidShare(MemberIndex(4)))
    }

    @Test func `proofs of possession hold for their session, dealer and role alone`() throws {
        // The same secrets dealt by another, or in another attempt, need other proofs.
        #expect(fault(deal, from: MemberIndex(3)) == .invalidEphemeralProof)
        var random = SeededRandom(4)
        let keys = generation.keys
        var terms = TestGeneration.terms(threshold: 3, keys: keys)
        terms.attempt = 1
        let next = try KeyGenerationSession(terms)
        var replayed = deal
        replayed.session = next.id
        #expect(throws: DealFault.invalidEphemeralProof) { try next.check(replayed, from: dealer) }
        replayed.ephemeralKey = try next.deal(as: dealer, random: &random).ephemeralKey
        #expect(throws: DealFault.invalidEphemeralProof) { try next.check(replayed, from: dealer) }
        var exchanged = deal
        exchanged.ephemeralKey = deal.commitments[0]
        exchanged.ephemeralProof = deal.constantProof
        #expect(fault(exchanged) == .invalidEphemeralProof)
        var borrowed = deal
        borrowed.constantProof = generation.deals[0].constantProof
        #expect(fault(borrowed) == .invalidConstantProof)
    }

    @Test func `a dealer cannot copy another's ephemeral key`() throws {
        // Otherwise a complaint against the copy would publish the point that opens the honest dealer's share.
        var copy = deal
        copy.ephemeralKey = generation.deals[0].ephemeralKey
        #expect(fault(copy) == .invalidEphemeralProof)
        copy.ephemeralProof = generation.deals[0].ephemeralProof
        #expect(fault(copy) == .invalidEphemeralProof)
    }

    @Test func `a dealer cannot cancel the others' constant terms`() throws {
        // A_0 = T - (the others' sum) would make T, chosen by the dealer, the key; it has no proof for it.
        var random = SeededRandom(5)
        let target = GroupElement.generator(times: random.scalar())
        let others = GroupElement.sum([0, 2, 3].compactMap { Point(generation.deals[$0].commitments[0]) })
        let rogue = try #require((target + others * -Scalar.one).point)
        var wrong = deal
        var commitments = deal.commitments.elements
        commitments[0] = rogue.compressed
        wrong.commitments = try #require(SSZList(commitments))
        #expect(fault(wrong) == .invalidConstantProof)
    }

    @Test func `two deals of one dealer have nothing in common`() throws {
        var random = SeededRandom(6)
        let again = try session.deal(as: dealer, random: &random)
        #expect(again.ephemeralKey != deal.ephemeralKey)
        #expect(Set(again.commitments).isDisjoint(with: deal.commitments))
        #expect(Set(again.encryptedShares).isDisjoint(with: deal.encryptedShares))
    }

    @Test func `more than 128 commitments or shares do not decode`() throws {
        let tooMany = [UInt8](repeating: 2, count: 129 * 33)
        var bytes = Array(deal.sszBytes.prefix(201))
        bytes += tooMany
        // The second list begins behind the first.
        let offset = UInt32(201 + tooMany.count)
        for index in 0..<4 { bytes[197 + index] = UInt8(truncatingIfNeeded: offset >> UInt32(8 * index)) }
        #expect(throws: SSZError.limit(of: "List[Bytes33, 128]", count: 129)) { try Deal(ssz: bytes) }
    }
}
