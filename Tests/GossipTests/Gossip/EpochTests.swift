import Primitives
import Testing

@testable import Gossip

@Suite struct EpochTests {
    private let first = TestCommittee(size: 4, epoch: 1)
    /// Members 2...5 of old, in new positions: identity i is at position i - 1.
    private let second = TestCommittee(size: 4, epoch: 2, firstIdentity: 2)

    private func start(_ cast: TestCommittee, own: Int, past: [Committee] = []) -> GossipMachine.Event {
        .epochStarted(
            EpochStart(committee: cast.committee, own: MemberIndex(own), incarnation: 1, past: past)
        )
    }

    private func entered(past: [Committee]) -> TestNode {
        var node = TestNode(first, 2)
        node.linkUp(3)
        node.receive(range: first.log(by: MemberIndex(3), count: 2), from: 3)
        node.feed(.entryComposed(.deal, body: [1]))
        node.publish(.wish, [1])
        node.facts = []
        node.sent = []
        node.feed(start(second, own: 1, past: past))
        return node
    }

    @Test func `logs go on under the identity's new position`() throws {
        var node = entered(past: [first.committee])
        node.linkUp(2)
        let old = first.log(by: MemberIndex(3), count: 2)
        let next = second.entry(after: old, by: MemberIndex(2), body: [9])
        node.receive(range: [next], from: 2)
        #expect(node.delivered(2) == [next])
        node.feed(.entryComposed(.confirm, body: [2]))
        let own = try #require(node.delivered(1).first)
        #expect(own.object.order.sequence == 2 && own.object.epoch == Epoch(2))
        let identity = second.identity(of: MemberIndex(1))
        let before = try #require(node.store.logs[identity]?.first)
        #expect(try LogEntry(ssz: own.object.payload.bytes).previous == before.hashTreeRoot())
    }

    @Test func `entries of an earlier epoch are checked by that epoch's committee`() {
        let old = first.log(by: MemberIndex(4), count: 2)
        var knowing = entered(past: [first.committee])
        knowing.linkUp(3)
        knowing.receive(range: old, from: 3)
        #expect(knowing.delivered(3) == old)
        var unknowing = entered(past: [])
        unknowing.linkUp(3)
        unknowing.receive(range: old, from: 3)
        #expect(unknowing.delivered(3).isEmpty && unknowing.dropped(.otherEpoch) == 2)
        #expect(unknowing.disconnected.isEmpty)
    }

    @Test func `entries of who is no member any more are dropped without blame`() {
        var node = entered(past: [first.committee])
        node.linkUp(3)
        node.receive(range: first.log(by: MemberIndex(1), count: 1), from: 3)
        #expect(node.dropped(.formerMember) == 1 && node.disconnected.isEmpty)
    }

    @Test func `what was on its way to the store is delivered under the new position`() {
        var node = TestNode(first, 2)
        node.linkUp(3)
        node.storesAtOnce = false
        let old = first.log(by: MemberIndex(3), count: 1)
        node.receive(range: old, from: 3)
        node.feed(start(second, own: 1, past: [first.committee]))
        node.completeStoring()
        #expect(node.delivered(2) == old)
    }

    @Test func `orders go on within an incarnation, so that nothing is said twice`() {
        var node = entered(past: [first.committee])
        node.linkUp(2)
        node.sent = []
        let last = node.machine.orders.last(.heartbeat)
        node.expire(at: node.machine.nextDeadline!)
        #expect(node.takeSent().objects(.registers, to: 2).map(\.object.order.sequence) == [last + 1])
        #expect(last == 2)
    }

    @Test func `links and registers of the old epoch are forgotten`() {
        let node = entered(past: [first.committee])
        #expect(node.machine.linkedMembers == [])
        #expect(node.machine.newest(.wish, of: MemberIndex(1)) == nil)
    }

    @Test func `says what it cannot do before the first epoch`() {
        var machine = GossipMachine(
            status: TestNode.status(view: 0),
            signatures: TestSignatures(identity: first.identity(of: MemberIndex(1))),
            domains: first.domains,
            random: SplitMix64(seed: 1)
        )
        #expect(machine.nextDeadline == nil)
        let refused = machine.handle(.entryComposed(.deal, body: [1]), at: .start)
        #expect(
            refused == [
                .deliver(.entryRefused(.deal, body: [1], .noEpoch)), .count(.entryRefused(.noEpoch), 1),
            ]
        )
        let ping = LinkMessage(.ping, body: Ping(nonce: 1).sszBytes)
        let dropped = machine.handle(.received(ping, from: MemberIndex(2)), at: .start)
        #expect(dropped == [.count(.dropped(.unexpected), 1)])
    }
}

@Suite struct LinkFactTests {
    private let cast = TestCommittee(size: 4)

    @Test func `tells consensus of links, refusals and round trips`() throws {
        var node = TestNode(cast, 1)
        node.linkUp(2)
        let ping = try #require(node.takeSent().first { $0.message.type == .ping })
        let nonce = try Ping(ssz: ping.message.body).nonce
        let now = Instant.start.advanced(by: .milliseconds(8))
        node.receive(.pong, Pong(nonce: nonce &+ 1).sszBytes, from: 2, at: now)
        node.receive(.pong, Pong(nonce: nonce).sszBytes, from: 2, at: now)
        node.receive(.pong, Pong(nonce: nonce).sszBytes, from: 2, at: now.advanced(by: .seconds(1)))
        node.feed(.linkDown(MemberIndex(2), .closedByPeer), at: now)
        node.feed(.redialRefused(MemberIndex(2), closedAt: now), at: now)
        #expect(
            node.facts == [
                .linkUp(MemberIndex(2)),
                .roundTrip(MemberIndex(2), .milliseconds(8)),
                .linkDown(MemberIndex(2), .closedByPeer),
                .redialRefused(MemberIndex(2), closedAt: now),
            ]
        )
    }

    @Test func `answers a ping with its nonce`() {
        var node = TestNode(cast, 1)
        node.linkUp(2)
        _ = node.takeSent()
        node.receive(.ping, Ping(nonce: 77).sszBytes, from: 2)
        #expect(node.takeSent().map(\.message) == [LinkMessage(.pong, body: Pong(nonce: 77).sszBytes)])
    }

    @Test func `passes certificates through unread, both ways`() {
        var node = TestNode(cast, 1)
        node.linkUp(2)
        node.linkUp(3)
        _ = node.takeSent()
        let certificate = LinkMessage(.electionCertificate, body: [1, 2, 3])
        node.feed(.received(certificate, from: MemberIndex(2)))
        #expect(node.facts.last == .certificate(certificate, from: MemberIndex(2)))
        node.feed(.certificateComposed(certificate, to: nil))
        #expect(node.takeSent().map(\.to) == [2, 3].map { MemberIndex($0) })
        node.feed(.certificateComposed(certificate, to: [MemberIndex(3), MemberIndex(4)]))
        #expect(node.takeSent().map(\.to) == [MemberIndex(3)])
    }

    @Test func `heeds nobody without a link`() {
        var node = TestNode(cast, 1)
        node.receive([cast.heartbeat(by: MemberIndex(2), order: Order(incarnation: 1, sequence: 1))], from: 2)
        #expect(node.dropped(.closedLink) == 1 && node.machine.newest(.heartbeat, of: MemberIndex(2)) == nil)
    }
}
