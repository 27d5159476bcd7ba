import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct CeremonyEvidenceTests {
    private let bench = EvidenceBench()
    private var cast: Cast { bench.cast }
    private let dealer = MemberIndex(2)
    private let accuser = MemberIndex(3)

    private func entry(_ deal: Deal, at place: UInt64 = 1) -> SignedObject {
        cast.entry(by: dealer, .deal, deal.sszBytes, at: place)
    }

    private func entry(_ grievance: Grievance) -> SignedObject {
        cast.entry(by: accuser, .complaint, grievance.sszBytes)
    }

    private func dispute(_ deal: Deal, _ grievance: Grievance) -> Evidence {
        .dispute(Dispute(plan: bench.plan, deal: entry(deal), complaint: entry(grievance)))
    }

    @Test func `a deal with an invalid proof, or of another degree, convicts its dealer`() {
        var proofless = bench.deal(by: dealer)
        proofless.constantProof[3] ^= 1
        var low = bench.deal(by: dealer)
        low.commitments = SSZList(Array(low.commitments.elements.dropLast()))!
        for deal in [proofless, low] {
            let proof = Evidence.badDeal(BadDeal(plan: bench.plan, deal: entry(deal)))
            bench.expectGuilty(proof, dealer, .badDeal)
        }
    }

    @Test func `a log entry that is called a deal and is none convicts its author`() {
        let object = cast.entry(by: dealer, .deal, [1, 2, 3])
        bench.expectGuilty(.badDeal(BadDeal(plan: bench.plan, deal: object)), dealer, .badDeal)
    }

    @Test func `a valid deal, a deal of another attempt and one without a signature convict nobody`() {
        let good = bench.deal(by: dealer)
        bench.expectUnfounded(.badDeal(BadDeal(plan: bench.plan, deal: entry(good))))
        var other = bench.plan
        other.attempt = 1
        bench.expectUnfounded(.badDeal(BadDeal(plan: other, deal: entry(good))))
        var broken = good
        broken.constantProof[3] ^= 1
        bench.expectUnfounded(.badDeal(BadDeal(plan: other, deal: entry(broken))))
        var forged = entry(broken)
        forged.signature[0] ^= 1
        bench.expectUnfounded(.badDeal(BadDeal(plan: bench.plan, deal: forged)))
        let confirm = cast.entry(by: dealer, .confirm, [1, 2, 3])
        bench.expectUnfounded(.badDeal(BadDeal(plan: bench.plan, deal: confirm)))
    }

    @Test func `a member that is no dealer of the plan is not convicted for its deal`() {
        let rest = AttemptPlan(attempt: 1, dealers: SSZList([1, 3, 4].map { MemberIndex($0) })!)
        var deal = HashCeremony.deal(rest, by: dealer, number: 1, in: cast.committee)
        deal.constantProof[3] ^= 1
        bench.expectUnfounded(.badDeal(BadDeal(plan: rest, deal: entry(deal))))
    }

    @Test func `two deals of one attempt convict, the same deal twice does not`() {
        let first = bench.deal(by: dealer, number: 1)
        let second = bench.deal(by: dealer, number: 2)
        let proof = TwoEntries(first: entry(first), second: entry(second, at: 2))
        bench.expectGuilty(.twoDeals(proof), dealer, .twoDeals)
        bench.expectUnfounded(.twoDeals(TwoEntries(first: entry(first), second: entry(first, at: 2))))
        let rest = AttemptPlan(attempt: 1, dealers: bench.plan.dealers)
        let later = HashCeremony.deal(rest, by: dealer, number: 2, in: cast.committee)
        bench.expectUnfounded(.twoDeals(TwoEntries(first: entry(first), second: entry(later, at: 2))))
        let other = cast.entry(by: MemberIndex(1), .deal, second.sszBytes)
        bench.expectUnfounded(.twoDeals(TwoEntries(first: entry(first), second: other)))
        bench.expectUnfounded(.twoConfirms(proof))
    }

    @Test func `a true complaint convicts the dealer, a false one its author`() {
        let bad = bench.spoiledDeal(by: dealer, for: accuser)
        bench.expectGuilty(
            dispute(bad, bench.complaint(by: accuser, about: dealer, bad)),
            dealer,
            .badDealtShare
        )
        let good = bench.deal(by: dealer)
        let lie = bench.complaint(by: accuser, about: dealer, good)
        bench.expectGuilty(dispute(good, lie), accuser, .falseComplaint)
        var empty = bench.complaint(by: accuser, about: dealer, bad)
        empty.complaint.sharedPoint = CompressedPoint()
        bench.expectGuilty(dispute(bad, empty), accuser, .falseComplaint)
    }

    @Test func `nobody is convicted for words in a dispute that it has not signed`() {
        let bad = bench.spoiledDeal(by: dealer, for: accuser)
        let good = bench.deal(by: dealer)
        for deal in [bad, good] {
            let proof = dispute(deal, bench.complaint(by: accuser, about: dealer, deal))
            guard case .dispute(var unsigned) = proof else { continue }
            unsigned.complaint.signature[5] ^= 1
            bench.expectUnfounded(.dispute(unsigned))
            guard case .dispute(var forged) = proof else { continue }
            forged.deal.signature[5] ^= 1
            bench.expectUnfounded(.dispute(forged))
        }
    }

    @Test func `a dealer cannot turn a complaint against its author by another deal`() {
        let bad = bench.spoiledDeal(by: dealer, for: accuser)
        let complaint = bench.complaint(by: accuser, about: dealer, bad)
        bench.expectUnfounded(dispute(bench.deal(by: dealer), complaint))
        bench.expectUnfounded(dispute(bench.deal(by: dealer, number: 2), complaint))
    }

    @Test func `a complaint about a deal that is invalid anyway convicts neither`() {
        var bad = bench.spoiledDeal(by: dealer, for: accuser)
        bad.constantProof[3] ^= 1
        bench.expectUnfounded(dispute(bad, bench.complaint(by: accuser, about: dealer, bad)))
    }

    @Test func `two outcomes of one attempt convict, one outcome twice does not`() {
        func entry(_ confirm: Confirm, at place: UInt64 = 1) -> SignedObject {
            cast.entry(by: dealer, .confirm, confirm.sszBytes, at: place)
        }
        let one = entry(bench.confirm(1))
        let proof = TwoEntries(first: one, second: entry(bench.confirm(2), at: 2))
        bench.expectGuilty(.twoConfirms(proof), dealer, .twoConfirms)
        bench.expectFragile(.twoConfirms(proof))
        var again = bench.confirm(1)
        again.approval[0] = 1
        bench.expectUnfounded(.twoConfirms(TwoEntries(first: one, second: entry(again, at: 2))))
        var other = bench.confirm(2)
        other.session = KeyGenerationID()
        bench.expectUnfounded(.twoConfirms(TwoEntries(first: one, second: entry(other, at: 2))))
    }

    @Test func `proofs about another epoch wait for another judge`() {
        var deal = entry(bench.deal(by: dealer))
        deal.object.epoch = Epoch(9)
        #expect(bench.judged(.badDeal(BadDeal(plan: bench.plan, deal: deal))) == .undecided)
        #expect(bench.judged(.twoDeals(TwoEntries(first: deal, second: deal))) == .undecided)
    }

    @Test func `an entry too large for a proof makes no record`() {
        let body = [UInt8](repeating: 1, count: 32_600)
        let object = cast.entry(by: dealer, .deal, body)
        #expect(EvidenceRecord(.badDeal(BadDeal(plan: bench.plan, deal: object))) == nil)
    }
}

