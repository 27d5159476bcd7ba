import Gossip
import Primitives
import Testing

@Suite struct RedialMachineTests {
    private typealias Event = RedialMachine.Event
    private typealias Action = RedialMachine.Action

    private static func at(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    private func machine(favoured: Bool = true, seed: UInt64 = 1) -> RedialMachine {
        RedialMachine(isFavoured: favoured, random: SplitMix64(seed: seed))
    }

    /// A machine whose link has been up for ten seconds, at +10 s.
    private func settled() -> RedialMachine {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        _ = machine.handle(.linkUp(.own), at: .start)
        return machine
    }

    @Test func `dials at once when favoured, and else lets the peer come first`() {
        var favoured = machine()
        #expect(favoured.handle(.started, at: .start) == [.dial])
        var other = machine(favoured: false)
        #expect(other.handle(.started, at: .start) == [])
        #expect(other.nextDeadline == Self.at(250))
        #expect(other.expired(at: Self.at(249)) == [])
        #expect(other.expired(at: Self.at(250)) == [.dial])
    }

    @Test func `retries for ever, ever more slowly, at least every five seconds`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        var now = Instant.start
        var full = Duration.milliseconds(100)
        for _ in 0..<100 {
            #expect(machine.handle(.dialFailed(.failed), at: now) == [])
            guard let next = machine.nextDeadline else {
                Issue.record("no deadline after a failed dial")
                return
            }
            let wait = now.duration(to: next)
            #expect(wait >= full / 2 && wait <= full)
            #expect(machine.expired(at: now) == [])
            #expect(machine.expired(at: next) == [.dial])
            now = next
            full = min(full * 2, .seconds(5))
        }
        #expect(full == .seconds(5))
    }

    @Test func `spreads the waits of equal machines of other seeds`() {
        let waits = (0..<50 as Range<UInt64>).map { seed in
            var machine = machine(seed: seed)
            _ = machine.handle(.started, at: .start)
            _ = machine.handle(.dialFailed(.failed), at: .start)
            return machine.nextDeadline
        }
        #expect(Set(waits).count > 30)
    }

