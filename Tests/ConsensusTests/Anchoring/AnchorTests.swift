import Consensus
import Primitives
import Testing

/// Who submits what to the chain, and when.
@Suite struct AnchorTests {
    private static let committee = SimCommittee.make(size: 4)
    private static let stagger: Duration = .seconds(15)

    /// A machine for the member of a rank in view 5, and the time it lives in.
    private struct Bench {
        var machine: AnchorMachine
        var now = Instant.start
        var actions: [AnchorMachine.Action] = []

        init(rank: Int, view: View = View(5)) {
            let member = committee.indices.first { committee.rank(of: $0, in: view) == rank }!
            machine = AnchorMachine(
                AnchorMachine.Setting(committee: committee, member: member, stagger: stagger)
            )
        }

        mutating func feed(_ event: AnchorMachine.Event) { actions += machine.handle(event, at: now) }

        mutating func advance(by span: Duration) {
            let end = now.advanced(by: span)
            while let deadline = machine.nextDeadline, deadline <= end {
                now = max(now, deadline)
                actions += machine.expired(at: now)
            }
            now = end
        }

        var submissions: [ChainStatement.Key] {
            actions.compactMap { if case .submit(let statement) = $0 { statement.key } else { nil } }
        }
    }

    private func election(_ view: UInt64) -> ChainStatement {
        .election(
            ElectionCertificate(
                epoch: Epoch(1),
                view: View(view),
                leader: Self.committee.leader(of: View(view)),
                signature: GroupSignature()
            )
        )
    }

    @Test func `an election signed by another key takes the place of one that is not on chain`() {
        let leader = Self.committee.leader(of: View(5))
        func election(_ byte: UInt8) -> ChainStatement {
            let signature = GroupSignature([UInt8](repeating: byte, count: 65))!
            return .election(
                ElectionCertificate(epoch: Epoch(1), view: View(5), leader: leader, signature: signature)
            )
        }
        var bench = Bench(rank: 0)
        bench.feed(.proven(election(1)))
        bench.feed(.proven(election(1)))
        #expect(bench.actions == [.submit(election(1))])
        bench.feed(.proven(election(2)))
        #expect(bench.actions.dropFirst() == [.cancel(election(1).key), .submit(election(2))])
        bench.feed(.included(election(2).key))
        bench.feed(.proven(election(3)))
        #expect(bench.actions.count == 3)
    }

    private let groupKey = ChainStatement.groupKey(epoch: Epoch(1), transcript: Digest())

    @Test(arguments: 0..<4)
    func `each rank submits after as many staggers`(rank: Int) {
        var bench = Bench(rank: rank)
        bench.feed(.proven(election(5)))
        if rank > 0 {
            bench.advance(by: Self.stagger * rank - .milliseconds(1))
            #expect(bench.submissions == [])
            bench.advance(by: .milliseconds(1))
        }
        #expect(bench.submissions == [election(5).key])
        bench.feed(.proven(election(5)))
        #expect(bench.submissions == [election(5).key])
    }

    @Test func `nobody submits what is in a block`() {
        var bench = Bench(rank: 1)
        bench.feed(.proven(election(5)))
        bench.feed(.included(election(5).key))
        bench.advance(by: Self.stagger * 50)
        #expect(bench.submissions == [])
        bench.feed(.confirmed(election(5).key))
        #expect(bench.actions == [.noteAnchored(election(5).key)])
        bench.feed(.finalized(election(5).key))
        #expect(bench.actions == [.noteAnchored(election(5).key)])
        #expect(bench.machine.followed.isEmpty)
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test func `a transaction in the pool is trusted for a while, not for ever`() {
        var bench = Bench(rank: 1)
        bench.feed(.proven(election(5)))
        bench.advance(by: .seconds(1))
        bench.feed(.pending(election(5).key))
        bench.advance(by: .seconds(20))
        bench.feed(.pending(election(5).key))
        bench.advance(by: Self.stagger * 4 - .seconds(21))
        #expect(bench.submissions == [])
        bench.advance(by: .seconds(1))
        #expect(bench.submissions == [election(5).key])
    }

    @Test func `an own transaction is pushed until it is in a block, and no more when it is confirmed`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(election(5)))
        bench.feed(.pending(election(5).key))
        bench.advance(by: Self.stagger * 7)
        #expect(bench.submissions.count == 3)
        bench.feed(.included(election(5).key))
        bench.advance(by: Self.stagger * 50)
        #expect(bench.submissions.count == 3)
        bench.feed(.confirmed(election(5).key))
        #expect(bench.actions.suffix(2) == [.cancel(election(5).key), .noteAnchored(election(5).key)])
    }

    @Test(arguments: [0, 2])
    func `what a reorganisation drops is submitted again in the order of rank`(rank: Int) {
        var bench = Bench(rank: rank)
        bench.feed(.proven(election(5)))
        bench.actions = []
        bench.feed(.included(election(5).key))
        bench.feed(.confirmed(election(5).key))
        bench.feed(.vanished(election(5).key))
        bench.advance(by: Self.stagger * rank)
        #expect(bench.submissions == [election(5).key])
    }

    @Test func `a newer election ends the pursuit of an older one that is not on chain`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(election(5)))
        bench.feed(.proven(election(6)))
        #expect(bench.actions == [.submit(election(5)), .cancel(election(5).key)])
        bench.feed(.proven(election(5)))
        bench.advance(by: Self.stagger * 50)
        #expect(!bench.submissions.dropFirst().contains(election(5).key))
        #expect(bench.submissions.contains(election(6).key))
    }

    @Test func `an older election that is on chain is followed on, but not brought back`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(election(5)))
        bench.feed(.included(election(5).key))
        bench.feed(.proven(election(6)))
        #expect(bench.machine.followed.map(\.key) == [election(5).key, election(6).key])
        bench.feed(.vanished(election(5).key))
        #expect(bench.machine.followed.map(\.key) == [election(6).key])
    }

    @Test func `what the contract has passed is dropped`() {
        var bench = Bench(rank: 1)
        bench.feed(.proven(election(5)))
        bench.feed(.chainReached(View(6)))
        bench.feed(.proven(election(5)))
        bench.advance(by: Self.stagger * 50)
        #expect(bench.actions == [])
        bench.feed(.proven(election(7)))
        bench.feed(.chainReached(View(7)))
        #expect(bench.machine.followed.map(\.key) == [election(7).key])
    }

    @Test func `a refused statement is never submitted again`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(election(5)))
        bench.feed(.refused(election(5).key))
        let count = bench.submissions.count
        bench.advance(by: Self.stagger * 50)
        #expect(bench.submissions.count == count)
        #expect(bench.actions.last == .cancel(election(5).key))
    }

    @Test func `a group key is brought by the leader of the moment`() {
        var bench = Bench(rank: 2)
        bench.feed(.entered(View(5)))
        bench.feed(.proven(groupKey))
        bench.advance(by: .seconds(1))
        #expect(bench.submissions == [])
        // Two views later the same member leads.
        bench.feed(.entered(View(7)))
        #expect(bench.submissions == [groupKey.key])
        bench.feed(.proven(election(9)))
        #expect(bench.machine.followed.count == 2)
    }

    @Test func `no more than a bounded number of statements is followed`() {
        var bench = Bench(rank: 0)
        for view in UInt64(5)..<200 {
            bench.feed(.proven(election(view)))
            bench.feed(.included(election(view).key))
            bench.feed(.confirmed(election(view).key))
        }
        #expect(bench.machine.followed.count == 32)
        #expect(bench.machine.followed.last?.key == election(199).key)
    }
}
