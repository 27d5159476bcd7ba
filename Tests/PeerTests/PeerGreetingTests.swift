import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

/// The first words on a link.
@Suite struct PeerGreetingTests {
    private func greeted(_ change: (inout Hello) -> Void = { _ in }) -> PeerBench {
        var bench = PeerBench()
        bench.begin(bench.committee(1))
        bench.clear()
        bench.link(1, in: bench.committee(1), change)
        return bench
    }

    private func isLinked(_ bench: PeerBench) -> Bool {
        bench.machine.snapshot()?.neighbours.first { $0.member == MemberIndex(2) }?.isLinked ?? false
    }

    /// The reason that the peer reads, if it is the one that this node's own watchers read.
    private func refusal(_ bench: PeerBench) -> (code: Close.Code, words: String)? {
        guard let (peer, code, words) = bench.closes.last, peer == bench.identity(1) else { return nil }
        let isTold = bench.notices.contains {
            if case .linkRefused(MemberIndex(2), code, words) = $0 { true } else { false }
        }
        return isTold ? (code, words) : nil
    }

    @Test func `a member of the same committee and version is linked`() {
        let bench = greeted()
        #expect(isLinked(bench))
        #expect(bench.sent(.hello, to: 1).count == 1)
        #expect(bench.closes.isEmpty)
    }

    @Test(arguments: [0, 2, 65_535] as [UInt16])
    func `another version of the protocol is refused, and both ends can read why`(version: UInt16) throws {
        let bench = greeted { $0.protocolVersion = version }
        #expect(!isLinked(bench))
        let reason = try #require(refusal(bench))
        #expect(reason.code == .otherVersion)
        #expect(reason.words == "protocol version \(version) meets version 1: update the older")
        #expect(bench.penalties.isEmpty)
    }

    @Test func `another epoch or roster is refused, and both ends can read why`() {
        let changes: [(inout Hello) -> Void] = [
            { $0.epoch = Epoch(2) }, { $0.configDigest = Digest() },
        ]
        for change in changes {
            let bench = greeted(change)
            #expect(!isLinked(bench))
            #expect(refusal(bench)?.code == .otherCommittee)
        }
    }

    @Test func `who is no member is told so`() {
        var bench = PeerBench(size: 5)
        bench.begin(bench.committee(1))
        bench.feed(.linkUp(bench.identity(4)))
        #expect(bench.closes.map(\.1) == [.otherCommittee])
        #expect(bench.sent(.hello, to: 4).isEmpty)
    }

    @Test func `a link in place of one whose end was not told ends that one first`() {
        var bench = greeted()
        bench.clear()
        bench.link(1, in: bench.committee(1))
        let changes = bench.notices.compactMap { notice -> Bool? in
            switch notice {
            case .linkUp: true
            case .linkDown: false
            default: nil
            }
        }
        #expect(changes == [false, true])
        #expect(isLinked(bench))
    }

    @Test func `a link that gossip ends for an offence is none any more`() {
        var bench = greeted()
        bench.hear(1, .frontiers, [1])
        #expect(bench.closes.map(\.1) == [.offence])
        #expect(!isLinked(bench))
        bench.clear()
        bench.hear(1, .ping, Ping(nonce: 1).sszBytes)
        #expect(bench.actions.isEmpty)
    }

    @Test func `anything before the hello, a second one and a malformed one end the link`() throws {
        var early = PeerBench()
        early.begin(early.committee(1))
        early.feed(.linkUp(early.identity(1)))
        early.hear(1, .ping, Ping(nonce: 1).sszBytes)
        var twice = greeted()
        twice.link(2, in: twice.committee(1))
        let hello = try #require(twice.sent(.hello, to: 2).first)
        twice.hear(1, .hello, hello.body)
        var broken = PeerBench()
        broken.begin(broken.committee(1))
        broken.feed(.linkUp(broken.identity(1)))
        broken.hear(1, .hello, [1, 2, 3])
        for bench in [early, twice, broken] {
            #expect(!isLinked(bench))
            #expect(bench.closes.last?.1 == .offence)
            #expect(bench.penalties.last?.1 == .greeting)
        }
    }

    private func heartbeat(_ bench: PeerBench, incarnation: UInt64) -> SignedObject {
        let heartbeat = Heartbeat(
            view: View(1),
            wallTime: UnixMilliseconds(rawValue: 1),
            leaderSeen: .zero,
            wish: .zero,
            chainHead: 0,
            anchoredView: View(0),
            frontierDigest: Digest(),
            flags: [],
            software: SoftwareVersion(1, 0, 0)
        )
        let order = Order(incarnation: incarnation, sequence: 1)
        return bench.signed(.heartbeat, heartbeat.sszBytes, by: 1, as: 2, order: order)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a process that another with its identity has followed is shown what that one said`(
        incarnation: UInt64
    ) throws {
        var bench = greeted { $0.incarnation = 2 }
        let newest = heartbeat(bench, incarnation: 2)
        bench.hear(1, .registers, try #require(ObjectBatch([newest])).sszBytes)
        bench.clear()
        bench.link(1, in: bench.committee(1)) { $0.incarnation = incarnation }
        let shown = try bench.sent(.registers, to: 1).flatMap { try ObjectBatch(ssz: $0.body).elements }
        #expect(shown.contains(newest) == (incarnation < 2))
    }
}