    @Test func `a link closed by the peer and refused at once is reported with the moment of the close`() {
        var machine = settled()
        #expect(machine.handle(.linkLost(.closedByPeer), at: Self.at(10_000)) == [.dial])
        #expect(
            machine.handle(.dialFailed(.refused), at: Self.at(10_001))
                == [.reportRefused(closedAt: Self.at(10_000))]
        )
        // Said once.
        guard let next = machine.nextDeadline else { return }
        #expect(machine.expired(at: next) == [.dial])
        #expect(machine.handle(.dialFailed(.refused), at: next) == [])
        #expect(machine.handle(.linkUp(.peer), at: next) == [.withdrawRefused])
    }

    @Test func `a refusal after a failed dial is reported too`() {
        var machine = settled()
        #expect(machine.handle(.linkLost(.closedByPeer), at: Self.at(10_000)) == [.dial])
        #expect(machine.handle(.dialFailed(.failed), at: Self.at(10_100)) == [])
        #expect(machine.handle(.signOfLife, at: Self.at(10_101)) == [.dial])
        #expect(
            machine.handle(.dialFailed(.refused), at: Self.at(10_102))
                == [.reportRefused(closedAt: Self.at(10_000))]
        )
    }

    @Test func `a host that takes a connection while its process dies is asked again at once`() {
        var machine = settled()
        let closed = Self.at(10_000)
        #expect(machine.handle(.linkLost(.closedByPeer), at: closed) == [.dial])
        let dropped = closed.advanced(by: .milliseconds(1))
        #expect(machine.handle(.dialFailed(.failed), at: dropped) == [])
        let again = dropped.advanced(by: .milliseconds(4))
        #expect(machine.nextDeadline == again)
        #expect(machine.expired(at: again) == [.dial])
        #expect(machine.handle(.dialFailed(.refused), at: again) == [.reportRefused(closedAt: closed)])
        // Afterwards, and for a host that keeps dropping connections, the usual backoff.
        let later = closed.advanced(by: .milliseconds(100))
        var stubborn = settled()
        _ = stubborn.handle(.linkLost(.closedByPeer), at: closed)
        _ = stubborn.handle(.dialFailed(.failed), at: later)
        #expect(stubborn.nextDeadline.map { later.duration(to: $0) >= .milliseconds(50) } == true)
    }

    @Test func `a link that failed otherwise, or a peer never linked, is not reported as refused`() {
        var lost = settled()
        #expect(lost.handle(.linkLost(.other), at: Self.at(10_000)) == [.dial])
        #expect(lost.handle(.dialFailed(.refused), at: Self.at(10_001)) == [])
        var never = machine()
        _ = never.handle(.started, at: .start)
        #expect(never.handle(.dialFailed(.refused), at: .start) == [])
    }

    @Test func `forgets the refusal with the next link`() {
        var machine = settled()
        _ = machine.handle(.linkLost(.closedByPeer), at: Self.at(10_000))
        #expect(machine.handle(.linkUp(.own), at: Self.at(10_001)) == [])
        _ = machine.handle(.linkLost(.other), at: Self.at(20_000))
        #expect(machine.handle(.dialFailed(.refused), at: Self.at(20_001)) == [])
    }

    @Test func `a link that does not last is not redialed at once, and backs off`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        var now = 0
        var waits: [Duration] = []
        for _ in 0..<12 {
            _ = machine.handle(.linkUp(.own), at: Self.at(now))
            #expect(machine.handle(.linkLost(.closedByPeer), at: Self.at(now + 1)) == [])
            guard let next = machine.nextDeadline else { return }
            waits.append(Self.at(now + 1).duration(to: next))
            #expect(machine.expired(at: next) == [.dial])
            now = Int(next.sinceStart / .milliseconds(1)) + 1
        }
        #expect(waits.last.map { $0 >= .milliseconds(2_500) } == true)
    }

    @Test func `a lasting link resets the backoff`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        for _ in 0..<10 {
            _ = machine.handle(.dialFailed(.failed), at: .start)
            if let next = machine.nextDeadline { _ = machine.expired(at: next) }
        }
        _ = machine.handle(.linkUp(.own), at: Self.at(60_000))
        #expect(machine.handle(.linkLost(.other), at: Self.at(62_000)) == [.dial])
        _ = machine.handle(.dialFailed(.failed), at: Self.at(62_000))
        #expect(machine.nextDeadline.map { $0 <= Self.at(62_100) } == true)
    }

    @Test func `a sign of life by another path hurries the dial, but not more often than its spacing`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        _ = machine.handle(.dialFailed(.failed), at: Self.at(10))
        #expect(machine.handle(.signOfLife, at: Self.at(20)) == [])
        #expect(machine.nextDeadline.map { $0 <= Self.at(100) } == true)
        #expect(machine.expired(at: Self.at(100)) == [.dial])
        _ = machine.handle(.dialFailed(.failed), at: Self.at(300))
        #expect(machine.handle(.signOfLife, at: Self.at(301)) == [.dial])
    }

    @Test func `abandons its dial only when the peer's connection came up`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        var own = machine
        #expect(own.handle(.linkUp(.own), at: Self.at(1)) == [])
        #expect(machine.handle(.linkUp(.peer), at: Self.at(1)) == [.abandonDial])
        #expect(machine.nextDeadline == nil)
    }

    @Test func `dials a link anew at its lifetime, while it is up`() throws {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        _ = machine.handle(.linkUp(.own), at: .start)
        let due = try #require(machine.nextDeadline)
        #expect(due >= Self.at(77_760_000) && due <= Self.at(95_040_000))
        #expect(machine.expired(at: due.advanced(by: .nanoseconds(-1))) == [])
        #expect(machine.expired(at: due) == [.dial])
        #expect(machine.nextDeadline == nil)
        var renewed = machine
        #expect(renewed.handle(.linkUp(.own), at: due) == [])
        #expect(renewed.nextDeadline.map { $0 > due.advanced(by: .seconds(77_000)) } == true)
        // A dial that fails is tried again, and the link stays.
        #expect(machine.handle(.dialFailed(.failed), at: due) == [])
        #expect(machine.nextDeadline == due.advanced(by: .seconds(864)))
    }

    @Test func `leaves the renewal to the end that dialed`() {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        _ = machine.handle(.linkUp(.peer), at: .start)
        #expect(machine.nextDeadline == nil)
    }

    @Test func `a link lost during its renewal waits for the dial under way`() throws {
        var machine = machine()
        _ = machine.handle(.started, at: .start)
        _ = machine.handle(.linkUp(.own), at: .start)
        let due = try #require(machine.nextDeadline)
        _ = machine.expired(at: due)
        #expect(machine.handle(.linkLost(.closedByPeer), at: due) == [])
        #expect(machine.handle(.dialFailed(.refused), at: due) == [.reportRefused(closedAt: due)])
        #expect(machine.nextDeadline != nil)
    }

    @Test func `stops from any state and says nothing more`() {
        let states: [[Event]] = [
            [], [.started], [.started, .dialFailed(.failed)], [.started, .linkUp(.own)],
        ]
        for (index, events) in states.enumerated() {
            var machine = machine()
            for event in events { _ = machine.handle(event, at: .start) }
            #expect(machine.handle(.stopped, at: .start) == (index == 1 ? [.abandonDial] : []))
            #expect(machine.nextDeadline == nil)
            for event in [.dialFailed(.refused), .linkUp(.peer), .linkLost(.other), .signOfLife] as [Event] {
                #expect(machine.handle(event, at: Self.at(1)) == [])
            }
            #expect(machine.handle(.started, at: Self.at(2)) == [.dial])
        }
    }

    @Test func `takes over a link that the peer wanted before this end did`() {
        var machine = machine()
        #expect(machine.handle(.linkUp(.peer), at: .start) == [])
        #expect(machine.handle(.started, at: Self.at(5_000)) == [] && machine.nextDeadline == nil)
        #expect(machine.handle(.linkLost(.closedByPeer), at: Self.at(6_000)) == [.dial])
        #expect(
            machine.handle(.dialFailed(.refused), at: Self.at(6_001)) == [
                .reportRefused(closedAt: Self.at(6_000))
            ]
        )
    }

    @Test func `leaves a link to the peer that wants it, and takes it up again`() {
        var machine = settled()
        #expect(machine.handle(.stopped, at: Self.at(10_000)) == [])
        #expect(machine.handle(.started, at: Self.at(10_001)) == [])
        #expect(machine.handle(.stopped, at: Self.at(10_002)) == [])
        #expect(machine.handle(.linkLost(.closedByPeer), at: Self.at(10_003)) == [])
        #expect(machine.nextDeadline == nil)
        #expect(machine.handle(.started, at: Self.at(10_004)) == [.dial])
    }

    /// Every event in every state: what it orders.
    @Test func `answers each event in each state as the diagram says`() {
        let late = Self.at(10_000)
        let events: [Event] = [
            .started, .dialFailed(.failed), .dialFailed(.refused), .linkUp(.own), .linkUp(.peer),
            .linkLost(.closedByPeer), .linkLost(.other), .signOfLife,
        ]
        let table: [(path: [Event], answers: [[Action]])] = [
            ([], [[.dial], [], [], [], [], [], [], []]),
            ([.started], [[], [], [], [], [.abandonDial], [], [], []]),
            ([.started, .dialFailed(.failed)], [[], [], [], [], [], [], [], [.dial]]),
            ([.started, .linkUp(.own)], [[], [], [], [], [], [.dial], [.dial], []]),
        ]
        for row in table {
            for (event, answer) in zip(events, row.answers) {
                var machine = machine()
                for step in row.path { _ = machine.handle(step, at: .start) }
                #expect(machine.handle(event, at: late) == answer, "\(event) after \(row.path)")
            }
        }
    }
}
