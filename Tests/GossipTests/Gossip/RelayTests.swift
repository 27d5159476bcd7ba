import Primitives
import Testing

@testable import Gossip

@Suite struct RelayTests {
    private let cast = TestCommittee(size: 4)

    private func beat(_ author: Int, _ sequence: UInt64, wish: Order = .zero) -> SignedObject {
        cast.heartbeat(by: MemberIndex(author), order: Order(incarnation: 1, sequence: sequence), wish: wish)
    }

    private func wish(_ author: Int, _ sequence: UInt64) -> SignedObject {
        let order = Order(incarnation: 1, sequence: sequence)
        return cast.signed(.wish, by: MemberIndex(author), order: order, payload: [1])
    }

    private func linked(to members: [Int] = [2, 3, 4]) -> TestNode {
        var node = TestNode(cast, 1)
        for member in members { node.linkUp(member) }
        _ = node.takeSent()
        return node
    }

    private func requests(
        _ sent: [(message: LinkMessage, to: MemberIndex)],
        to member: Int
    ) -> [[MemberIndex]] {
        sent.filter { $0.message.type == .relayWanted && $0.to == MemberIndex(member) }
            .compactMap { (try? RelayWanted(ssz: $0.message.body))?.members }
    }

    private func request(_ members: [Int]) -> [UInt8] {
        RelayWanted(members.map { MemberIndex($0) }).sszBytes
    }

    @Test func `floods a wish once, to all but its author and its bringer`() {
        var node = linked()
        node.receive([wish(2, 1)], from: 3)
        let sent = node.takeSent()
        #expect(sent.map(\.to) == [MemberIndex(4)])
        #expect(sent.objects(.objects, to: 4) == [wish(2, 1)])
        node.receive([wish(2, 1)], from: 4)
        node.receive([wish(2, 1)], from: 2)
        #expect(node.takeSent().isEmpty)
    }

    @Test func `does not flood a wish to who has shown it already`() {
        var node = linked()
        node.receive([wish(2, 2)], from: 4)
        _ = node.takeSent()
        node.receive([wish(2, 1)], from: 3)
        #expect(node.takeSent().isEmpty)
        node.receive([wish(2, 3)], from: 3)
        #expect(node.takeSent().map(\.to) == [MemberIndex(4)])
    }

    @Test func `sends its own wish to all at once and tells it to consensus`() {
        var node = linked()
        node.publish(.linkLost, [9])
        let sent = node.takeSent()
        #expect(sent.map(\.to) == [2, 3, 4].map { MemberIndex($0) })
        let object = sent.objects(.objects, to: 2)[0]
        #expect(object.object.order == Order(incarnation: 1, sequence: 1))
        #expect(node.facts.contains(.published(object)))
    }

    @Test func `does not relay heartbeats that nobody asked for`() {
        var node = linked()
        node.receive([beat(2, 1)], .registers, from: 2)
        #expect(node.takeSent().isEmpty)
        node.expire(at: node.machine.nextDeadline!)
        #expect(node.takeSent().objects(.registers, to: 3).allSatisfy { $0.object.author == MemberIndex(1) })
    }

    @Test func `tells all registers to who links, but not its own`() {
        var node = linked(to: [2, 3])
        node.receive([beat(2, 1), wish(2, 1), beat(4, 8), wish(4, 3)], .registers, from: 2)
        _ = node.takeSent()
        node.linkUp(4)
        let told = node.takeSent().objects(.registers, to: 4)
        let others = told.filter { $0.object.author != MemberIndex(1) }
        #expect(others == [beat(2, 1), wish(2, 1)])
        #expect(told.contains { $0.object.author == MemberIndex(1) })
    }

