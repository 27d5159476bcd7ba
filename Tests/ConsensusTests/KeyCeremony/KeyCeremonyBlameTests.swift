import Consensus
import Cryptography
import Primitives
import Testing

@Suite struct KeyCeremonyBlameTests {
    private let dealer = MemberIndex(3)

    @Test func `a second deal convicts, the same deal again does not`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        #expect(bench.deals(by: [dealer, dealer]).isEmpty)
        let second = bench.deal(by: dealer, number: 2).sszBytes
        guard case .twoDeals? = bench.entry(by: dealer, .deal, second).first?.evidence else {
            Issue.record("not convicted")
            return
        }
        #expect(bench.entry(by: dealer, .deal, second).isEmpty)
        #expect(bench.machine.status.phase == .failed)
        #expect(bench.machine.status.guilty == [dealer])
    }

    @Test func `a deal from a member that is no dealer is nobody's concern`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.entry(by: dealer, .deal, [1])
        let view = bench.view(of: MemberIndex(1))
        let proposal = bench.proposal(in: view, 1, guilty: [3])
        _ = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes)
        let actions = bench.entry(by: dealer, .deal, bench.deal(by: dealer, proposal.plan).sszBytes)
        #expect(actions.isEmpty)
    }

    @Test func `a complaint is decided when its deal has come, whichever comes first`() {
        var spoiled = CeremonyBench().deal(by: dealer)
        var shares = spoiled.encryptedShares.elements
        shares[0] = (Scalar(shares[0])! + .one).bytes
        spoiled.encryptedShares = SSZList(shares)!
        let accuser = MemberIndex(1)
        let complaint = HashCeremony.complaint(about: dealer, in: spoiled.session, by: accuser)
        let grievance = Grievance(deal: spoiled.digest, complaint: complaint)
        for dealFirst in [true, false] {
            var bench = CeremonyBench()
            _ = bench.feed(.started)
            var actions: [KeyCeremonyMachine.Action] = []
            if dealFirst { actions += bench.entry(by: dealer, .deal, spoiled.sszBytes) }
            actions += bench.entry(by: accuser, .complaint, grievance.sszBytes)
            if !dealFirst { actions += bench.entry(by: dealer, .deal, spoiled.sszBytes) }
            guard case .dispute? = actions.compactMap(\.evidence).first else {
                Issue.record("not decided")
                continue
            }
            #expect(bench.machine.status.guilty == [dealer])
        }
    }

    @Test func `a complaint about another deal of the dealer than the one held is not decided`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: [dealer])
        let accuser = MemberIndex(1)
        let complaint = HashCeremony.complaint(about: dealer, in: bench.session, by: accuser)
        let grievance = Grievance(deal: bench.deal(by: dealer, number: 2).digest, complaint: complaint)
        #expect(bench.entry(by: accuser, .complaint, grievance.sszBytes).isEmpty)
        #expect(bench.machine.status.guilty.isEmpty)
    }

    @Test func `a false complaint convicts its author and leaves the attempt alive`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.deals(by: bench.cast.committee.indices)
        let liar = MemberIndex(4)
        let complaint = HashCeremony.complaint(about: dealer, in: bench.session, by: liar)
        let grievance = Grievance(deal: bench.deal(by: dealer).digest, complaint: complaint)
        #expect(bench.entry(by: liar, .complaint, grievance.sszBytes).compactMap(\.evidence).count == 1)
        #expect(bench.machine.status.guilty == [liar])
        #expect(bench.machine.status.phase == .confirming)
    }

    @Test func `two outcomes confirmed by one member convict it`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        var other = statement
        other.transcript = Digest()
        _ = bench.entry(by: dealer, .confirm, bench.confirm(by: dealer, statement))
        #expect(bench.entry(by: dealer, .confirm, bench.confirm(by: dealer, statement)).isEmpty)
        let actions = bench.entry(by: dealer, .confirm, bench.confirm(by: dealer, other))
        guard case .twoConfirms? = actions.compactMap(\.evidence).first else {
            Issue.record("not convicted")
            return
        }
    }

    @Test func `evidence of another epoch changes nothing`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.feed(.convicted(Conviction(epoch: Epoch(2), member: dealer, crime: .badDeal)))
        #expect(bench.machine.status.guilty.isEmpty)
    }
}

@Suite struct KeyCeremonyChainTests {
    @Test func `the registered key is adopted with its share, and secrets go only when it is final`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        let adopted = bench.feed(.registered(transcript: statement.transcript)).compactMap(\.adopted)
        #expect(adopted.map(\.statement) == [statement])
        #expect(adopted.first?.hasShare == true)
        #expect(bench.machine.status.phase == .registered)
        #expect(bench.machine.nextDeadline == nil)
        #expect(bench.feed(.registrationFinal).compactMap(\.kept) == [statement.transcript])
        #expect(bench.feed(.registrationFinal).isEmpty)
    }

    @Test func `a registration that is taken back is not final and may come again`() {
        var bench = CeremonyBench()
        let statement = bench.confirmOwn()
        _ = bench.feed(.registered(transcript: statement.transcript))
        _ = bench.feed(.unregistered)
        #expect(bench.feed(.registrationFinal).isEmpty)
        #expect(bench.feed(.registered(transcript: statement.transcript)).compactMap(\.adopted).count == 1)
    }

    @Test func `a key registered elsewhere is learned when its deals come`() {
        var first = CeremonyBench()
        let statement = first.confirmOwn()
        var bench = CeremonyBench()
        _ = bench.feed(.registered(transcript: statement.transcript))
        #expect(bench.feed(.started).isEmpty)
        #expect(bench.machine.status.phase == .learning)
        let openings = bench.deals(by: bench.cast.committee.indices).compactMap(\.opening)
        #expect(openings.map(\.transcript) == [statement.transcript])
        let actions = bench.feed(.shareOpened(bench.session))
        #expect(actions.compactMap(\.adopted).first?.hasShare == true)
        #expect(actions.compactMap(\.approval).isEmpty)
    }

    @Test func `a key registered from a dead attempt is adopted all the same`() {
        var first = CeremonyBench()
        let statement = first.confirmOwn()
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        _ = bench.feed(.convicted(Conviction(epoch: Epoch(3), member: MemberIndex(1), crime: .twoDeals)))
        #expect(bench.deals(by: bench.cast.committee.indices).compactMap(\.opening).isEmpty)
        let actions = bench.feed(.registered(transcript: statement.transcript))
        #expect(actions.compactMap(\.opening).count == 1)
        #expect(bench.feed(.shareOpened(bench.session)).compactMap(\.adopted).count == 1)
    }

    @Test func `a member whose share is bad adopts the key without one`() {
        var first = CeremonyBench()
        let statement = first.confirmOwn()
        var bench = CeremonyBench()
        _ = bench.feed(.registered(transcript: statement.transcript))
        _ = bench.feed(.started)
        _ = bench.deals(by: bench.cast.committee.indices)
        let complaint = HashCeremony.complaint(about: MemberIndex(3), in: bench.session, by: bench.member)
        let actions = bench.feed(.shareFaulty(bench.session, [complaint]))
        #expect(actions.compactMap(\.adopted).first?.hasShare == false)
        #expect(actions.compactMap { $0.body(.complaint) }.count == 1)
    }
}
