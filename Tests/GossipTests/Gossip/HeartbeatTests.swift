import Primitives
import Testing

@testable import Gossip

@Suite struct HeartbeatTests {
    private let cast = TestCommittee(size: 4)

    @Test func `decodes what it encodes`() throws {
        var heartbeat = Heartbeat(
            view: View(7),
            wallTime: UnixMilliseconds(rawValue: 8),
            leaderSeen: Order(incarnation: 9, sequence: 10),
            wish: Order(incarnation: 11, sequence: 12),
            chainHead: 13,
            anchoredView: View(14),
            frontierDigest: SHA256.hash([15]),
            flags: [.ready, .chainStale],
            software: SoftwareVersion(1, 2, 3)
        )
        #expect(try Heartbeat(ssz: heartbeat.sszBytes) == heartbeat)
        heartbeat.flags.insert(HeartbeatFlags(rawValue: 0x8000))
        #expect(try Heartbeat(ssz: heartbeat.sszBytes).flags.rawValue == 0x8009)
        #expect(heartbeat.software.description == "1.2.3")
    }

    @Test func `has the size that the schedule counts with`() {
        let signed = cast.heartbeat(by: MemberIndex(1), order: Order(incarnation: 1, sequence: 1))
        #expect(signed.sszSize == signed.sszBytes.count)
        #expect(ObjectBatch([signed])!.sszBytes.count == GossipSchedule.heartbeatBytes)
    }

    @Test func `says where the node stands`() throws {
        var node = TestNode(cast, 1)
        let leader = cast.committee.leader(of: View(5))
        var status = TestNode.status(view: 5, flags: [.ready, .chainStale])
        status.chainHead = 17
        status.anchoredView = View(4)
        node.feed(.statusChanged(status))
        node.linkUp(2)
        node.publish(.wish, [1])
        node.receive(
            [cast.heartbeat(by: leader, order: Order(incarnation: 3, sequence: 9))],
            .registers,
            from: 2
        )
        node.feed(.entryComposed(.deal, body: [1, 2, 3]))
        _ = node.takeSent()
        let time = Instant.start.advanced(by: .milliseconds(1_500))
        node.expire(at: time)
        let signed = try #require(node.takeSent().objects(.registers, to: 2).first)
        let heartbeat = try Heartbeat(ssz: signed.object.payload.bytes)
        #expect(heartbeat.view == View(5))
        #expect(heartbeat.wallTime.rawValue == 1_700_000_001_500)
        let ownLeads = leader == MemberIndex(1)
        #expect(ownLeads || heartbeat.leaderSeen == Order(incarnation: 3, sequence: 9))
        #expect(heartbeat.wish == Order(incarnation: 1, sequence: 1))
        #expect(heartbeat.chainHead == 17)
        #expect(heartbeat.anchoredView == View(4))
        #expect(heartbeat.flags == [.ready, .chainStale])
        #expect(heartbeat.frontierDigest == node.machine.frontierDigest)
        #expect(heartbeat.frontierDigest != Frontiers(SSZList()).hashTreeRoot())
    }

    @Test func `numbers its heartbeats without gaps`() {
        var node = TestNode(cast, 1, incarnation: 6)
        node.linkUp(2)
        for _ in 0..<20 { node.expire(at: node.machine.nextDeadline!) }
        let orders = node.takeSent().objects(.registers, to: 2).map(\.object.order)
        #expect(orders == (1...21).map { Order(incarnation: 6, sequence: $0) })
    }
}

@Suite struct HeartbeatClockTests {
    private let interval = Duration.milliseconds(250)

    private func clock(phase: Duration = .milliseconds(100)) -> HeartbeatClock {
        HeartbeatClock(interval: interval, phase: phase, spacing: interval / 4, at: .start)
    }