    @Test func `asks all neighbours for whom it has no link to, until it has`() {
        var node = linked(to: [2, 3])
        node.expire(at: node.machine.nextDeadline!)
        #expect(requests(node.takeSent(), to: 2) == [[MemberIndex(4)]])
        let now = node.machine.nextDeadline!.advanced(by: .milliseconds(-100))
        for author in 2...3 { node.receive([beat(author, 1)], .registers, from: author, at: now) }
        node.linkUp(4, at: now)
        node.expire(at: node.machine.nextDeadline!)
        #expect(requests(node.takeSent(), to: 2) == [[]])
        node.feed(.linkDown(MemberIndex(4), .closedByPeer))
        let sent = node.takeSent()
        #expect(requests(sent, to: 2) == [[MemberIndex(4)]] && requests(sent, to: 3) == [[MemberIndex(4)]])
    }

    @Test func `asks for an author whose heartbeat is late by half an interval`() {
        var node = linked()
        var asked: [Int: Instant] = [:]
        while node.machine.nextDeadline! < Instant.start.advanced(by: .seconds(1)) {
            let now = node.machine.nextDeadline!
            for author in [2, 3] {
                node.receive(
                    [beat(author, UInt64(now.sinceStart / .milliseconds(1)) + 1)],
                    .registers,
                    from: author,
                    at: now
                )
            }
            node.receive(
                [beat(4, UInt64(now.sinceStart / .milliseconds(1)) + 1)],
                .registers,
                from: 2,
                at: now
            )
            node.expire(at: now)
            for neighbour in [2, 3] where requests(node.sent, to: neighbour) == [[MemberIndex(4)]] {
                asked[neighbour] = now
            }
            _ = node.takeSent()
        }
        let late = Instant.start.advanced(by: .milliseconds(375))
        #expect(asked.count == 2)
        #expect(asked.values.allSatisfy { $0 > late && $0 <= late.advanced(by: .milliseconds(250)) })
    }

    @Test func `relays on its tick what it was asked for, once`() {
        let author = (2...4).first { MemberIndex($0) != cast.committee.leader(of: View(0)) }!
        let asker = author == 4 ? 3 : 4
        var node = linked()
        node.receive(.relayWanted, request([author]), from: asker)
        node.receive([beat(author, 1)], .registers, from: author)
        #expect(node.takeSent().isEmpty)
        node.expire(at: node.machine.nextDeadline!)
        #expect(node.takeSent().objects(.registers, to: asker).contains(beat(author, 1)))
        node.expire(at: node.machine.nextDeadline!)
        #expect(!node.takeSent().objects(.registers, to: asker).contains(beat(author, 1)))
        node.receive(.relayWanted, request([]), from: asker)
        node.receive([beat(author, 2)], .registers, from: author)
        node.expire(at: node.machine.nextDeadline!)
        #expect(!node.takeSent().objects(.registers, to: asker).contains(beat(author, 2)))
    }

    @Test func `relays the leader's heartbeats on receipt`() {
        let view = (0..<8).first { cast.committee.leader(of: View($0)) == MemberIndex(2) }!
        var node = linked()
        node.feed(.statusChanged(TestNode.status(view: view)))
        _ = node.takeSent()
        node.receive(.relayWanted, request([2]), from: 4)
        node.receive([beat(2, 1)], .registers, from: 2)
        let sent = node.takeSent()
        #expect(sent.map(\.to) == [MemberIndex(4)] && sent.objects(.registers, to: 4) == [beat(2, 1)])
    }

    @Test func `answers a new request at once with what it holds`() {
        var node = linked()
        node.receive([beat(2, 5), wish(2, 1)], .registers, from: 2)
        _ = node.takeSent()
        node.receive(.relayWanted, request([2, 3]), from: 4)
        #expect(node.takeSent().objects(.registers, to: 4) == [beat(2, 5), wish(2, 1)])
        node.receive(.relayWanted, request([2, 3]), from: 4)
        #expect(node.takeSent().isEmpty)
    }

