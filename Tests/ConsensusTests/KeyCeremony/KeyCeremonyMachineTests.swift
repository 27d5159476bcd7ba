import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct KeyCeremonyMachineTests {
    @Test func `orders nothing before the own log is replayed`() {
        var bench = CeremonyBench()
        #expect(bench.deals(by: bench.others).isEmpty)
        #expect(bench.machine.status.phase == .replaying)
        #expect(bench.feed(.started).compactMap(\.plan) == [bench.plan])
    }

    @Test func `deals once, and not at all when its log holds a deal`() {
        var bench = CeremonyBench()
        #expect(bench.feed(.started).compactMap(\.plan).count == 1)
        #expect(bench.feed(.started).isEmpty)
        let deal = bench.deal(by: bench.member)
        #expect(bench.feed(.dealt(deal)).compactMap { $0.body(.deal) } == [deal.sszBytes])
        var restarted = CeremonyBench()
        #expect(restarted.deals(by: [restarted.member]).isEmpty)
        #expect(restarted.feed(.started).compactMap(\.plan).isEmpty)
        #expect(restarted.feed(.dealt(bench.deal(by: bench.member, number: 2))).isEmpty)
    }

    @Test func `opens its share when all deals are there, in the plan's order`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        let actions = bench.deals(by: [3, 1, 4, 2].map { MemberIndex($0) })
        let openings = actions.compactMap(\.opening)
        #expect(openings.map { $0.deals.map(\.dealer) } == [bench.plan.dealers.elements])
        #expect(openings.first?.session == bench.session)
    }

    @Test func `confirms only after its share is found sound, and once`() throws {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: bench.cast.committee.indices)
        let order = try #require(bench.feed(.shareOpened(bench.session)).first?.approval)
        #expect(bench.feed(.shareOpened(bench.session)).isEmpty)
        let approval = FixedBytes<ByteTag.Signature, 64>([UInt8](repeating: 7, count: 64))!
        let bodies = bench.feed(.approved(bench.session, approval)).compactMap { $0.body(.confirm) }
        let confirm = Confirm(
            session: bench.session,
            transcript: order.statement.transcript,
            approval: approval
        )
        #expect(bodies == [confirm.sszBytes])
    }

    @Test
    func `a confirmation in the own log is not repeated after a restart, though the share is opened again`() {
        var first = CeremonyBench()
        let statement = first.confirmOwn()
        var bench = CeremonyBench()
        _ = bench.deals(by: [bench.member])
        _ = bench.entry(by: bench.member, .confirm, bench.confirm(by: bench.member, statement))
        _ = bench.feed(.started)
        #expect(bench.deals(by: bench.others).compactMap(\.opening).count == 1)
        #expect(bench.feed(.shareOpened(bench.session)).compactMap(\.approval).isEmpty)
    }

    @Test func `complains about bad shares, naming the deal, and does not confirm`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: bench.cast.committee.indices)
        let dealer = MemberIndex(3)
        let complaint = HashCeremony.complaint(about: dealer, in: bench.session, by: bench.member)
        let actions = bench.feed(.shareFaulty(bench.session, [complaint]))
        let grievance = Grievance(deal: bench.deal(by: dealer).digest, complaint: complaint)
        #expect(actions.compactMap { $0.body(.complaint) } == [grievance.sszBytes])
        #expect(actions.compactMap(\.approval).isEmpty)
        #expect(bench.feed(.shareFaulty(bench.session, [complaint])).isEmpty)
    }

    @Test func `names the missing dealers when their time is over, once, and never itself`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: [MemberIndex(1)])
        #expect(bench.machine.nextDeadline == Instant(sinceStart: .seconds(10)))
        #expect(bench.expire(after: 9).isEmpty)
        #expect(bench.expire(after: 10).compactMap { $0.body(.absent) } == [bench.absent(3, 4)])
        #expect(bench.expire(after: 11).isEmpty)
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test func `all confirmations make a certificate at once`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        var certificates: [KeyCertificate] = []
        for member in bench.others {
            #expect(certificates.isEmpty)
            certificates += bench.entry(by: member, .confirm, bench.confirm(by: member, statement))
                .compactMap(\.certificate)
        }
        #expect(certificates.map { $0.approvals.map(\.member) } == [bench.cast.committee.indices])
        #expect(bench.machine.status.phase == .certified)
    }

    @Test func `a quorum of confirmations makes a certificate only when the others have had their time`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        for member in bench.others.dropLast() {
            let actions = bench.entry(by: member, .confirm, bench.confirm(by: member, statement))
            #expect(actions.compactMap(\.certificate).isEmpty)
        }
        #expect(bench.machine.status.awaited == [MemberIndex(4)])
        #expect(bench.machine.nextDeadline == Instant(sinceStart: .seconds(20)))
        #expect(bench.expire(after: 19).isEmpty)
        #expect(bench.expire(after: 20).compactMap(\.certificate).map { $0.approvals.count } == [3])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test func `fewer than a quorum make no certificate at any time`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        _ = bench.entry(by: MemberIndex(1), .confirm, bench.confirm(by: MemberIndex(1), statement))
        #expect(bench.expire(after: 500).isEmpty)
    }

    @Test func `confirmations count only with their account's approval, and for this node's outcome`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        let borrowed = bench.confirm(by: MemberIndex(3), statement)
        let actions = bench.entry(by: MemberIndex(1), .confirm, borrowed)
        #expect(actions.compactMap(\.offence) == [.badApproval])
        var other = statement
        other.transcript = Digest()
        #expect(bench.entry(by: MemberIndex(4), .confirm, bench.confirm(by: MemberIndex(4), other)).isEmpty)
        _ = bench.entry(by: MemberIndex(3), .confirm, borrowed)
        #expect(bench.expire(after: 500).isEmpty)
    }

    @Test func `confirmations that come before the deals count afterwards`() {
        var first = CeremonyBench()
        let statement = first.confirmOwn()
        var bench = CeremonyBench()
        for member in bench.others {
            _ = bench.entry(by: member, .confirm, bench.confirm(by: member, statement))
        }
        _ = bench.feed(.started)
        _ = bench.deals(by: bench.cast.committee.indices)
        _ = bench.feed(.shareOpened(bench.session))
        let body = bench.confirm(by: bench.member, statement)
        #expect(bench.entry(by: bench.member, .confirm, body).compactMap(\.certificate).count == 1)
    }

    @Test func `entries that are no statements of their topic are their author's offence`() {
        var bench = CeremonyBench()
        for topic in [LogTopic.confirm, .complaint, .absent, .proposal] {
            #expect(bench.entry(by: MemberIndex(1), topic, [1]).compactMap(\.offence) == [.malformed])
        }
        #expect(bench.entry(by: MemberIndex(1), .evidence, [1]).isEmpty)
    }

    @Test func `guilt known before the certificate prevents it, guilt known after withdraws it`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        for member in bench.others.dropLast() {
            _ = bench.entry(by: member, .confirm, bench.confirm(by: member, statement))
        }
        var late = bench
        let guilt = Conviction(epoch: Epoch(3), member: MemberIndex(1), crime: .forkedLog)
        _ = bench.feed(.convicted(guilt))
        #expect(bench.expire(after: 500).isEmpty)
        _ = late.expire(after: 20)
        #expect(late.feed(.convicted(guilt), after: 21).compactMap(\.withdrawn) == [statement.transcript])
        #expect(late.machine.status.phase == .failed)
    }

    @Test func `an offence that spoils no deal leaves the attempt alive and its author unawaited`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        for member in bench.others.dropLast() {
            _ = bench.entry(by: member, .confirm, bench.confirm(by: member, statement))
        }
        let guilt = Conviction(epoch: Epoch(3), member: MemberIndex(4), crime: .falseComplaint)
        #expect(bench.feed(.convicted(guilt)).compactMap(\.certificate).count == 1)
    }
}
