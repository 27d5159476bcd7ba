import Consensus
import Primitives
import Testing

/// When a silent leader is suspected, and when a member distrusts its own ears instead.
@Suite struct SilenceTests {
    @Test func `a leader is suspected after four intervals of silence and not before`() {
        var bench = Bench.steady()
        for _ in 0..<3 { bench.beatAll(except: [bench.leader]) }
        bench.advance(by: bench.interval - .milliseconds(1))
        #expect(bench.suspicions == [])
        for member in bench.others { bench.beat(member) }
        bench.advance(by: .milliseconds(2))
        #expect(bench.suspicions == [.silence])
        #expect(bench.wishes.map(\.to) == [View(2)])
    }

    @Test func `the suspicion ends with the leader's next heartbeat, and the wish with it`() {
        var bench = Bench.steady()
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.wishes.count == 1)
        bench.beat(bench.leader)
        #expect(bench.suspicions == [.silence, nil])
        #expect(bench.wishes.map(\.isWithdrawal) == [false, true])
    }

    @Test func `a leader cannot stretch its leash by slowing down`() {
        var bench = Bench.steady()
        for _ in 0..<30 {
            for _ in 0..<3 { bench.beatAll(except: [bench.leader]) }
            bench.advance(by: .milliseconds(240))
            bench.beat(bench.leader)
            bench.advance(by: .milliseconds(10))
            for member in bench.others { bench.beat(member) }
        }
        bench.clear()
        bench.beat(bench.leader)
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [.silence])
    }

    @Test func `where everybody is heard unevenly the limit rises, but not beyond eight intervals`() {
        var bench = Bench.steady()
        for _ in 0..<20 {
            bench.beatAll()
            bench.advance(by: bench.interval * 5 / 2)
            for member in bench.committee.indices { bench.beat(member) }
        }
        bench.clear()
        let limit = bench.machine.explanation(at: bench.now).silenceLimit
        #expect(limit > bench.interval * 4)
        #expect(limit <= bench.interval * 8)
        for _ in 0..<4 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [])
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [.silence])
    }

    @Test func `a member that was held up itself does not blame the leader for what it missed`() {
        var bench = Bench.steady()
        for _ in 0..<3 { bench.beatAll(except: [bench.leader]) }
        bench.sleep(for: bench.interval * 2)
        for member in bench.others { bench.beat(member) }
        #expect(bench.machine.explanation(at: bench.now).doubt == .unsteady)
        bench.beatAll(except: [bench.leader])
        #expect(bench.suspicions == [])
        bench.beatAll(except: [bench.leader])
        #expect(bench.suspicions == [.silence])
    }

    @Test func `a member that hears fewer than a quorum suspects nobody`() {
        var bench = Bench.steady()
        for _ in 0..<20 { bench.beatAll(except: [bench.leader, bench.others[0]]) }
        #expect(bench.suspicions == [])
        #expect(bench.machine.explanation(at: bench.now).doubt == .tooFewFresh(2, needed: 3))
        // Hearing a quorum again it waits two intervals first.
        bench.beatAll(except: [bench.leader])
        #expect(bench.suspicions == [])
        for _ in 0..<3 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [.silence])
    }

    @Test func `a member without links judges by what is relayed to it`() {
        var bench = Bench.steady()
        for member in bench.committee.indices where member != bench.me {
            bench.feed(.linkClosed(member, byPeer: false))
        }
        for _ in 0..<5 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [.silence])
    }

    @Test func `a member that was held up doubts itself first`() {
        var bench = Bench.steady()
        bench.sleep(for: .seconds(5))
        // The others' heartbeats wait in its sockets; the leader's come last.
        for member in bench.others { bench.beat(member) }
        #expect(bench.suspicions == [])
        bench.advance(by: .milliseconds(100))
        bench.beat(bench.leader)
        #expect(bench.suspicions == [])
    }

    @Test func `after a start nobody is suspected before a quorum was heard for a silence limit`() {
        var bench = Bench()
        bench.feed(.started)
        for member in bench.others { bench.feed(.linkUp(member, view: View(1))) }
        for member in bench.others { bench.beat(member) }
        for _ in 0..<3 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.machine.explanation(at: bench.now).doubt == .starting)
        for _ in 0..<4 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [])
        for _ in 0..<2 { bench.beatAll(except: [bench.leader]) }
        #expect(bench.suspicions == [.silence])
    }

    @Test func `after ten seconds the start is over even without a quorum`() {
        var bench = Bench()
        bench.feed(.started)
        bench.advance(by: .seconds(10) - .milliseconds(1))
        #expect(bench.machine.explanation(at: bench.now).doubt == .starting)
        bench.advance(by: .milliseconds(2))
        #expect(bench.machine.explanation(at: bench.now).doubt == .tooFewFresh(1, needed: 3))
    }

    @Test func `a wish passes over candidates that are silent, refuse links or drain, but no more than f`() {
        var bench = Bench.steady(size: 7)
        let second = bench.committee.leader(of: View(2))
        let third = bench.committee.leader(of: View(3))
        let gone = [bench.leader, second, third].filter { $0 != bench.me }
        for _ in 0..<5 { bench.beatAll(except: gone) }
        let passed = (2...4).first { bench.committee.leader(of: View($0)) == bench.me } ?? 4
        #expect(bench.wishes.last?.to == View(UInt64(passed)))
    }
}