@Suite struct EvidenceBookTests {
    private let bench = EvidenceBench()
    private let author = MemberIndex(2)

    private func twoWishes(_ payload: UInt8) -> Evidence {
        let first = bench.cast.object(by: author, .wish, [payload])
        let second = bench.cast.object(by: author, .wish, [payload + 1])
        return .twoObjects(TwoObjects(first, second)!)
    }

    @Test func `keeps one proof for each member and crime`() {
        var book = EvidenceBook(judge: bench.judge)
        let conviction = Conviction(epoch: Epoch(3), member: author, crime: .twoRegisters)
        #expect(book.add(twoWishes(1)) == .convicted(conviction))
        for payload in UInt8(2)...50 { #expect(book.add(twoWishes(payload)) == .known(conviction)) }
        #expect(book.convictions == [conviction])
        #expect(book.proof(of: conviction) == twoWishes(1))
        #expect(book.isConvicted(author))
        #expect(!book.isConvicted(MemberIndex(1)))
    }

    @Test func `decides bad shares when their key becomes known`() {
        var book = EvidenceBook(judge: bench.judge)
        let proof = Evidence.badShare(bench.badShare(by: author, error: 1))
        #expect(book.add(proof) == .waiting)
        #expect(book.add(proof) == .waiting)
        #expect(book.learn(HashKey(size: 4), transcript: Digest()).isEmpty)
        let convictions = book.learn(HashKey(size: 4), transcript: HashKey.transcript)
        #expect(convictions == [Conviction(epoch: Epoch(3), member: author, crime: .badShare)])
        #expect(book.learn(HashKey(size: 4), transcript: HashKey.transcript).isEmpty)
    }

    @Test func `lets the oldest of too many undecided proofs go`() {
        var book = EvidenceBook(judge: bench.judge)
        for error in 1...UInt64(EvidenceBook.waitingLimit) + 1 {
            let member = MemberIndex(error == 1 ? 1 : 2)
            _ = book.add(.badShare(bench.badShare(by: member, error: error)))
        }
        let convictions = book.learn(HashKey(size: 4), transcript: HashKey.transcript)
        #expect(convictions.map(\.member) == [author])
    }

    @Test func `what proves nothing leaves no trace`() {
        var book = EvidenceBook(judge: bench.judge)
        #expect(book.add(.badShare(bench.badShare(by: author, error: 0))) == .waiting)
        _ = book.learn(HashKey(size: 4), transcript: HashKey.transcript)
        #expect(book.add(.badShare(bench.badShare(by: author, error: 0))) == .unfounded)
        #expect(book.convictions.isEmpty)
    }
}
