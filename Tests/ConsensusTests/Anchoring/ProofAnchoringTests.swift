import Consensus
import Primitives
import Testing

/// Which anchors of the logs are brought to the chain, and which are not any more.
@Suite struct ProofAnchoringTests {
    private static let committee = SimCommittee.make(size: 4)
    private static let stagger: Duration = .seconds(15)

    /// A machine for the member of a rank in view 5.
    private struct Bench {
        var machine: AnchorMachine
        var now = Instant.start
        var actions: [AnchorMachine.Action] = []

        init(rank: Int) {
            let member = committee.indices.first { committee.rank(of: $0, in: View(5)) == rank }!
            machine = AnchorMachine(
                AnchorMachine.Setting(committee: committee, member: member, stagger: stagger)
            )
            feed(.entered(View(5)))
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

        var followed: [ChainStatement.Key] { machine.followed.map(\.key) }
    }

    private func root(_ byte: UInt8) -> Digest { SHA256.hash([byte]) }

    private func anchor(_ number: UInt64, root byte: UInt8 = 1) -> ChainStatement {
        .proofAnchor(
            ProofAnchor(epoch: Epoch(1), number: number, root: root(byte), signature: GroupSignature())
        )
    }

    @Test(arguments: 0..<4)
    func `an anchor is brought by the leader of the moment, and after it by each rank in turn`(rank: Int) {
        var bench = Bench(rank: rank)
        bench.feed(.proven(anchor(1)))
        if rank > 0 {
            bench.advance(by: Self.stagger * rank - .milliseconds(1))
            #expect(bench.submissions == [])
            bench.advance(by: .milliseconds(1))
        }
        #expect(bench.submissions == [anchor(1).key])
    }

    @Test func `a second signature under the same anchor changes nothing`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(anchor(1)))
        var other = ProofAnchor(epoch: Epoch(1), number: 1, root: root(1), signature: GroupSignature())
        other.signature[0] = 3
        bench.feed(.proven(.proofAnchor(other)))
        #expect(bench.actions == [.submit(anchor(1))])
    }

    @Test func `who leads next brings what the leader before has not`() {
        var bench = Bench(rank: 2)
        bench.feed(.proven(anchor(1)))
        // Two views later the same member leads.
        bench.feed(.entered(View(7)))
        #expect(bench.submissions == [anchor(1).key])
    }

    @Test func `of two roots for one number the one that is in a block ends the pursuit of the other`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(anchor(1, root: 1)))
        bench.feed(.proven(anchor(1, root: 2)))
        bench.feed(.proven(anchor(2, root: 3)))
        #expect(bench.submissions.count == 3)
        bench.feed(.included(anchor(1, root: 2).key))
        #expect(bench.actions.last == .cancel(anchor(1, root: 1).key))
        #expect(bench.followed == [anchor(1, root: 2).key, anchor(2, root: 3).key])
    }

    @Test
    func `a root for a number that another member's anchor holds is not brought, though it be proven later`()
    {
        var bench = Bench(rank: 0)
        bench.feed(.included(anchor(1, root: 2).key))
        bench.feed(.proven(anchor(1, root: 1)))
        #expect(bench.actions == [])
        #expect(bench.followed == [])
    }

    @Test func `what the contract says at the beginning ends the pursuit of what it has gone past`() {
        var bench = Bench(rank: 1)
        for number in 1...4 as ClosedRange<UInt64> { bench.feed(.proven(anchor(number))) }
        bench.feed(.proven(anchor(3, root: 9)))
        bench.feed(.chainAnchored(LatestProof(number: 3, root: root(1))))
        #expect(bench.followed == [anchor(3).key, anchor(4).key])
        // The contract has the third; only the fourth is still to come.
        bench.advance(by: Self.stagger)
        #expect(bench.submissions == [anchor(4).key])
    }

    @Test func `after a reorganisation either root may take the number, and the one before is brought again`()
    {
        var bench = Bench(rank: 0)
        bench.feed(.proven(anchor(1)))
        bench.feed(.included(anchor(1).key))
        bench.feed(.proven(anchor(2)))
        bench.feed(.included(anchor(2).key))
        bench.actions = []
        bench.feed(.vanished(anchor(2).key))
        bench.feed(.vanished(anchor(1).key))
        #expect(bench.followed == [anchor(1).key, anchor(2).key])
        bench.advance(by: Self.stagger * 4)
        #expect(bench.submissions.contains(anchor(1).key))
        #expect(bench.submissions.contains(anchor(2).key))
        bench.feed(.proven(anchor(1, root: 7)))
        bench.feed(.included(anchor(1, root: 7).key))
        #expect(bench.followed == [anchor(2).key, anchor(1, root: 7).key])
    }

    @Test func `what is confirmed is pushed no more, and forgotten when it is final`() {
        var bench = Bench(rank: 0)
        bench.feed(.proven(anchor(1)))
        bench.feed(.included(anchor(1).key))
        bench.feed(.confirmed(anchor(1).key))
        #expect(bench.actions.suffix(2) == [.cancel(anchor(1).key), .noteAnchored(anchor(1).key)])
        bench.feed(.finalized(anchor(1).key))
        #expect(bench.followed == [])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test
    func `while the chain takes none, the anchors that wait are bounded, and those it wants next are kept`() {
        var bench = Bench(rank: 0)
        for byte in 1...40 as ClosedRange<UInt8> { bench.feed(.proven(anchor(1, root: byte))) }
        #expect(bench.followed == (33...40).map { anchor(1, root: $0).key })
        for number in 2...40 as ClosedRange<UInt64> { bench.feed(.proven(anchor(number))) }
        #expect(bench.followed == (33...40).map { anchor(1, root: $0).key })
    }
}
