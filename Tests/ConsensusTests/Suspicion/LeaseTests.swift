import Consensus
import Primitives
import Testing

/// How long a leader may lead without being acknowledged.
@Suite struct LeaseTests {
    @Test func `a leader leads while q members acknowledge it`() {
        var bench = Bench.steady(leading: true)
        for _ in 0..<20 { bench.beatAll(except: [bench.others[0]]) }
        #expect(bench.actions == [])
        #expect(bench.machine.heartbeatContent.lacksQuorum == false)
    }

    @Test func `it stops one silence limit after the last heartbeat that q acknowledged, and says so`() {
        var bench = Bench.steady(leading: true)
        bench.beat(bench.me)
        bench.advance(by: .milliseconds(300))
        for member in bench.others { bench.beat(member) }
        bench.advance(by: .milliseconds(699))
        #expect(bench.actions == [])
        bench.advance(by: .milliseconds(1))
        #expect(bench.actions == [.leadershipChanged(isLeading: false)])
        #expect(bench.machine.heartbeatContent.lacksQuorum)
        bench.clear()
        for _ in 0..<2 { bench.beatAll() }
        #expect(bench.actions == [.leadershipChanged(isLeading: true)])
        #expect(bench.machine.heartbeatContent.lacksQuorum == false)
    }

    @Test func `members that do not acknowledge do not count, however often they beat`() {
        var bench = Bench.steady(leading: true)
        for _ in 0..<6 {
            bench.beatAll(except: Array(bench.others.prefix(2)))
            for member in bench.others.prefix(2) { bench.beat(member, acknowledging: false) }
        }
        #expect(bench.actions == [.leadershipChanged(isLeading: false)])
    }

    @Test func `acknowledgements of heartbeats never sent are worth nothing`() {
        var bench = Bench.steady(leading: true)
        for number in 0..<UInt64(6) {
            bench.beatAll(except: bench.others)
            for member in bench.others {
                let fact = HeartbeatFact(
                    author: member,
                    order: Order(incarnation: 2, sequence: number + 1),
                    view: View(1),
                    leaderSeen: Order(incarnation: 1, sequence: 1_000_000)
                )
                bench.feed(.heard(fact))
            }
        }
        #expect(bench.actions.contains(.leadershipChanged(isLeading: false)))
    }

    @Test func `a leader that wants to drain or is convicted does not lead`() {
        var bench = Bench.steady(leading: true)
        bench.feed(.drainRequested(true))
        #expect(bench.actions.contains(.leadershipChanged(isLeading: false)))
        #expect(bench.wishes.map(\.reason) == [.draining])
        bench.feed(.drainRequested(false))
        #expect(bench.actions.last == .leadershipChanged(isLeading: true) || bench.wishes.count == 2)
        bench.clear()
        bench.feed(.misbehaviourProven(bench.me))
        #expect(bench.actions.contains(.leadershipChanged(isLeading: false)))
        #expect(bench.wishes.map(\.reason) == [.evidence])
    }

    @Test func `followers of a leader that sees no quorum move on after a limit, if they see one`() {
        var bench = Bench.steady()
        for _ in 0..<4 {
            bench.beatAll(except: [bench.leader])
            bench.beat(bench.leader, lacksQuorum: true)
        }
        #expect(bench.suspicions == [])
        for _ in 0..<2 {
            bench.beatAll(except: [bench.leader])
            bench.beat(bench.leader, lacksQuorum: true)
        }
        #expect(bench.suspicions == [.noQuorum])
    }

    @Test func `they stay with it while others do not acknowledge it either`() {
        var bench = Bench.steady()
        for _ in 0..<12 {
            bench.advance(by: bench.interval)
            bench.beat(bench.leader, lacksQuorum: true)
            bench.beat(bench.others[0], acknowledging: true)
            bench.beat(bench.others[1], acknowledging: false)
        }
        #expect(bench.suspicions == [])
    }
}
