import Consensus
import Primitives
import Testing

/// What a closed and refused link to the leader means.
@Suite struct LostLinkTests {
    private func lose(_ bench: inout Bench) {
        bench.feed(.linkClosed(bench.leader, byPeer: true))
        bench.advance(by: .milliseconds(2))
        bench.feed(.redialRefused(bench.leader))
    }

    private func report(_ author: MemberIndex, _ bench: Bench, view: View = View(1), seen: Order? = nil)
        -> SignedObject
    {
        let report = LinkLost(view: view, leaderSeen: seen ?? bench.order(of: bench.leader))
        return bench.signed(report.sszBytes, .linkLost, by: author, sequence: 1)
    }

    @Test func `a refusal is reported at once, though no record is durable`() {
        var bench = Bench.steady()
        bench.holdsRecords = true
        lose(&bench)
        let reports = bench.published(.linkLost)
        #expect(reports.count == 1)
        let report = reports.first.flatMap { try? LinkLost(ssz: $0.object.payload.bytes) }
        #expect(report == LinkLost(view: View(1), leaderSeen: bench.order(of: bench.leader)))
        bench.feed(.redialRefused(bench.leader))
        bench.advance(by: .milliseconds(10))
        #expect(bench.published(.linkLost).count == 1)
    }

    @Test func `with f other reports the leader is suspected at once`() {
        var bench = Bench.steady()
        lose(&bench)
        #expect(bench.suspicions == [])
        bench.feed(.received(report(bench.others[0], bench)))
        #expect(bench.suspicions == [.linkLost])
        #expect(bench.wishes.map(\.reason) == [.linkLost])
    }

    @Test func `the reports of others move nobody whose own link works`() {
        var bench = Bench.steady()
        for member in bench.others { bench.feed(.received(report(member, bench))) }
        bench.advance(by: .milliseconds(200))
        #expect(bench.suspicions == [])
    }

    @Test func `a report of another view or another hour does not count`() {
        var bench = Bench.steady()
        lose(&bench)
        bench.feed(.received(report(bench.others[0], bench, view: View(2))))
        let old = Order(incarnation: 1, sequence: bench.order(of: bench.leader).sequence + 17)
        bench.feed(.received(report(bench.others[1], bench, seen: old)))
        #expect(bench.suspicions == [])
    }

    @Test func `alone a member waits half an interval from the close`() {
        var bench = Bench.steady()
        lose(&bench)
        bench.advance(by: bench.interval / 2 - .milliseconds(3))
        #expect(bench.suspicions == [])
        bench.advance(by: .milliseconds(1))
        #expect(bench.suspicions == [.linkLost])
    }

    @Test func `a link that is not refused again, or closed by this side, means nothing`() {
        var bench = Bench.steady()
        bench.feed(.linkClosed(bench.leader, byPeer: true))
        bench.advance(by: .milliseconds(200))
        #expect(bench.suspicions == [])
        bench.feed(.redialRefused(bench.leader))
        bench.feed(.linkRefusedEnded(bench.leader))
        bench.advance(by: .milliseconds(200))
        #expect(bench.suspicions == [.linkLost, nil])
        bench = Bench.steady()
        bench.feed(.linkClosed(bench.leader, byPeer: false))
        bench.feed(.redialRefused(bench.leader))
        bench.advance(by: .milliseconds(200))
        #expect(bench.suspicions == [])
        #expect(bench.published(.linkLost) == [])
    }

    @Test func `a member that lost most of its links blames itself`() {
        var bench = Bench.steady()
        for member in bench.others { bench.feed(.linkClosed(member, byPeer: true)) }
        lose(&bench)
        bench.feed(.received(report(bench.others[0], bench)))
        bench.advance(by: .milliseconds(200))
        #expect(bench.suspicions == [])
        bench.feed(.linkUp(bench.others[0], view: View(1)))
        bench.feed(.linkUp(bench.others[1], view: View(1)))
        #expect(bench.suspicions == [.linkLost])
    }

    @Test func `a leader heard by another path after the close is given two intervals`() {
        var bench = Bench.steady()
        bench.beatAll()
        lose(&bench)
        bench.advance(by: .milliseconds(100))
        bench.beat(bench.leader)
        bench.feed(.received(report(bench.others[0], bench)))
        bench.advance(by: .milliseconds(147))
        for member in bench.others { bench.beat(member) }
        bench.advance(by: .milliseconds(250))
        for member in bench.others { bench.beat(member) }
        bench.advance(by: .milliseconds(100))
        #expect(bench.suspicions == [])
        bench.advance(by: .milliseconds(4))
        #expect(bench.suspicions == [.linkLost])
    }

    @Test func `the loss of the next leader's link is reported once its view is entered`() {
        var bench = Bench.steady(size: 7)
        let next = bench.committee.leader(of: View(2)) == bench.me ? View(3) : View(2)
        let leader = bench.committee.leader(of: next)
        bench.feed(.linkClosed(leader, byPeer: true))
        bench.feed(.redialRefused(leader))
        #expect(bench.published(.linkLost) == [])
        bench.move(to: next)
        #expect(bench.published(.linkLost).count == 1)
    }
}
