import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

/// What a member believes the chain, and what it does when its store fails.
@Suite struct PeerChainTests {
    private func begun() -> PeerBench {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        bench.clear()
        return bench
    }

    private func election(in view: UInt64, epoch: UInt64 = 1) -> ElectionRecord {
        ElectionRecord(
            epoch: Epoch(epoch),
            view: View(view),
            leader: Address(),
            signature: GroupSignature(Array(repeating: 2, count: 65))!,
            block: 7,
            transaction: Digest()
        )
    }

    private func entered(_ bench: PeerBench) -> [View] {
        bench.notices.compactMap { if case .viewEntered(let view, _, _) = $0 { view } else { nil } }
    }

    private func registrations(_ bench: PeerBench) -> Int {
        bench.notices.count { if case .ceremony(.registered) = $0 { true } else { false } }
    }

    @Test func `an election that the group has not signed moves nobody, however deep an endpoint says it is`()
    {
        var bench = begun()
        for stage in [ChainStage.included, .confirmed, .final] {
            bench.feed(.chain(.election(election(in: 5), stage)))
        }
        #expect(entered(bench) == [])
    }

    @Test func `an election or a key of another epoch moves nobody`() {
        var bench = begun()
        bench.feed(.chain(.election(election(in: 5, epoch: 2), .confirmed)))
        bench.feed(.chain(.groupKey(Epoch(2), transcript: Digest(), .confirmed)))
        #expect(entered(bench) == [])
        #expect(registrations(bench) == 0)
        bench.feed(.chain(.groupKey(Epoch(1), transcript: Digest(), .confirmed)))
        #expect(registrations(bench) == 1)
    }

    @Test func `an election that was final before the start counts as anchored, though no log tells of it`() {
        var bench = begun()
        bench.feed(.chain(.contractView(View(4))))
        #expect(bench.machine.snapshot()?.anchoredView == View(0), "only seen, not confirmed")
        bench.feed(.chain(.beginning(View(3), .none)))
        #expect(bench.machine.snapshot()?.anchoredView == View(3))
        bench.feed(.chain(.beginning(View(2), .none)))
        #expect(bench.machine.snapshot()?.anchoredView == View(3))
    }

    @Test func `a member whose store fails says so and then nothing more`() {
        var bench = begun()
        bench.feed(.storeFailed)
        let halts = bench.notices.filter { if case .halted = $0 { true } else { false } }
        #expect(halts.count == 1)
        #expect(bench.machine.nextDeadline == nil)
        bench.clear()
        bench.link(1, in: bench.committee(1))
        bench.feed(.drainRequested(true))
        #expect(bench.actions.isEmpty)
        #expect(bench.machine.snapshot()?.isHalted == true)
    }
}
