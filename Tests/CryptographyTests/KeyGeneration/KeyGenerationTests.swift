import Primitives
import Testing

@testable import Cryptography

@Suite struct KeyGenerationTests {
    @Test(arguments: [(1, 1), (3, 4), (5, 7), (7, 10)])
    func `gives every member a share of one key`(threshold: Int, size: Int) throws {
        var random = SeededRandom(UInt64(size))
        let generation = try TestGeneration(threshold: threshold, size: size, random: &random)
        let deals = try generation.checkedDeals()
        let transcript = try generation.session.transcript(of: deals)
        #expect(transcript.key.threshold == threshold)
        #expect(transcript.key.size == size)
        let shares = try generation.session.members.map { member in
            try generation.share(of: member, deals: deals, transcript: transcript)
        }
        let statement = StatementDigest(test: 1)
        let signature = try sign(statement, with: shares.suffix(threshold), transcript.key)
        #expect(transcript.key.publicKey.isValid(signature, of: statement))
    }

    @Test func `sixty-seven dealers serve a hundred members`() throws {
        var random = SeededRandom(67)
        let generation = try TestGeneration(threshold: 67, size: 100, dealers: 34...100, random: &random)
        let deals = try generation.checkedDeals()
        let transcript = try generation.session.transcript(of: deals)
        for member in [1, 100].map({ MemberIndex($0) }) {
            #expect(throws: Never.self) {
                try generation.share(of: member, deals: deals, transcript: transcript)
            }
        }
        #expect(generation.deals[0].sszBytes.count == 5_612)
    }

    @Test func `members that do not deal receive shares all the same`() throws {
        var random = SeededRandom(3)
        let generation = try TestGeneration(threshold: 3, size: 5, dealers: 2...4, random: &random)
        let deals = try generation.checkedDeals()
        let transcript = try generation.session.transcript(of: deals)
        let shares = try [1, 3, 5].map {
            try generation.share(of: MemberIndex($0), deals: deals, transcript: transcript)
        }
        let statement = StatementDigest(test: 1)
        let signature = try sign(statement, with: shares, transcript.key)
        #expect(transcript.key.publicKey.isValid(signature, of: statement))
        #expect(throws: KeyGenerationError.dealer(MemberIndex(1))) {
            try generation.session.deal(as: MemberIndex(1), random: &random)
        }
    }

    @Test func `the key is the sum of what all dealers contribute`() throws {
        var random = SeededRandom(4)
        let generation = try TestGeneration(threshold: 3, size: 4, random: &random)
        let transcript = try generation.session.transcript(of: generation.checkedDeals())
        let constants = generation.deals.compactMap { Point($0.commitments[0]) }
        #expect(GroupElement.sum(constants) == .point(transcript.key.publicKey.point))
    }

    @Test func `no deal may be missing, replaced, out of place or too many`() throws {
        var random = SeededRandom(5)
        let generation = try TestGeneration(threshold: 3, size: 4, random: &random)
        let other = try TestGeneration(threshold: 3, size: 4, attempt: 1, random: &random)
        let session = generation.session
        let deals = try generation.checkedDeals()
        #expect(throws: KeyGenerationError.missingDeal(MemberIndex(4))) {
            try session.transcript(of: Array(deals.dropLast()))
        }
        #expect(throws: KeyGenerationError.missingDeal(MemberIndex(1))) { try session.transcript(of: []) }
        #expect(throws: KeyGenerationError.missingDeal(MemberIndex(2))) {
            try session.transcript(of: [deals[0], deals[2], deals[1], deals[3]])
        }
        #expect(throws: KeyGenerationError.missingDeal(MemberIndex(2))) {
            try session.transcript(of: [deals[0], try other.checkedDeals()[1], deals[2], deals[3]])
        }
        #expect(throws: KeyGenerationError.surplusDeals(5)) { try session.transcript(of: deals + [deals[3]]) }
    }

    @Test func `another deal makes another transcript`() throws {
        var random = SeededRandom(6)
        let generation = try TestGeneration(threshold: 3, size: 4, random: &random)
        let session = generation.session
        var deals = try generation.checkedDeals()
        let first = try session.transcript(of: deals)
        #expect(try session.transcript(of: deals).digest == first.digest)
        let again = try session.deal(as: MemberIndex(3), random: &random)
        deals[2] = try session.check(again, from: MemberIndex(3))
        #expect(try session.transcript(of: deals).digest != first.digest)
    }

    @Test(arguments: 0..<3)
    func `coefficients that add up to the identity give no key`(degree: Int) throws {
        var random = SeededRandom(UInt64(degree))
        let generation = try TestGeneration(threshold: 3, size: 4, dealers: 1...3, random: &random)
        let session = generation.session
        let polynomials = (0..<2).map { _ in SecretPolynomial<Secp256k1>(coefficientCount: 3, random: &random)
        }
        var last = SecretPolynomial<Secp256k1>(coefficientCount: 3, random: &random).coefficients
        last[degree] = -(polynomials[0].coefficients[degree] + polynomials[1].coefficients[degree])
        let deals = try (polynomials + [SecretPolynomial<Secp256k1>(coefficients: last)]).enumerated().map {
            let dealer = MemberIndex($0 + 1)
            return try session.check(session.deal($1, as: dealer, random: &random), from: dealer)
        }
        #expect(throws: KeyGenerationError.vanishingCoefficient(degree)) {
            try session.transcript(of: deals)
        }
    }

    @Test func `terms make sense or make no session`() throws {
        var random = SeededRandom(7)
        let keys = (0..<4).map { _ in EncryptionKey(random: &random) }
        let good = TestGeneration.terms(threshold: 3, keys: keys)
        func fault(_ change: (inout KeyGenerationTerms) throws -> Void) throws -> KeyGenerationError? {
            var terms = good
            try change(&terms)
            do throws(KeyGenerationError) {
                _ = try KeyGenerationSession(terms)
                return nil
            } catch { return error }
        }
        func dealers(_ positions: [Int]) throws -> SSZList<MemberIndex, 128> {
            try #require(SSZList(positions.map { MemberIndex($0) }))
        }
        #expect(try fault { _ in } == nil)
        #expect(try fault { $0.threshold = 0 } == .threshold(0, members: 4))
        #expect(try fault { $0.threshold = 5 } == .threshold(5, members: 4))
        #expect(try fault { $0.dealers = try dealers([1, 4]) } == .tooFewDealers(2, threshold: 3))
        #expect(try fault { $0.dealers = try dealers([0, 1, 2]) } == .dealer(MemberIndex(0)))
        #expect(try fault { $0.dealers = try dealers([1, 2, 5]) } == .dealer(MemberIndex(5)))
        #expect(try fault { $0.dealers = try dealers([1, 3, 2]) } == .dealer(MemberIndex(2)))
        #expect(try fault { $0.dealers = try dealers([1, 2, 2]) } == .dealer(MemberIndex(2)))
        #expect(try fault { $0.previousKey = keys[0].publicKey } == .resharing)
        #expect(
            try fault { terms in
                var recipients = terms.recipients.elements
                recipients[2].encryptionKey = CompressedPoint()
                terms.recipients = try #require(SSZList(recipients))
            } == .invalidEncryptionKey(MemberIndex(3))
        )
    }

    @Test func `every term shows in the identifier`() throws {
        var random = SeededRandom(8)
        let keys = (0..<4).map { _ in EncryptionKey(random: &random) }
        let good = TestGeneration.terms(threshold: 3, keys: keys)
        var changed = [KeyGenerationTerms](repeating: good, count: 8)
        changed[0].deployment.chainId += 1
        changed[1].epoch = Epoch(2)
        changed[2].attempt = 1
        changed[3].threshold = 2
        changed[4].dealers = try #require(SSZList([1, 2, 3].map { MemberIndex($0) }))
        changed[5].previousKey = keys[0].publicKey
        changed[6].recipients = try #require(SSZList(good.recipients.elements.reversed()))
        #expect(Set(changed.map(\.id)).count == 8)
        #expect(changed[7].id == good.id)
    }
}
