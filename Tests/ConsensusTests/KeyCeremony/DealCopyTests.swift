import Cryptography
import Primitives
import Testing

@testable import Consensus

/// Deals of the registered key that stand in forked logs.
@Suite struct DealCopyTests {
    private static func members(_ numbers: [Int]) -> [MemberIndex] { numbers.map { MemberIndex($0) } }

    /// The copies of the first deals of these dealers, and the transcript of the key that they are part of.
    private func copies(
        of dealers: [Int],
        _ plan: AttemptPlan? = nil,
        size: Int = 4
    ) throws -> (copies: [DealCopy], transcript: Digest) {
        let bench = CeremonyBench(1, size: size)
        let plan = plan ?? bench.plan
        var session = HashCeremonySession(plan: plan, committee: bench.cast.committee)
        let deals = plan.dealers.map { bench.deal(by: $0, plan) }
        for (dealer, deal) in zip(plan.dealers, deals) { try session.take(deal, from: dealer) }
        let transcript = KeyTranscript(
            session: session.id,
            deals: SSZList(deals.map(\.digest))!,
            coefficients: SSZList()
        )
        #expect(try session.outcome().transcript == transcript.digest)
        let copies = Self.members(dealers).map {
            DealCopy(plan: plan, transcript: transcript, deal: bench.deal(by: $0, plan))
        }
        return (copies, transcript.digest)
    }

    private func fork(_ member: Int) -> KeyCeremonyMachine.Event {
        let epoch = CeremonyBench().cast.committee.epoch
        return .convicted(Conviction(epoch: epoch, member: MemberIndex(member), crime: .forkedLog))
    }

    // MARK: Who lacks a deal