    private func moment(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    /// The moments and kinds of the heartbeats until `end`, in milliseconds.
    private func ticks(_ clock: inout HeartbeatClock, until end: Int) -> [Int] {
        var times: [Int] = []
        while clock.nextDeadline <= moment(end) {
            let now = clock.nextDeadline
            while clock.due(at: now) != nil { times.append(Int(now.sinceStart / .milliseconds(1))) }
        }
        return times
    }

    @Test func `begins at once and then keeps an even pace`() {
        var clock = clock()
        #expect(ticks(&clock, until: 1_000) == [0, 100, 350, 600, 850])
    }

    @Test func `does not make up for ticks that were missed`() {
        var clock = clock()
        #expect(ticks(&clock, until: 400) == [0, 100, 350])
        var count = 0
        while clock.due(at: moment(5_000)) != nil { count += 1 }
        #expect(count == 1)
        #expect(clock.nextDeadline == moment(5_100))
    }

    @Test func `keeps a quarter interval between extra heartbeats for one reason`() {
        var clock = clock()
        #expect(ticks(&clock, until: 100) == [0, 100])
        clock.hurry(.draining, at: moment(110))
        #expect(ticks(&clock, until: 111) == [110])
        clock.hurry(.draining, at: moment(120))
        clock.hurry(.noQuorum, at: moment(120))
        #expect(ticks(&clock, until: 200) == [120, 172])
    }

    @Test func `lets one heartbeat stand for all reasons that are due`() {
        var clock = clock()
        #expect(ticks(&clock, until: 50) == [0])
        clock.hurry(.draining, at: moment(60))
        clock.hurry(.leading, at: moment(60))
        #expect(ticks(&clock, until: 99) == [60])
    }

    @Test func `does not exceed what others accept, however often its condition changes`() {
        var clock = clock()
        var count = 0
        for time in 0..<60_000 {
            for reason in HeartbeatClock.Reason.allCases { clock.hurry(reason, at: moment(time)) }
            while clock.due(at: moment(time)) != nil { count += 1 }
        }
        #expect(count > 900)
        #expect(count <= 64 + 4 * 240)
    }

    @Test func `changes its pace from the last tick on`() {
        var clock = HeartbeatClock(
            interval: .milliseconds(310),
            phase: .zero,
            spacing: interval / 4,
            at: .start
        )
        #expect(ticks(&clock, until: 310) == [0, 310])
        clock.setInterval(.milliseconds(250), at: moment(400))
        #expect(ticks(&clock, until: 900) == [560, 810])
    }

    @Test func `tells of readiness, draining and a lost quorum at once`() {
        let cast = TestCommittee(size: 4)
        for flag in [HeartbeatFlags.draining, .noQuorum] {
            var node = TestNode(cast, 1)
            node.linkUp(2)
            node.expire(at: node.machine.nextDeadline!)
            _ = node.takeSent()
            let now = node.machine.nextDeadline!.advanced(by: .milliseconds(-20))
            node.feed(.statusChanged(TestNode.status(view: 0, flags: [.ready, flag])), at: now)
            #expect(node.takeSent().count(.registers, to: 2) == 1)
            node.feed(.statusChanged(TestNode.status(view: 0, flags: [.ready, flag, .chainStale])), at: now)
            #expect(node.takeSent().isEmpty)
        }
    }

    @Test func `speaks at once when it becomes leader`() {
        let cast = TestCommittee(size: 4)
        let view = (1...8).first { cast.committee.leader(of: View($0)) == MemberIndex(1) }!
        let other = (1...8).first { cast.committee.leader(of: View($0)) != MemberIndex(1) }!
        var node = TestNode(cast, 1)
        node.linkUp(2)
        node.expire(at: node.machine.nextDeadline!)
        let now = node.machine.nextDeadline!.advanced(by: .milliseconds(-20))
        node.feed(.statusChanged(TestNode.status(view: other)), at: now)
        _ = node.takeSent()
        node.feed(.statusChanged(TestNode.status(view: view)), at: now)
        #expect(node.takeSent().count(.registers, to: 2) == 1)
    }
}
