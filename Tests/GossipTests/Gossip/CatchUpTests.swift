import Primitives
import Testing

@testable import Gossip

/// A member that was away fetches what f + 1 others hold as fast as it can, whoever lies meanwhile.
@Suite struct CatchUpTests {
    private static let count = 2_000
    private static let log = TestCommittee(size: 4).log(by: MemberIndex(2), count: count)
    private let author = MemberIndex(2)

    /// Three members that hold a long log, and one, the first, that holds nothing of it.
    private func mesh(seed: UInt64 = 1) -> VirtualMesh {
        var mesh = VirtualMesh(size: 4, seed: seed) { member, cast in
            var store = TestStore()
            guard member > 1 else { return store }
            store.logs[cast.identity(of: MemberIndex(2))] = Self.log
            return store
        }
        mesh.weather.leastDelay = .milliseconds(10)
        mesh.weather.delaySpread = .zero
        return mesh
    }

    /// How long the first member takes from its links on, or `nil` if longer than half a minute.
    private func timeToCatchUp(_ mesh: inout VirtualMesh) -> Duration? {
        let begun = mesh.now
        mesh.linkAll()
        while mesh.nodes[0].machine.epoch!.logs.book[author].durable.sequence < Self.count {
            guard begun.duration(to: mesh.now) < .seconds(30) else { return nil }
            mesh.run(for: .milliseconds(5))
        }
        return begun.duration(to: mesh.now)
    }

    /// A round is the way of a pull and of its answer.
    ///
    /// The first tells the frontiers, and begins with the pulls that a stranger may have; afterwards each brings what
    /// the neighbours may have under way.
    @Test func `a member that was away catches up in as few rounds as its bounds allow`() throws {
        var mesh = mesh()
        let time = try #require(timeToCatchUp(&mesh))
        let inRound = 16 * 32
        let rounds = 1 + (Self.count + inRound - 1) / inRound + 2
        #expect(time <= .milliseconds(25) * rounds)
        #expect(mesh.nodes[0].delivered(2).map(\.object.order.sequence) == Array(1...UInt64(Self.count)))
        #expect(mesh.nodes[0].metrics[.pullFailed] == nil)
    }

    @Test func `who claims and brings nothing delays it once, by less than a second`() throws {
        var honest = mesh()
        let undisturbed = try #require(timeToCatchUp(&honest))
        var mesh = mesh()
        mesh.intercept = { from, _, message in from == 4 && message.type == .range ? nil : message }
        let time = try #require(timeToCatchUp(&mesh))
        #expect(time <= undisturbed * 2 + SourceStanding.unknownLateness + .milliseconds(250))
    }

    @Test func `who brings garbage is cut off, and what it was asked for comes from others`() throws {
        var honest = mesh()
        let undisturbed = try #require(timeToCatchUp(&honest))
        var mesh = mesh()
        mesh.intercept = { from, _, message in
            guard from == 4, message.type == .range, var range = try? LogRange(ssz: message.body) else {
                return message
            }
            var entries = range.entries.elements
            entries[entries.count - 1].signature[7] ^= 1
            range.entries = SSZList(entries)!
            return LinkMessage(.range, body: range.sszBytes)
        }
        let time = try #require(timeToCatchUp(&mesh))
        #expect(!mesh.isLinked(1, 4))
        #expect(mesh.nodes[0].penalties.map(\.1) == [.badSignature(.logEntry)])
        #expect(time <= undisturbed * 2)
    }

    @Test func `who brings one entry of each range is not asked again soon`() throws {
        final class Count { var pulls = 0 }
        var honest = mesh()
        let undisturbed = try #require(timeToCatchUp(&honest))
        var mesh = mesh()
        let count = Count()
        mesh.intercept = { from, to, message in
            if to == 4, message.type == .pull { count.pulls += 1 }
            guard from == 4, message.type == .range, let range = try? LogRange(ssz: message.body) else {
                return message
            }
            return LinkMessage(.range, body: LogRange(SSZList([range.entries[0]])!).sszBytes)
        }
        let time = try #require(timeToCatchUp(&mesh))
        #expect(time <= undisturbed * 2 && time < .seconds(1))
        #expect((1...PullPlanner.perStranger).contains(count.pulls))
    }

    /// A member of seven with links to all, and a log that two liars hold: its author and another.
    private func besieged() -> (node: TestNode, log: [SignedObject]) {
        var node = TestNode(TestCommittee(size: 7), 1)
        for member in 2...7 { node.linkUp(member) }
        _ = node.takeSent()
        return (node, Self.longLog)
    }

    private static let longLog = TestCommittee(size: 7).log(by: MemberIndex(2), count: 3_000)

    private func head(_ log: [SignedObject]) -> [Frontier] {
        [Frontier(author: author, sequence: UInt64(log.count), head: log.last!.hashTreeRoot())]
    }

    /// Answers all pulls at one moment as the members named would, until none comes.
    private func answer(
        _ node: inout TestNode,
        _ log: [SignedObject],
        _ members: [Int],
        at now: Instant = .start
    ) {
        var pulls = node.takeSent().pulls[...]
        while let next = pulls.popFirst() {
            guard members.contains(Int(next.to.rawValue)) else { continue }
            let first = Int(next.pull.first) - 1
            let range = LogRange(fitting: Array(log[first..<min(log.count, first + Int(next.pull.count))]))
            node.receive(.range, range.sszBytes, from: Int(next.to.rawValue), at: now)
            pulls += node.takeSent().pulls
        }
    }

