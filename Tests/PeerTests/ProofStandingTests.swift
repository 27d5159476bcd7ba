import Consensus
import Peer
import Primitives
import Testing

/// Which anchor of the logs a member takes for the newest.
@Suite struct ProofStandingTests {
    private func record(_ number: UInt64, root byte: UInt8 = 1, block: UInt64 = 7) -> ProofAnchorRecord {
        let anchor = ProofAnchor(
            epoch: Epoch(9),
            number: number,
            root: SHA256.hash([byte]),
            signature: GroupSignature()
        )
        return ProofAnchorRecord(anchor: anchor, block: block, transaction: Digest())
    }

    private func bench() -> PeerBench {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        return bench
    }

    private func standing(_ bench: PeerBench) -> ProofStanding? { bench.machine.snapshot()?.proof }

    @Test func `what was final before following began is the newest, and stands`() {
        var bench = bench()
        let beginning = LatestProof(number: 4, root: SHA256.hash([1]))
        bench.feed(.chain(.beginning(View(3), beginning)))
        #expect(standing(bench)?.newest == beginning)
        #expect(standing(bench)?.isConfirmed == true)
        #expect(standing(bench)?.record == nil)
    }

    @Test func `the newest is confirmed when it lies deep enough, and falls back when it is taken back`() {
        var bench = bench()
        bench.feed(.chain(.proofAnchor(record(1), .included)))
        #expect(standing(bench)?.isConfirmed == false)
        bench.feed(.chain(.proofAnchor(record(1), .confirmed)))
        #expect(standing(bench)?.isConfirmed == true)
        bench.feed(.chain(.proofAnchor(record(2), .included)))
        #expect(standing(bench)?.newest.number == 2)
        #expect(standing(bench)?.isConfirmed == false)
        bench.feed(.chain(.proofAnchor(record(2), .gone)))
        #expect(standing(bench)?.record == record(1))
        #expect(standing(bench)?.isConfirmed == true)
        bench.feed(.chain(.proofAnchor(record(2, root: 2), .included)))
        #expect(standing(bench)?.record == record(2, root: 2))
        #expect(standing(bench)?.isConfirmed == false)
    }

    @Test func `what the beginning showed is forgotten with its block`() {
        var bench = bench()
        bench.feed(.chain(.beginning(View(3), LatestProof(number: 2, root: SHA256.hash([1])))))
        bench.feed(.chain(.proofAnchor(record(2), .included)))
        bench.feed(.chain(.proofAnchor(record(2), .gone)))
        #expect(standing(bench)?.newest.number == 1)
    }
}