    @Test func `asks one neighbour after the other for a wish that a heartbeat names`() {
        var node = linked()
        node.receive([beat(4, 1, wish: Order(incarnation: 1, sequence: 6))], .registers, from: 4)
        var asked: [Int] = []
        for _ in 0..<5 {
            let now = node.machine.nextDeadline!
            for author in 2...4 {
                let sequence = UInt64(now.sinceStart / .milliseconds(1)) + 2
                let named = author == 4 ? Order(incarnation: 1, sequence: 6) : .zero
                node.receive([beat(author, sequence, wish: named)], .registers, from: author, at: now)
            }
            node.expire(at: now)
            let sent = node.takeSent()
            asked += (2...4).filter { requests(sent, to: $0).last == [MemberIndex(4)] }
        }
        #expect(asked.prefix(3) == [4, 2, 3])
        node.receive([wish(4, 6)], from: 3, at: node.machine.nextDeadline!.advanced(by: .milliseconds(-1)))
        node.expire(at: node.machine.nextDeadline!)
        let sent = node.takeSent()
        #expect((2...4).allSatisfy { requests(sent, to: $0).last ?? [] == [] })
    }

    @Test func `tells the author's wish to who asks for it, the author too`() {
        var node = linked()
        node.publish(.wish, [3])
        let own = node.takeSent().objects(.objects, to: 2)[0]
        node.receive(.relayWanted, request([1]), from: 2)
        #expect(node.takeSent().objects(.registers, to: 2).contains(own))
    }
}

/// Relaying in a whole mesh.
@Suite struct RelayMeshTests {
    @Test(arguments: 1...5)
    func `a member without a link to an author hears it within a tick`(seed: UInt64) {
        var mesh = VirtualMesh(size: 4, seed: seed)
        mesh.linkAll()
        mesh.run(for: .seconds(2))
        mesh.cut(1, 2)
        mesh.run(for: .seconds(1))
        for _ in 0..<20 {
            mesh.run(for: .milliseconds(131))
            let newest = mesh.nodes[1].machine.newest(.heartbeat, of: MemberIndex(2))!.object.order.sequence
            let heard = mesh.nodes[0].machine.newest(.heartbeat, of: MemberIndex(2))!.object.order.sequence
            #expect(heard + 2 >= newest)
        }
        mesh.link(1, 2)
        mesh.run(for: .seconds(1))
        let before = mesh.nodes.map { $0.metrics[.relayed] ?? 0 }
        mesh.run(for: .seconds(2))
        #expect(mesh.nodes.map { $0.metrics[.relayed] ?? 0 } == before)
    }

    @Test func `a wish crosses each direction of each link at most once`() {
        var mesh = VirtualMesh(size: 7, seed: 3)
        mesh.linkAll()
        mesh.run(for: .seconds(1))
        mesh.publish(4, .wish, [1])
        mesh.run(for: .seconds(1))
        #expect(mesh.nodes.allSatisfy { $0.machine.newest(.wish, of: MemberIndex(4)) != nil })
        #expect(mesh.sent[.objects]! <= 6 + 6 * 5)
        #expect(mesh.sent[.objects]! >= 6)
    }

    @Test func `a latecomer learns the last words of the dead`() {
        var mesh = VirtualMesh(size: 4, seed: 5)
        for (one, other) in [(1, 2), (1, 3), (2, 3)] { mesh.link(one, other) }
        mesh.run(for: .seconds(1))
        mesh.publish(3, .wish, [1])
        mesh.run(for: .seconds(1))
        mesh.kill(3)
        mesh.run(for: .seconds(1))
        mesh.link(4, 1)
        mesh.run(for: .milliseconds(100))
        let last = mesh.nodes[0].machine.newest(.heartbeat, of: MemberIndex(3))
        #expect(mesh.nodes[3].machine.newest(.heartbeat, of: MemberIndex(3)) == last)
        #expect(mesh.nodes[3].machine.newest(.wish, of: MemberIndex(3)) != nil)
    }
}