    @Test func `f liars cannot have more verified than their author may say`() {
        var (node, log) = besieged()
        for liar in [2, 7] { node.receive(frontiers: head(log), from: liar) }
        answer(&node, log, [2, 7])
        let slow = node.metrics[.verified] ?? 0
        #expect(slow >= 1_024 && slow <= 1_024 + 64)
        // With one that is honest they are f + 1.
        node.receive(frontiers: head(log), from: 5)
        answer(&node, log, [2, 5, 7])
        #expect(node.delivered(2).count > 2 * slow)
    }

    @Test func `what is verified for others' sake has a pace too`() {
        var (node, log) = besieged()
        for member in 3...5 { node.receive(frontiers: head(log), from: member) }
        answer(&node, log, [3, 4, 5])
        let atOnce = node.delivered(2).count
        #expect(atOnce >= 1_200 && atOnce <= 1_200 + PullPlanner.inAll * Int(PullPlanner.vouchedCount))
        while let next = node.machine.nextDeadline, next < Instant.start.advanced(by: .milliseconds(100)) {
            node.expire(at: next)
            answer(&node, log, [3, 4, 5], at: next)
        }
        #expect(node.delivered(2).count > atOnce)
    }

    @Test func `a range that nobody asked for counts to the link's limit, an answer does not`() {
        var (node, log) = besieged()
        let burst = node.machine.epoch!.quotas.linkBurstBytes
        let range = LogRange(SSZList(Array(log[0..<32]))!).sszBytes
        var asked = 0
        for member in 3...5 { node.receive(frontiers: head(log), from: member) }
        let pulls = node.takeSent().pulls.filter { $0.to == MemberIndex(3) }
        for _ in pulls {
            node.receive(.range, range, from: 3)
            asked += range.count
        }
        #expect(asked > 0 && node.machine.epoch!.linkBudgets[MemberIndex(3)].holds(burst - 200, at: .start))
        _ = node.takeSent()
        var unasked = 0
        while node.disconnected.isEmpty, unasked < 1 << 30 {
            // From one who owes nothing.
            node.receive(.range, range, from: 6)
            unasked += range.count
        }
        #expect(node.disconnected.map(\.1) == [.flood])
        #expect(unasked <= burst + 2 * range.count)
    }

    @Test func `after the loss of a link only what was under way there is asked for again`() throws {
        var (node, log) = besieged()
        for member in 3...5 { node.receive(frontiers: head(log), from: member) }
        var pulls = node.takeSent().pulls
        var asked: [UInt64: Int] = [:]
        func note(_ pulls: [(pull: Pull, to: MemberIndex)]) {
            for (pull, _) in pulls {
                for sequence in pull.first..<(pull.first + UInt64(pull.count)) {
                    asked[sequence, default: 0] += 1
                }
            }
        }
        note(pulls)
        // The first ranges were asked of one, and are lost with its link; what came after them is kept.
        let gone = pulls[0].to
        let lost = pulls.filter { $0.to == gone }
        for (pull, member) in pulls where member != gone {
            let first = Int(pull.first) - 1
            node.receive(range: Array(log[first..<(first + Int(pull.count))]), from: Int(member.rawValue))
        }
        pulls = node.takeSent().pulls
        note(pulls)
        #expect(node.delivered(2).isEmpty && asked.values.allSatisfy { $0 == 1 })
        node.feed(.linkDown(gone, .other))
        while node.metrics[.verified] ?? 0 < 1_000 {
            let more = node.takeSent().pulls
            note(more)
            pulls = pulls.filter { $0.to != gone } + more
            let (pull, member) = try #require(pulls.first)
            pulls.removeFirst()
            let first = Int(pull.first) - 1
            node.receive(range: Array(log[first..<(first + Int(pull.count))]), from: Int(member.rawValue))
        }
        #expect(node.delivered(2).count > 900)
        let twice = asked.filter { $0.value > 1 }.keys.sorted()
        let missing = lost.flatMap { Array($0.pull.first..<($0.pull.first + UInt64($0.pull.count))) }
        #expect(!missing.isEmpty && twice == missing.sorted())
    }

    @Test func `what waits behind a gap has a limit`() {
        var (node, _) = besieged()
        let log = node.cast.log(by: author, count: 400, bytes: 30_000)
        for member in 3...5 { node.receive(frontiers: head(log), from: member) }
        var pulls = node.takeSent().pulls[...]
        // Everything is answered but what comes first.
        while let (pull, member) = pulls.popFirst() {
            guard pull.first > 1 else { continue }
            let first = Int(pull.first) - 1
            let range = LogRange(fitting: Array(log[first..<min(log.count, first + Int(pull.count))]))
            node.receive(.range, range.sszBytes, from: Int(member.rawValue))
            pulls += node.takeSent().pulls
        }
        #expect(node.delivered(2).isEmpty)
        let kept = node.machine.epoch!.logs.book[author].waitingBytes
        #expect(kept > 1_000_000 && kept <= AuthorLog.askedWaitingBytesLimit)
    }

    @Test func `a store that is slow ends the asking until it has caught up`() {
        var (node, _) = besieged()
        node.storesAtOnce = false
        let log = node.cast.log(by: author, count: 400, bytes: 30_000)
        for member in 3...5 { node.receive(frontiers: head(log), from: member) }
        answer(&node, log, [3, 4, 5])
        let storing = node.machine.epoch!.logs.book[author].storingBytes
        #expect(storing >= AuthorLog.askingBytesLimit && storing <= AuthorLog.askedStoringBytesLimit)
        #expect(node.dropped(.storeBusy) == 0)
        node.completeStoring()
        answer(&node, log, [3, 4, 5])
        #expect(
            node.delivered(2).count > 100 && node.machine.epoch!.logs.book[author].accepted.sequence > 200
        )
    }
}
