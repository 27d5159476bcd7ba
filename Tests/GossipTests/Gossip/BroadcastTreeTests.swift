import Primitives
import Testing

@testable import Gossip

/// One member of a committee too large for links to all, fed by hand.
@Suite struct BroadcastTreeTests {
    private let cast = TestCommittee(size: 40)
    /// Whom member 1 has mesh links with.
    private let neighbours = [2, 3, 4]
    /// Two members that it has no link with and that do not lead.
    private var author: Int { quiet[0] }
    private var other: Int { quiet[1] }
    /// One whose link is not of the mesh, unless it is made one.
    private var stray: Int { quiet[10] }

    private var quiet: [Int] {
        (5...40).filter { MemberIndex($0) != cast.committee.leader(of: View(0)) }
    }

    private func linked() -> TestNode {
        var node = TestNode(cast, 1)
        node.feed(.neighboursChosen(neighbours.map { MemberIndex($0) }))
        for member in neighbours { node.linkUp(member) }
        _ = node.takeSent()
        return node
    }

    private func moment(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    private func beat(_ author: Int, _ sequence: UInt64) -> SignedObject {
        cast.heartbeat(by: MemberIndex(author), order: Order(incarnation: 1, sequence: sequence))
    }

    private func entries(_ author: Int, _ count: Int) -> [SignedObject] {
        cast.log(by: MemberIndex(author), count: count)
    }

    private func request(_ members: [Int]) -> [UInt8] {
        RelayWanted(members.map { MemberIndex($0) }).sszBytes
    }

    /// Lets time pass, and notes what was asked of each neighbour last.
    private func run(_ node: inout TestNode, to milliseconds: Int, _ asked: inout [MemberIndex: RelayWanted])
    {
        while let due = node.machine.nextDeadline, due <= moment(milliseconds) { node.expire(at: due) }
        for (message, to) in node.sent where message.type == .relayWanted {
            asked[to] = try? RelayWanted(ssz: message.body)
        }
    }

    private func askers(_ asked: [MemberIndex: RelayWanted], of author: Int) -> [Int] {
        neighbours.filter { asked[MemberIndex($0)]?.contains(MemberIndex(author)) ?? false }
    }

    @Test func `asks all for an author, then the one that brought it first`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        run(&node, to: 100, &asked)
        #expect(askers(asked, of: author) == [2, 3, 4])
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(110))
        node.receive([beat(author, 1)], .registers, from: 2, at: moment(120))
        run(&node, to: 200, &asked)
        #expect(askers(asked, of: author) == [3] && askers(asked, of: other) == [2, 3, 4])
    }

    @Test func `asks nobody else for an author whose own link brings it`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.receive([beat(4, 1)], .registers, from: 4, at: moment(10))
        run(&node, to: 200, &asked)
        #expect(askers(asked, of: 4) == [])
    }

    @Test func `asks all again when the parent's link ends, at once`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(10))
        run(&node, to: 200, &asked)
        node.feed(.linkDown(MemberIndex(3), .other), at: moment(210))
        run(&node, to: 210, &asked)
        asked[MemberIndex(3)] = nil
        #expect(askers(asked, of: author) == [2, 4])
    }

    @Test func `asks all again when the author is half an interval late`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(100))
        for time in stride(from: 200, through: 650, by: 50) {
            node.receive([beat(other, UInt64(time))], .registers, from: 2, at: moment(time))
            run(&node, to: time, &asked)
            #expect(askers(asked, of: author) == [3])
        }
        for time in stride(from: 700, through: 900, by: 50) {
            node.receive([beat(other, UInt64(time))], .registers, from: 2, at: moment(time))
            run(&node, to: time, &asked)
        }
        #expect(askers(asked, of: author) == [2, 3, 4] && askers(asked, of: other) == [2])
    }

    @Test func `passes entries on to who takes their author from here, and announces them to the rest`()
        throws
    {
        var node = linked()
        node.receive(.relayWanted, request([author]), from: 2)
        node.receive(.relayWanted, request([]), from: 3)
        _ = node.takeSent()
        node.receive(range: entries(author, 1), from: 4, at: moment(10))
        var sent = node.takeSent()
        #expect(sent.ranges.map(\.to) == [MemberIndex(2)] && sent.count(.announcement) == 0)
        var asked: [MemberIndex: RelayWanted] = [:]
        run(&node, to: 100, &asked)
        sent = node.takeSent()
        let announced = sent.filter { $0.message.type == .announcement }
        #expect(announced.map(\.to) == [MemberIndex(3)])
        let head = Frontier(
            author: MemberIndex(author),
            sequence: 1,
            head: entries(author, 1)[0].hashTreeRoot()
        )
        #expect(try Frontiers(ssz: announced[0].message.body).entries.elements == [head])
        #expect(sent.count(.range) == 0)
    }

    @Test func `pulls what was announced and has not come by the tree, and changes the parent`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(10))
        let log = entries(author, 2)
        let head = Frontier(author: MemberIndex(author), sequence: 2, head: log[1].hashTreeRoot())
        node.receive(.announcement, Frontiers(SSZList([head])!).sszBytes, from: 4, at: moment(20))
        run(&node, to: 140, &asked)
        #expect(askers(asked, of: author) == [3] && node.takeSent().pulls.isEmpty)
        run(&node, to: 210, &asked)
        let pulls = node.takeSent().pulls
        #expect(pulls.map(\.to) == [MemberIndex(4)])
        #expect(pulls.map(\.pull) == [Pull(author: MemberIndex(author), first: 1, count: 2)])
        node.receive(range: log, from: 4, at: moment(215))
        run(&node, to: 300, &asked)
        #expect(node.delivered(author) == log && askers(asked, of: author) == [4])
    }

    @Test func `pulls nothing that comes by the tree in time`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        let log = entries(author, 1)
        let head = Frontier(author: MemberIndex(author), sequence: 1, head: log[0].hashTreeRoot())
        node.receive(.announcement, Frontiers(SSZList([head])!).sszBytes, from: 4, at: moment(20))
        node.receive(range: log, from: 3, at: moment(60))
        run(&node, to: 400, &asked)
        #expect(node.takeSent().pulls.isEmpty && node.delivered(author) == log)
    }

    @Test func `a link that neither end has chosen carries its ends' own words alone`() {
        var node = linked()
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(10))
        node.linkUp(20, at: moment(20))
        let sent = node.takeSent()
        #expect(sent.objects(.registers, to: 20).allSatisfy { $0.object.author == MemberIndex(1) })
        #expect(sent.count(.frontiers, to: 20) == 0 && node.machine.meshMembers.count == 3)
        let wish = cast.signed(
            .wish,
            by: MemberIndex(author),
            order: Order(incarnation: 1, sequence: 1),
            payload: [1]
        )
        node.receive([wish], from: 3, at: moment(30))
        #expect(Set(node.takeSent().map(\.to)) == [MemberIndex(2), MemberIndex(4)])
        node.publish(.wish, [1], at: moment(40))
        #expect(node.takeSent().objects(.objects, to: 20).count == 1)
        node.receive(.relayWanted, request([]), from: 20, at: moment(50))
        #expect(node.machine.meshMembers.contains(MemberIndex(20)))
        #expect(node.takeSent().objects(.registers, to: 20).contains(beat(author, 1)))
    }

    @Test func `neither asks nor follows a neighbour that has chosen itself`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.linkUp(stray, at: moment(5))
        node.receive(.relayWanted, request([]), from: stray, at: moment(5))
        node.receive([beat(author, 1)], .registers, from: stray, at: moment(10))
        node.receive([beat(author, 2)], .registers, from: 3, at: moment(20))
        run(&node, to: 200, &asked)
        #expect(askers(asked, of: author) == [3])
        #expect(asked[MemberIndex(stray)]?.contains(MemberIndex(other)) == false)
    }

    @Test func `seeks a parent anew after its time, so that one that falls ever further behind is found out`()
    {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.receive([beat(author, 1)], .registers, from: 3, at: moment(10))
        var foundOutAt: Int?
        for sequence in 2...(BroadcastTrees.tenure + 20) {
            let time = sequence * 400
            run(&node, to: time, &asked)
            _ = node.takeSent()
            if foundOutAt == nil, askers(asked, of: author) == [2, 3, 4] { foundOutAt = sequence }
            if foundOutAt != nil {
                node.receive([beat(author, UInt64(sequence) + 9)], .registers, from: 2, at: moment(time))
            }
            node.receive([beat(author, UInt64(sequence))], .registers, from: 3, at: moment(time))
        }
        run(&node, to: (BroadcastTrees.tenure + 21) * 400, &asked)
        #expect((foundOutAt ?? 0) > BroadcastTrees.tenure - 2)
        #expect(askers(asked, of: author) == [2])
    }

    @Test func `says its own heartbeats and entries over every link, and takes those of others so`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        node.linkUp(stray, at: moment(5))
        node.receive([beat(stray, 1)], .registers, from: stray, at: moment(10))
        run(&node, to: 410, &asked)
        #expect(askers(asked, of: stray) == [])
        _ = node.takeSent()
        node.receive([beat(stray, 2)], .registers, from: stray, at: moment(420))
        run(&node, to: 820, &asked)
        let beats = node.takeSent().objects(.registers, to: stray)
        #expect(!beats.isEmpty && beats.allSatisfy { $0.object.author == MemberIndex(1) })
        node.feed(.entryComposed(.deal, body: [1]), at: moment(830))
        #expect(node.takeSent().ranges.map(\.to).contains(MemberIndex(stray)))
        #expect(!node.machine.meshMembers.contains(MemberIndex(stray)))
    }

    @Test func `a member off the mesh whose logs stay different becomes a neighbour`() {
        var node = linked()
        node.linkUp(stray, at: moment(5))
        for sequence in 1...UInt64(LogSpread.differencesLimit) {
            #expect(!node.machine.meshMembers.contains(MemberIndex(stray)))
            let digest = SHA256.hash([9])
            let order = Order(incarnation: 1, sequence: sequence)
            let heartbeat = cast.heartbeat(by: MemberIndex(stray), order: order, frontiers: digest)
            node.receive([heartbeat], .registers, from: stray, at: moment(Int(sequence) * 400))
        }
        #expect(node.machine.meshMembers.contains(MemberIndex(stray)))
    }

    @Test func `a member off the mesh whose logs keep growing stays off it`() {
        var node = linked()
        node.linkUp(stray, at: moment(5))
        for sequence in 1...UInt64(3 * LogSpread.differencesLimit) {
            let digest = SHA256.hash([UInt8(sequence / 2)])
            let order = Order(incarnation: 1, sequence: sequence)
            let heartbeat = cast.heartbeat(by: MemberIndex(stray), order: order, frontiers: digest)
            node.receive([heartbeat], .registers, from: stray, at: moment(Int(sequence) * 400))
        }
        #expect(!node.machine.meshMembers.contains(MemberIndex(stray)))
    }

    @Test func `an announcement that nothing comes of does not spend the patience for later ones`() {
        var node = linked()
        var asked: [MemberIndex: RelayWanted] = [:]
        let log = entries(author, 1)
        let lie = Frontier(author: MemberIndex(author), sequence: 1, head: Digest())
        node.receive(.announcement, Frontiers(SSZList([lie])!).sszBytes, from: 2, at: moment(20))
        run(&node, to: 10_000, &asked)
        _ = node.takeSent()
        let head = Frontier(author: MemberIndex(author), sequence: 1, head: log[0].hashTreeRoot())
        node.receive(.announcement, Frontiers(SSZList([head])!).sszBytes, from: 4, at: moment(10_000))
        run(&node, to: 10_060, &asked)
        #expect(node.takeSent().pulls.isEmpty)
        run(&node, to: 10_400, &asked)
        #expect(node.takeSent().pulls.map(\.to) == [MemberIndex(4)])
    }

    @Test func `a lie about a log, told again and again, keeps nobody awake`() {
        var node = linked()
        let lie = Frontier(author: MemberIndex(author), sequence: 1, head: Digest())
        let announcement = Frontiers(SSZList([lie])!).sszBytes
        var wakes = 0
        for time in stride(from: 500, through: 20_000, by: 500) {
            node.receive(.announcement, announcement, from: 2, at: moment(time))
            while let due = node.machine.nextDeadline, due < moment(time + 500) {
                node.expire(at: due)
                wakes += 1
            }
        }
        #expect(wakes < 130)
    }

    @Test func `fewer than f + 1 neighbours vouch for no log, however many of them there are`() {
        let schedule = GossipSchedule(leaderInterval: .milliseconds(250), size: 40)
        let quotas = GossipQuotas(schedule: schedule, logBytesPerSecond: 1, logBurstBytes: 1)
        var planner = PullPlanner(size: 40, faults: 13, quotas: quotas)
        for neighbour in 2...14 { planner.claimed(7, of: MemberIndex(30), by: MemberIndex(neighbour)) }
        #expect(planner.vouched(MemberIndex(30)) == 0)
        planner.claimed(7, of: MemberIndex(30), by: MemberIndex(15))
        #expect(planner.vouched(MemberIndex(30)) == 7)
    }

    @Test func `an announcement of one's own log keeps nobody from appending to it`() {
        var node = linked()
        let lie = Frontier(author: MemberIndex(1), sequence: 1_000, head: Digest())
        node.receive(.announcement, Frontiers(SSZList([lie])!).sszBytes, from: 4, at: moment(20))
        node.feed(.entryComposed(.deal, body: [1]), at: moment(30))
        #expect(node.takeSent().ranges.count == 3)
    }

    @Test func `an announcement out of order or empty is its sender's offence`() {
        for bad in [[], [9, 8], [9, 9], [77]] {
            var node = linked()
            let heads = bad.map { Frontier(author: MemberIndex($0), sequence: 1, head: Digest()) }
            node.receive(.announcement, Frontiers(SSZList(heads)!).sszBytes, from: 4)
            #expect(node.disconnected.map(\.1) == [.badRequest(.announcement)])
        }
    }

    @Test func `announcements beyond the schedule are dropped`() {
        var node = linked()
        let head = Frontier(author: MemberIndex(author), sequence: 1, head: Digest())
        for _ in 0..<40 {
            node.receive(.announcement, Frontiers(SSZList([head])!).sszBytes, from: 4, at: moment(1))
        }
        #expect(node.dropped(.linkQuota) == 8 && node.disconnected.isEmpty)
    }
}
