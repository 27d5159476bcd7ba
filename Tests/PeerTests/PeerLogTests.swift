import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

/// What a member can say in its own log, and take of others'.
@Suite struct PeerLogTests {
    /// The committee of epoch 2 has another order and a member less known.
    private func next(_ bench: PeerBench) -> Committee { bench.committee(2, of: [0, 4, 2, 1]) }

    /// What member 2 of epoch 1 has said then, told by whoever is its neighbour in epoch 2.
    private func kept(past: (PeerBench) -> [Committee], servedFirst: Bool) -> Int {
        var bench = PeerBench(size: 5)
        let early = bench.log(of: 1, as: 2, [[1], [2]])
        if servedFirst { bench.begin(bench.committee(1)) }
        bench.begin(next(bench), past: past(bench))
        bench.link(1, in: next(bench))
        bench.clear()
        bench.hear(1, .range, LogRange(SSZList(early)!).sszBytes)
        return bench.kept.count
    }

    @Test func `a latecomer takes the entries of epochs whose committee it was told`() {
        #expect(kept(past: { [$0.committee(1)] }, servedFirst: false) == 2)
        #expect(kept(past: { _ in [] }, servedFirst: false) == 0)
    }

    @Test func `a member knows the committees that it has served itself`() {
        #expect(kept(past: { _ in [] }, servedFirst: true) == 2)
    }

    @Test func `an entry of an earlier epoch is kept, and nothing follows from it`() {
        var bench = PeerBench(size: 5)
        bench.begin(next(bench), past: [bench.committee(1)])
        bench.link(1, in: next(bench))
        bench.clear()
        // In epoch 2 an entry that nobody can read would be its author's offence.
        let early = bench.log(of: 1, as: 2, [[1], [2]], topic: .evidence)
        bench.hear(1, .range, LogRange(SSZList(early)!).sszBytes)
        #expect(bench.kept.count == 2)
        #expect(bench.penalties.isEmpty)
    }

    @Test func `a word that its own log cannot take is counted, and its owner told`() throws {
        var bench = PeerBench()
        let one = bench.log(of: 0, as: 1, [[1]])
        let other = bench.log(of: 0, as: 1, [[2]])
        let proof = try #require(Contradiction(one[0], other[0]))
        let log = StoredLog(author: bench.identity(0), entries: one, fork: proof)
        bench.begin(bench.committee(1), logs: [log])
        // After the time for deals it misses those of all others, and would say so.
        bench.advance(by: .seconds(11))
        let refusals = bench.notices.filter {
            if case .entryRefused(.absent, .forked) = $0 { true } else { false }
        }
        #expect(refusals.count == 1)
        let counts = bench.actions.filter {
            if case .count(.entryRefused(.forked), 1) = $0 { true } else { false }
        }
        #expect(counts.count == 1)
        #expect(bench.kept.isEmpty)
    }
}