    @Test(arguments: [false, true])
    func `who lacks a deal of the registered key takes it from a copy, whatever the dealer's log holds`(
        hasOther: Bool
    ) throws {
        let (copies, transcript) = try copies(of: [3])
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: Self.members([1, 2, 4]))
        if hasOther {
            _ = bench.entry(by: MemberIndex(3), .deal, bench.deal(by: MemberIndex(3), number: 2).sszBytes)
            _ = bench.feed(.shareOpened(bench.session))
        }
        _ = bench.feed(fork(3))
        #expect(bench.feed(.registered(transcript: transcript)).compactMap(\.opening).isEmpty)
        let openings = bench.entry(by: MemberIndex(1), .dealCopy, copies[0].sszBytes).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [transcript])
        #expect(openings.first?.deals.map(\.deal) == bench.plan.dealers.map { bench.deal(by: $0) })
        let adopted = bench.feed(.shareOpened(bench.session)).compactMap(\.adopted)
        #expect(adopted.map(\.statement.transcript) == [transcript])
        #expect(adopted.map(\.hasShare) == [true])
    }

    @Test func `a copy that comes before the registration waits for it`() throws {
        let (copies, transcript) = try copies(of: [3])
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.entry(by: MemberIndex(1), .dealCopy, copies[0].sszBytes)
        #expect(bench.deals(by: Self.members([1, 2, 4])).compactMap(\.opening).isEmpty)
        let openings = bench.feed(.registered(transcript: transcript)).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [transcript])
    }

    @Test func `the deals of several forked logs are taken together, from whoever copied them`() throws {
        let (copies, transcript) = try copies(of: [3, 5], size: 7)
        var bench = CeremonyBench(2, size: 7)
        _ = bench.feed(.started)
        _ = bench.deals(by: Self.members([1, 2, 4, 6, 7]))
        _ = bench.entry(by: MemberIndex(5), .deal, bench.deal(by: MemberIndex(5), number: 9).sszBytes)
        _ = bench.feed(.registered(transcript: transcript))
        #expect(bench.entry(by: MemberIndex(1), .dealCopy, copies[0].sszBytes).compactMap(\.opening).isEmpty)
        let openings = bench.entry(by: MemberIndex(6), .dealCopy, copies[1].sszBytes).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [transcript])
    }

    @Test func `an attempt that only forked logs propose is learned from a copy`() throws {
        let plan = AttemptPlan(attempt: 1, dealers: SSZList(Self.members([1, 2, 4]))!)
        let (copies, transcript) = try copies(of: [1], plan)
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: Self.members([1, 2, 4]), plan)
        _ = bench.feed(.registered(transcript: transcript))
        let openings = bench.entry(by: MemberIndex(4), .dealCopy, copies[0].sszBytes).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [transcript])
    }

    @Test func `copies of what is not part of the registered key change nothing`() throws {
        let (copies, transcript) = try copies(of: [3])
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: Self.members([1, 2, 4]))
        _ = bench.feed(.registered(transcript: transcript))
        var other = copies[0]
        other.deal = bench.deal(by: MemberIndex(3), number: 2)
        let offences = bench.entry(by: MemberIndex(1), .dealCopy, other.sszBytes).compactMap(\.offence)
        #expect(offences == [.malformed])
        other.transcript.deals = SSZList(
            other.transcript.deals.elements.map { $0 == copies[0].deal.digest ? other.deal.digest : $0 }
        )!
        #expect(bench.entry(by: MemberIndex(1), .dealCopy, other.sszBytes).isEmpty)
        var misplanned = copies[0]
        misplanned.plan.attempt = 7
        #expect(bench.entry(by: MemberIndex(1), .dealCopy, misplanned.sszBytes).isEmpty)
        #expect(bench.machine.attempts.map(\.plan) == [bench.plan])
        let openings = bench.entry(by: MemberIndex(4), .dealCopy, copies[0].sszBytes).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [transcript])
    }

    @Test func `of one author only as many copies are kept as there can be liars`() throws {
        let (copies, transcript) = try copies(of: [1, 3, 4])
        var bench = CeremonyBench()
        for copy in copies { _ = bench.entry(by: MemberIndex(1), .dealCopy, copy.sszBytes) }
        #expect(bench.machine.copies[MemberIndex(1)]?.map(\.dealer) == [MemberIndex(4)])
        #expect(bench.machine.copies[MemberIndex(1)]?.map(\.transcript) == [transcript])
    }

    // MARK: Who has it

    /// A member that holds the key, and knows that member 3 has forked its log.
    private func holder(_ member: Int, forked: [Int] = [3]) throws -> (CeremonyBench, Digest) {
        var bench = CeremonyBench(member)
        let transcript = bench.confirmOwn().transcript
        _ = bench.feed(.registered(transcript: transcript))
        for member in forked { _ = bench.feed(fork(member), after: 100) }
        return (bench, transcript)
    }

    @Test func `the first member copies a deal of the registered key as soon as its log is forked, and once`()
        throws
    {
        var bench = CeremonyBench(1)
        let transcript = bench.confirmOwn().transcript
        #expect(bench.feed(fork(3)).compactMap { $0.body(.dealCopy) }.isEmpty)
        let (copies, expected) = try copies(of: [3])
        #expect(transcript == expected)
        let bodies = bench.feed(.registered(transcript: transcript)).compactMap { $0.body(.dealCopy) }
        #expect(bodies == copies.map(\.sszBytes))
        #expect(bench.expire(after: 500).isEmpty)
    }

    @Test func `nothing is copied while no log is forked`() throws {
        var (bench, _) = try holder(1, forked: [])
        #expect(bench.machine.nextDeadline == nil)
        #expect(bench.expire(after: 500).isEmpty)
    }

    @Test func `the next copies when the first has not after a while`() throws {
        var (bench, _) = try holder(2)
        #expect(bench.machine.nextDeadline == Instant(sinceStart: .seconds(101)))
        #expect(bench.expire(after: 100).isEmpty)
        #expect(bench.expire(after: 101).compactMap { $0.body(.dealCopy) }.count == 1)
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test func `nobody copies what stands in an honest log, until that is forked too`() throws {
        var (bench, _) = try holder(4)
        let (copies, _) = try copies(of: [3])
        _ = bench.entry(by: MemberIndex(2), .dealCopy, copies[0].sszBytes, after: 100)
        #expect(bench.machine.nextDeadline == nil)
        #expect(bench.expire(after: 500).isEmpty)
        _ = bench.feed(fork(2), after: 600)
        let bodies = bench.expire(after: 601).compactMap { $0.body(.dealCopy) }
        #expect(bodies.count == 2)
    }

    @Test func `a copy of another plan is no copy`() throws {
        var (bench, _) = try holder(4)
        var (copies, _) = try copies(of: [3])
        copies[0].plan.attempt = 3
        _ = bench.entry(by: MemberIndex(2), .dealCopy, copies[0].sszBytes, after: 100)
        #expect(bench.expire(after: 500).compactMap { $0.body(.dealCopy) }.count == 1)
    }

    @Test func `a copy in the own log is not repeated after a restart`() throws {
        let (copies, transcript) = try copies(of: [3])
        var bench = CeremonyBench(1)
        _ = bench.entry(by: bench.member, .dealCopy, copies[0].sszBytes)
        #expect(bench.confirmOwn().transcript == transcript)
        _ = bench.feed(fork(3))
        #expect(bench.feed(.registered(transcript: transcript)).compactMap { $0.body(.dealCopy) }.isEmpty)
        #expect(bench.expire(after: 500).isEmpty)
    }

    @Test func `who stands convicted of a forked log itself copies nothing`() throws {
        var (bench, _) = try holder(2, forked: [2, 3])
        #expect(bench.expire(after: 500).compactMap { $0.body(.dealCopy) }.isEmpty)
    }
}
