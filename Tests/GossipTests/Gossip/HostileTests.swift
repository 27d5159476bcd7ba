import Primitives
import Testing

@testable import Gossip

/// What members of ill will can do: nothing that grows without bound, and nothing that stops the others.
@Suite struct HostileTests {
    private let cast = TestCommittee(size: 4)

    private func linked(store: TestStore = TestStore()) -> TestNode {
        var node = TestNode(cast, 1, store: store)
        for member in 2...4 { node.linkUp(member) }
        _ = node.takeSent()
        return node
    }

    private func moment(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func `who sends more than the schedule can account for is cut off`() {
        var node = linked()
        let big = LinkMessage(.viewCertificate, body: [UInt8](repeating: 0, count: 65_536))
        var bytes = 0
        while node.disconnected.isEmpty, bytes < 1 << 30 {
            node.feed(.received(big, from: MemberIndex(2)))
            bytes += big.body.count
        }
        #expect(node.disconnected.map(\.1) == [.flood])
        #expect(node.facts.count { if case .certificate = $0 { true } else { false } } == 32)
        let burst = node.machine.epoch!.quotas.linkBurstBytes
        #expect(bytes > burst && bytes < burst + 2 * big.body.count)
    }

    @Test func `an honest link may deliver half a minute of everything at once`() {
        var node = linked()
        for sequence in 1...120 {
            let beats = (2...4).map { author in
                cast.heartbeat(
                    by: MemberIndex(author),
                    order: Order(incarnation: 1, sequence: UInt64(sequence))
                )
            }
            node.receive(beats, .registers, from: 2)
        }
        #expect(node.disconnected.isEmpty)
    }

    /// A node that serves 60 entries of 30,000 bytes, and the pull of as many of them as one message holds.
    private func serving() -> (node: TestNode, pull: [UInt8]) {
        var store = TestStore()
        let log = cast.log(by: MemberIndex(3), count: 60, bytes: 30_000)
        store.logs[cast.identity(of: MemberIndex(3))] = log
        return (linked(store: store), Pull(author: MemberIndex(3), first: 1, count: 64).sszBytes)
    }

    @Test func `a peer that pulls without end gets what the node may serve and no more`() {
        var (node, pull) = serving()
        var bytes = 0
        for millisecond in 0..<2_000 {
            while let due = node.machine.nextDeadline, due < moment(millisecond) { node.expire(at: due) }
            for _ in 0..<4 { node.receive(.pull, pull, from: 2, at: moment(millisecond)) }
            bytes += node.takeSent().rangeBytes(to: 2)
        }
        let most = GossipQuotas.servedBurstBytes + 2 * GossipQuotas.servedBytesPerSecond
        #expect(bytes > most * 9 / 10 && bytes <= most + MessageType.range.bodyLimit)
        #expect(node.dropped(.linkQuota) > 4_000)
    }

    @Test func `beside a peer that pulls without end the others get as much each`() {
        var (node, pull) = serving()
        var bytes = [0, 0, 0, 0, 0]
        for millisecond in 0..<3_000 {
            while let due = node.machine.nextDeadline, due < moment(millisecond) { node.expire(at: due) }
            for _ in 0..<4 { node.receive(.pull, pull, from: 2, at: moment(millisecond)) }
            // The others want something only after a while, and as much as they get.
            for other in 3...4 where millisecond >= 1_000 {
                node.receive(.pull, pull, from: other, at: moment(millisecond))
            }
            let sent = node.takeSent()
            for member in 2...4 where millisecond >= 1_000 { bytes[member] += sent.rangeBytes(to: member) }
        }
        let share = 2 * GossipQuotas.servedBytesPerSecond / 3
        for member in 2...4 { #expect(bytes[member] > share * 9 / 10 && bytes[member] < share * 11 / 10) }
    }

    @Test func `a peer that has had a gibibyte gets more only little by little`() {
        let schedule = GossipSchedule(leaderInterval: .milliseconds(250), size: 4)
        var server = PullServer(
            size: 4,
            quotas: GossipQuotas(schedule: schedule, logBytesPerSecond: 1, logBurstBytes: 1)
        )
        var (now, bytes) = (Instant.start, 0)
        let (peer, pull) = (MemberIndex(2), Pull(author: MemberIndex(3), first: 1, count: 64))
        while now < moment(100_000) {
            while server.asked(pull, by: peer) {}
            if let (_, neighbour) = server.next(at: now) {
                server.sent(131_072, to: neighbour, at: now)
                bytes += 131_072
            } else {
                now = server.nextDeadline(at: now)!
            }
        }
        let most = GossipQuotas.servedToLinkBurstBytes + 100 * GossipQuotas.servedToLinkBytesPerSecond
        #expect(bytes > most * 9 / 10 && bytes <= most + 131_072)
        // The others are served as before.
        #expect(server.asked(pull, by: MemberIndex(4)) && server.next(at: now)?.neighbour == MemberIndex(4))
    }

    @Test func `pulls wait in a bounded queue while the store reads`() {
        let schedule = GossipSchedule(leaderInterval: .milliseconds(250), size: 4)
        let quotas = GossipQuotas(schedule: schedule, logBytesPerSecond: 1, logBurstBytes: 1)
        var server = PullServer(size: 4, quotas: quotas)
        let peer = MemberIndex(2)
        let pulls = (1...10).map { Pull(author: MemberIndex(3), first: $0, count: 1) }
        let taken = pulls.filter { server.asked($0, by: peer) }
        #expect(taken.count == PullServer.waitingLimit)
        let first = server.next(at: .start)?.pull
        server.reads(1, for: peer)
        let whileReading = server.next(at: .start)?.pull
        #expect(first == pulls[0] && whileReading == nil)
        let (isOther, isOwn) = (server.finished(2, for: peer), server.finished(1, for: peer))
        #expect(!isOther && isOwn)
        let second = server.next(at: .start)?.pull
        server.linkDown(peer)
        let afterwards = server.next(at: .start)?.pull
        #expect(second == pulls[1] && afterwards == nil)
    }

    /// A node that lets each author store 8,000 bytes, and 100 more each second.
    private func strict() -> TestNode {
        var configuration = GossipMachine.Configuration()
        configuration.logBurstBytes = 8_000
        configuration.logBytesPerSecond = 100
        var node = TestNode(cast, 1, configuration: configuration)
        for member in 2...4 { node.linkUp(member) }
        _ = node.takeSent()
        return node
    }

    @Test func `an author that fills its log is slowed down, the others are not`() {
        var node = strict()
        let log = cast.log(by: MemberIndex(2), count: 30, bytes: 800)
        for entry in log { node.receive(range: [entry], from: 2) }
        #expect((8...9).contains(node.delivered(2).count))
        #expect(node.dropped(.authorQuota) == 30 - node.delivered(2).count)
        #expect(node.disconnected.isEmpty)
        node.receive(range: cast.log(by: MemberIndex(3), count: 3), from: 3)
        #expect(node.delivered(3).count == 3)
        let taken = node.delivered(2).count
        node.receive(range: Array(log[taken...]), from: 2, at: moment(30_000))
        #expect((taken + 1...taken + 4).contains(node.delivered(2).count))
    }

    @Test func `what an honest member has acknowledged is taken beyond the author's quota`() throws {
        var node = strict()
        let log = cast.log(by: MemberIndex(2), count: 30, bytes: 800)
        for entry in log { node.receive(range: [entry], from: 2) }
        let taken = node.delivered(2).count
        _ = node.takeSent()
        let head = Frontier(author: MemberIndex(2), sequence: 30, head: log[29].hashTreeRoot())
        node.receive(frontiers: [head], from: 2)
        #expect(node.takeSent().pulls.isEmpty)
        node.receive(frontiers: [head], from: 4)
        let pulls = node.takeSent().pulls
        #expect(pulls.map(\.pull.first) == [UInt64(taken) + 1])
        node.receive(range: Array(log[taken...]), from: Int(try #require(pulls.first).to.rawValue))
        #expect(node.delivered(2) == log)
    }

    @Test func `f + 1 members vouch, and the author is one member like the others`() {
        let schedule = GossipSchedule(leaderInterval: .milliseconds(250), size: 7)
        let quotas = GossipQuotas(schedule: schedule, logBytesPerSecond: 1, logBurstBytes: 1)
        var planner = PullPlanner(size: 7, faults: 2, quotas: quotas)
        let author = MemberIndex(2)
        planner.claimed(9, of: author, by: author)
        planner.claimed(7, of: author, by: MemberIndex(3))
        #expect(planner.vouched(author) == 0)
        planner.claimed(Frontier.forked, of: author, by: MemberIndex(4))
        #expect(planner.vouched(author) == 0)
        planner.claimed(4, of: author, by: MemberIndex(5))
        #expect(planner.vouched(author) == 4)
        planner.claimed(8, of: author, by: MemberIndex(6))
        #expect(planner.vouched(author) == 7)
    }

    @Test func `questions are answered at a bounded rate`() {
        var node = linked()
        for nonce in 0..<100 { node.receive(.ping, Ping(nonce: UInt64(nonce)).sszBytes, from: 2) }
        #expect(node.takeSent().count(.pong) <= 16)
        node.publish(.wish, [1])
        _ = node.takeSent()
        for bit in 0...100 {
            node.receive(.relayWanted, RelayWanted(bit % 2 == 0 ? [MemberIndex(1)] : []).sszBytes, from: 3)
        }
        #expect(node.takeSent().count(.registers) == 16)
        #expect(node.machine.epoch!.relays.isWanted(MemberIndex(1), by: MemberIndex(3)))
        for number in 0..<100 {
            node.receive(.certificateRequest, [UInt8](repeating: UInt8(number), count: 16), from: 2)
        }
        #expect(node.facts.count { if case .certificate = $0 { true } else { false } } == 32)
    }

    @Test func `frontiers and pulls beyond their type close the link`() {
        let bad: [(MessageType, [UInt8])] = [
            (.pull, Pull(author: MemberIndex(9), first: 1, count: 1).sszBytes),
            (.pull, Pull(author: MemberIndex(2), first: 1, count: 0).sszBytes),
            (.pull, Pull(author: MemberIndex(2), first: 1, count: 65).sszBytes),
            (.frontiers, Frontiers(SSZList([2, 2].map(frontier))!).sszBytes),
            (.frontiers, Frontiers(SSZList([3, 2].map(frontier))!).sszBytes),
            (.frontiers, Frontiers(SSZList([9].map(frontier))!).sszBytes),
        ]
        for (type, body) in bad {
            var node = linked()
            node.receive(type, body, from: 2)
            #expect(node.disconnected.map(\.1) == [.badRequest(type)])
        }
    }

    private func frontier(_ author: Int) -> Frontier {
        Frontier(author: MemberIndex(author), sequence: 1, head: Digest())
    }

    @Test(arguments: 1...4)
    func `any bytes at all leave the machine well and small`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var node = linked()
        node.storesAtOnce = false
        let entries = cast.log(by: MemberIndex(2), count: 12)
        var bodies: [(MessageType, [UInt8])] = [
            (.range, LogRange(SSZList(Array(entries[0..<4]))!).sszBytes),
            (.range, LogRange(SSZList([entries[9]])!).sszBytes),
            (.pull, Pull(author: MemberIndex(2), first: 1, count: 9).sszBytes),
            (.frontiers, Frontiers(SSZList([2, 3].map(frontier))!).sszBytes),
            (.relayWanted, RelayWanted([MemberIndex(2)]).sszBytes),
            (.direct, cast.signed(.ready, by: MemberIndex(3), order: .zero, payload: [1]).sszBytes),
        ]
        let beat = cast.heartbeat(by: MemberIndex(2), order: Order(incarnation: 1, sequence: 1))
        bodies.append((.registers, ObjectBatch([beat])!.sszBytes))
        for step in 0..<4_000 {
            let now = moment(step * 10)
            var (type, body) = bodies[Int(random.next() % UInt64(bodies.count))]
            switch random.next() % 4 {
            case 0: type = MessageType.allCases[Int(random.next() % UInt64(MessageType.allCases.count))]
            case 1: body = (0..<Int(random.next() % 64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            case 2 where !body.isEmpty:
                body[Int(random.next() % UInt64(body.count))] ^= UInt8(truncatingIfNeeded: random.next())
            default: break
            }
            let from = Int(2 + random.next() % 3)
            if body.count <= type.bodyLimit { node.receive(type, body, from: from, at: now) }
            if random.next() % 3 == 0 { node.linkUp(from, at: now) }
            if random.next() % 5 == 0 { node.feed(.linkDown(MemberIndex(from), .other), at: now) }
            if random.next() % 9 == 0 { node.completeStoring(at: now) }
            node.sent = []
            let logs = node.machine.epoch!.logs
            #expect(logs.reads.count <= 8 && logs.pending.count <= 32)
        }
        #expect(node.evidence.isEmpty && !node.wentBack)
    }
}
