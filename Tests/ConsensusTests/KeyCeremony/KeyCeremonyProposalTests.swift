import Cryptography
import Primitives
import Testing

@testable import Consensus

@Suite struct KeyCeremonyProposalTests {
    /// Attempt 0 has failed: member 3 has logged something else for a deal.
    private func failed(_ member: Int = 2) -> CeremonyBench {
        var bench = CeremonyBench(member)
        _ = bench.feed(.started)
        _ = bench.entry(by: MemberIndex(3), .deal, [1])
        return bench
    }

    @Test func `the leader proposes when the attempt has failed, once`() throws {
        var bench = failed()
        #expect(bench.feed(.enteredView(bench.view(of: MemberIndex(1)))).isEmpty)
        let view = bench.view(of: bench.member).advanced(by: 4)
        let bodies = bench.feed(.enteredView(view)).compactMap { $0.body(.proposal) }
        #expect(bodies == [bench.proposal(in: view, 1, guilty: [3]).sszBytes])
        #expect(bench.feed(.enteredView(view.advanced(by: 4))).isEmpty)
        let plans = bench.entry(by: bench.member, .proposal, try #require(bodies.first)).compactMap(\.plan)
        #expect(plans.map(\.attempt) == [1])
    }

    @Test func `a proposal in the own log is not repeated after a restart`() {
        var bench = CeremonyBench()
        let view = bench.view(of: bench.member)
        let body = bench.proposal(in: view, 1, guilty: [3]).sszBytes
        _ = bench.entry(by: bench.member, .proposal, body)
        _ = bench.entry(by: MemberIndex(3), .deal, [1])
        _ = bench.feed(.started)
        #expect(bench.feed(.enteredView(view)).compactMap { $0.body(.proposal) }.isEmpty)
    }

    @Test func `nobody proposes while an attempt may still succeed`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        #expect(bench.feed(.enteredView(bench.view(of: bench.member))).isEmpty)
        _ = bench.entry(by: MemberIndex(1), .absent, bench.absent(3))
        #expect(bench.entry(by: MemberIndex(4), .absent, bench.absent(3)).isEmpty)
    }

    @Test func `a quorum that misses a dealer makes the attempt fail, and leaves it out`() {
        var bench = CeremonyBench()
        let view = bench.view(of: bench.member)
        _ = bench.feed(.started)
        _ = bench.feed(.enteredView(view))
        for voter in [1, 4] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(3)) }
        let actions = bench.entry(by: bench.member, .absent, bench.absent(3))
        let proposal = bench.proposal(in: view, 1, absent: [3])
        #expect(actions.compactMap { $0.body(.proposal) } == [proposal.sszBytes])
    }

    @Test func `a bad share keeps nobody from dealing, since not all know the key that judges it`() {
        var bench = CeremonyBench()
        let view = bench.view(of: bench.member)
        _ = bench.feed(.started)
        _ = bench.feed(.enteredView(view))
        let conviction = Conviction(
            epoch: bench.cast.committee.epoch,
            member: MemberIndex(4),
            crime: .badShare
        )
        _ = bench.feed(.convicted(conviction))
        for voter in [1, 4] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(3)) }
        let actions = bench.entry(by: bench.member, .absent, bench.absent(3))
        let proposal = bench.proposal(in: view, 1, absent: [3])
        #expect(actions.compactMap { $0.body(.proposal) } == [proposal.sszBytes])
    }

    @Test func `a proposal waits until this node knows what it rests on`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        let view = bench.view(of: MemberIndex(1))
        let proposal = bench.proposal(in: view, 1, guilty: [3])
        #expect(bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes).isEmpty)
        let actions = bench.entry(by: MemberIndex(3), .deal, [1])
        #expect(actions.compactMap(\.plan) == [proposal.plan])
    }

    @Test func `a member whose late deal completes an attempt still joins the one proposed meanwhile`() {
        var bench = CeremonyBench()
        let others = bench.others
        _ = bench.feed(.started)
        _ = bench.deals(by: others)
        for voter in others { _ = bench.entry(by: voter, .absent, bench.absent(2)) }
        _ = bench.deals(by: [bench.member])
        let proposal = bench.proposal(in: bench.view(of: MemberIndex(1)), 1, absent: [2])
        _ = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes)
        let openings = bench.deals(by: others, proposal.plan).compactMap(\.opening)
        #expect(openings.map(\.plan) == [proposal.plan])
    }

    @Test
    func `what is found in an attempt whose dealer was convicted before it was read counts for the next`() {
        var bench = CeremonyBench(2, size: 7)
        _ = bench.feed(.started)
        for liar in [3, 4] { _ = bench.entry(by: MemberIndex(liar), .deal, [1]) }
        let view = bench.view(of: MemberIndex(1))
        // Its author had not read member 4's deal.
        let dead = bench.proposal(in: view, 1, guilty: [3])
        #expect(bench.entry(by: MemberIndex(1), .proposal, dead.sszBytes).compactMap(\.plan).isEmpty)
        let next = bench.proposal(in: view.advanced(by: 7), 2, guilty: [3, 4])
        #expect(bench.entry(by: MemberIndex(1), .proposal, next.sszBytes).compactMap(\.plan) == [next.plan])
    }

    @Test func `attempts that are dead from the beginning use up a bounded number of numbers`() {
        var bench = failed()
        let view = bench.view(of: MemberIndex(1))
        for number in 1...(KeyCeremonyMachine.gapLimit + 8) {
            let dead = bench.proposal(in: view, number)
            #expect(bench.entry(by: MemberIndex(1), .proposal, dead.sszBytes).compactMap(\.plan).isEmpty)
        }
        let own = bench.view(of: bench.member)
        let bodies = bench.feed(.enteredView(own)).compactMap { $0.body(.proposal) }
        let next = bench.proposal(in: own, KeyCeremonyMachine.gapLimit + 1, guilty: [3])
        #expect(bodies == [next.sszBytes])
    }

    @Test func `attempts that are dead from the beginning push out none that may yet end well`() {
        var bench = CeremonyBench(2, size: 7)
        _ = bench.feed(.started)
        _ = bench.entry(by: MemberIndex(3), .deal, [1])
        let view = bench.view(of: MemberIndex(1))
        let alive = bench.proposal(in: view, 1, guilty: [3])
        _ = bench.entry(by: MemberIndex(1), .proposal, alive.sszBytes)
        let punctual = alive.plan.dealers.filter { $0 != MemberIndex(4) }
        _ = bench.deals(by: punctual, alive.plan)
        for voter in punctual { _ = bench.entry(by: voter, .absent, bench.absent(4, in: alive.plan)) }
        for number in 2...(KeyCeremonyMachine.gapLimit + 8) {
            _ = bench.entry(by: MemberIndex(1), .proposal, bench.proposal(in: view, number).sszBytes)
        }
        let openings = bench.deals(by: [MemberIndex(4)], alive.plan).compactMap(\.opening)
        #expect(openings.map(\.plan) == [alive.plan])
    }

    @Test func `a guilty member passed off as absent, or an innocent one as guilty, is no reason`() {
        let bench = failed()
        let view = bench.view(of: MemberIndex(1))
        for proposal in [
            bench.proposal(in: view, 1, absent: [3]), bench.proposal(in: view, 1, guilty: [4]),
            bench.proposal(in: view, 1),
        ] {
            var bench = bench
            #expect(bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes).isEmpty)
        }
    }

    @Test func `a proposal needs the view's leader, enough dealers and every member once`() {
        var bench = failed()
        let view = bench.view(of: MemberIndex(1))
        var doubled = bench.proposal(in: view, 1, guilty: [3])
        doubled.absent = SSZList([MemberIndex(1)])!
        var disordered = bench.proposal(in: view, 1, guilty: [3])
        disordered.plan.dealers = SSZList(disordered.plan.dealers.elements.reversed())!
        let bad = [
            bench.proposal(in: bench.view(of: MemberIndex(4)), 1, guilty: [3]),
            bench.proposal(in: view, 1, guilty: [3, 4]), bench.proposal(in: view, 0, guilty: [3]),
            doubled, disordered,
        ]
        for proposal in bad {
            let actions = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes)
            #expect(actions.compactMap(\.offence) == [.badProposal])
        }
    }

    @Test func `entries about an attempt that is not known yet count when it is`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        let view = bench.view(of: MemberIndex(1))
        let proposal = bench.proposal(in: view, 1, guilty: [3])
        #expect(bench.deals(by: [MemberIndex(1), MemberIndex(4)], proposal.plan).isEmpty)
        _ = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes)
        _ = bench.entry(by: MemberIndex(3), .deal, [1])
        let actions = bench.deals(by: [bench.member], proposal.plan)
        #expect(actions.compactMap(\.opening).map { $0.plan.attempt } == [1])
    }

    @Test func `of entries about unknown attempts a bounded number waits`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        for number in 0..<200 {
            let plan = AttemptPlan(attempt: UInt16(number + 10), dealers: bench.plan.dealers)
            _ = bench.deals(by: [MemberIndex(1)], plan)
            _ = bench.entry(by: MemberIndex(1), .absent, bench.absent(3, in: plan))
        }
        let held = bench.machine.waitingCount(of: MemberIndex(1))
        #expect(held.deals == KeyCeremonyMachine.waitingDealLimit)
        #expect(held.all <= KeyCeremonyMachine.waitingLimit)
    }

    @Test func `phases double from attempt to attempt, up to the longest`() {
        var bench = failed()
        let proposal = bench.proposal(in: bench.view(of: MemberIndex(1)), 1, guilty: [3])
        _ = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes, after: 5)
        #expect(bench.machine.nextDeadline == Instant(sinceStart: .seconds(25)))
        let timing = CeremonyTiming(dealing: .seconds(10), longest: .seconds(60))
        #expect(timing.dealing(in: 3) == .seconds(60))
        #expect(timing.dealing(in: 65_535) == .seconds(60))
    }

    @Test func `with more guilty than the committee tolerates nobody proposes`() {
        var bench = failed()
        _ = bench.entry(by: MemberIndex(4), .deal, [1])
        #expect(bench.feed(.enteredView(bench.view(of: bench.member))).isEmpty)
        #expect(bench.machine.status.phase == .hopeless)
    }

    @Test func `who was absent returns when there are too few without it`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        for voter in [1, 2, 4] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(3)) }
        let second = bench.proposal(in: bench.view(of: MemberIndex(1)), 1, absent: [3])
        _ = bench.entry(by: MemberIndex(1), .proposal, second.sszBytes)
        _ = bench.entry(by: MemberIndex(4), .deal, [1])
        let view = bench.view(of: bench.member)
        let bodies = bench.feed(.enteredView(view)).compactMap { $0.body(.proposal) }
        #expect(bodies == [bench.proposal(in: view, 2, guilty: [4]).sszBytes])
    }

    // MARK: Proposals in logs that fork

    private func fork(_ member: Int, _ bench: inout CeremonyBench) -> [CeremonyBench.Action] {
        let epoch = bench.cast.committee.epoch
        return bench.feed(
            .convicted(Conviction(epoch: epoch, member: MemberIndex(member), crime: .forkedLog))
        )
    }

    @Test func `an attempt that only a forked log proposes is dead, until another log proposes it`() throws {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        for voter in [2, 3, 4] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(1)) }
        let without = bench.proposal(in: bench.view(of: MemberIndex(1)), 1, absent: [1])
        _ = bench.entry(by: MemberIndex(1), .proposal, without.sszBytes)
        #expect(bench.machine.status.phase == .dealing)
        _ = fork(1, &bench)
        #expect(bench.machine.status.phase == .failed)
        let again = Proposal(
            view: bench.view(of: MemberIndex(4)),
            plan: without.plan,
            guilty: SSZList([MemberIndex(1)])!,
            absent: SSZList()
        )
        _ = bench.entry(by: MemberIndex(4), .proposal, again.sszBytes)
        #expect(bench.machine.status.phase == .dealing)
    }

    @Test func `a key taken back when its proposer's log forked is endorsed when another proposes the same`()
        throws
    {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        for voter in [2, 3, 4] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(1)) }
        let proposal = bench.proposal(in: bench.view(of: MemberIndex(1)), 1, absent: [1])
        _ = bench.entry(by: MemberIndex(1), .proposal, proposal.sszBytes)
        let opening = bench.deals(by: proposal.plan.dealers.elements, proposal.plan).compactMap(\.opening)
        let session = try #require(opening.first).session
        let statement = try #require(bench.feed(.shareOpened(session)).compactMap(\.approval).first).statement
        let actions = [2, 3, 4].flatMap {
            let member = MemberIndex($0)
            return bench.entry(by: member, .confirm, bench.confirm(by: member, statement, proposal.plan))
        }
        #expect(actions.compactMap(\.certificate).count == 1)
        #expect(fork(1, &bench).compactMap(\.withdrawn) == [statement.transcript])
        let again = Proposal(
            view: bench.view(of: MemberIndex(4)),
            plan: proposal.plan,
            guilty: SSZList([MemberIndex(1)])!,
            absent: SSZList()
        )
        let endorsed = bench.entry(by: MemberIndex(4), .proposal, again.sszBytes)
        #expect(endorsed.compactMap(\.certificate).count == 1)
    }

    @Test func `a proposal after one that a forked log hides is accepted, within bounds`() {
        var bench = CeremonyBench()
        _ = bench.feed(.started)
        let view = bench.view(of: MemberIndex(1))
        let next = bench.proposal(in: view, 2, guilty: [4])
        #expect(bench.entry(by: MemberIndex(1), .proposal, next.sszBytes).compactMap(\.plan).isEmpty)
        #expect(fork(4, &bench).compactMap(\.plan) == [next.plan])
        var far = CeremonyBench()
        _ = far.feed(.started)
        _ = fork(4, &far)
        let limit = KeyCeremonyMachine.gapLimit
        let beyond = far.proposal(in: view, limit + 1, guilty: [4])
        #expect(far.entry(by: MemberIndex(1), .proposal, beyond.sszBytes).compactMap(\.plan).isEmpty)
        let last = far.proposal(in: view.advanced(by: 4), limit, guilty: [4])
        #expect(far.entry(by: MemberIndex(1), .proposal, last.sszBytes).compactMap(\.plan) == [last.plan])
    }

    @Test func `a leader whose own log is forked proposes nothing`() {
        var bench = failed()
        _ = fork(2, &bench)
        #expect(bench.feed(.enteredView(bench.view(of: bench.member))).isEmpty)
    }

    @Test func `numbers have no gaps while no log is forked`() {
        var bench = failed()
        let next = bench.proposal(in: bench.view(of: MemberIndex(1)), 2, guilty: [3])
        #expect(bench.entry(by: MemberIndex(1), .proposal, next.sszBytes).compactMap(\.plan).isEmpty)
    }

    @Test func `who has forked its log counts as having missed whom others have missed`() {
        var bench = CeremonyBench(2, size: 7)
        _ = bench.feed(.started)
        _ = bench.feed(.enteredView(bench.view(of: bench.member)))
        for voter in [1, 2, 4, 5] { _ = bench.entry(by: MemberIndex(voter), .absent, bench.absent(3)) }
        let actions = fork(7, &bench)
        let bodies = actions.compactMap { $0.body(.proposal) }
        let view = bench.view(of: bench.member)
        #expect(bodies == [bench.proposal(in: view, 1, guilty: [7], absent: [3]).sszBytes])
    }
}
