import Primitives
import Testing

@testable import Gossip

@Suite struct ObjectGateTests {
    private let cast = TestCommittee(size: 4)

    private func order(_ sequence: UInt64, incarnation: UInt64 = 1) -> Order {
        Order(incarnation: incarnation, sequence: sequence)
    }

    private func linked() -> TestNode {
        var node = TestNode(cast, 1)
        for member in 2...4 { node.linkUp(member) }
        return node
    }

    private func beat(_ author: Int, _ sequence: UInt64) -> SignedObject {
        cast.heartbeat(by: MemberIndex(author), order: order(sequence))
    }

    private func wish(_ author: Int, _ sequence: UInt64, _ payload: [UInt8] = [1]) -> SignedObject {
        cast.signed(.wish, by: MemberIndex(author), order: order(sequence), payload: payload)
    }

    @Test func `delivers a heartbeat once, whoever brings it how often`() {
        var node = linked()
        for from in [2, 3, 4, 2] { node.receive([beat(2, 1)], .registers, from: from) }
        #expect(node.facts.count { if case .heartbeat = $0 { true } else { false } } == 1)
        #expect(node.metrics[.verified] == 1)
        #expect(node.dropped(.duplicate) == 3)
    }

    @Test func `drops what is older without verifying it, across incarnations too`() {
        var node = linked()
        node.receive(
            [cast.heartbeat(by: MemberIndex(2), order: order(1, incarnation: 2))],
            .registers,
            from: 2
        )
        var older = beat(2, 900)
        older.signature = IdentitySignature()
        node.receive([older], .registers, from: 3)
        #expect(node.dropped(.stale) == 1)
        #expect(node.metrics[.verified] == 1)
        #expect(node.disconnected.isEmpty)
        #expect(node.machine.newest(.heartbeat, of: MemberIndex(2))?.object.order == order(1, incarnation: 2))
    }

    @Test func `closes the link that brings a forged object, and leaves the author its quota`() {
        var node = linked()
        for number in 0..<200 {
            var forged = beat(2, UInt64(number) + 1)
            forged.signature[0] ^= 1
            node.linkUp(3)
            node.receive([forged], .registers, from: 3)
        }
        #expect(node.disconnected.count == 200)
        #expect(node.disconnected.allSatisfy { $0 == (MemberIndex(3), .badSignature(.heartbeat)) })
        node.receive([beat(2, 1)], .registers, from: 2)
        #expect(node.machine.newest(.heartbeat, of: MemberIndex(2)) == beat(2, 1))
    }

    @Test func `heeds nothing more of a link that it has ordered to be closed`() {
        var node = linked()
        var forged = beat(2, 1)
        forged.signature[0] ^= 1
        node.receive([forged, beat(2, 2)], .registers, from: 3)
        node.receive([beat(2, 2)], .registers, from: 3)
        #expect(node.machine.newest(.heartbeat, of: MemberIndex(2)) == nil)
        #expect(node.dropped(.closedLink) == 1)
        #expect(node.disconnected.count == 1)
        node.feed(.linkDown(MemberIndex(3), .other))
        #expect(node.facts.count { $0 == .linkDown(MemberIndex(3), .other) } == 1)
        node.linkUp(3)
        node.receive([beat(2, 2)], .registers, from: 3)
        #expect(node.machine.newest(.heartbeat, of: MemberIndex(2)) == beat(2, 2))
    }

    @Test func `takes a malformed message for the link's offence and a malformed payload for the author's`() {
        var node = linked()
        node.receive(.registers, [1, 2, 3], from: 2)
        #expect(node.disconnected.map(\.1) == [.malformedMessage(.registers)])
        let bad = cast.signed(.heartbeat, by: MemberIndex(3), order: order(1), payload: [1, 2, 3])
        node.receive([bad], .registers, from: 4)
        #expect(node.penalties.last! == (MemberIndex(3), .malformedPayload(.heartbeat)))
        #expect(node.disconnected.count == 1)
        #expect(!node.facts.contains { if case .heartbeat = $0 { true } else { false } })
    }

    @Test func `refuses authors that do not exist and kinds that do not belong`() {
        let entry = cast.log(by: MemberIndex(2), count: 1)[0]
        var stranger = beat(2, 1)
        stranger.object.author = MemberIndex(5)
        let ready = cast.signed(.ready, by: MemberIndex(2), order: order(1), payload: [1])
        let cases: [([SignedObject], MessageType, Offence)] = [
            ([stranger], .registers, .unknownAuthor(MemberIndex(5))),
            ([entry], .objects, .misplacedKind(.logEntry, .objects)),
            ([ready], .registers, .misplacedKind(.ready, .registers)),
        ]
        for (objects, type, offence) in cases {
            var node = linked()
            node.receive(objects, type, from: 2)
            #expect(node.disconnected.map(\.1) == [offence])
            #expect((node.metrics[.verified] ?? 0) == 0)
        }
    }

    @Test func `drops objects of another epoch without blame`() {
        var node = linked()
        let signed = cast.signed(.wish, by: MemberIndex(2), order: order(1), payload: [1], epoch: Epoch(9))
        node.receive([signed], from: 2)
        #expect(node.dropped(.otherEpoch) == 1)
        #expect(node.disconnected.isEmpty && node.machine.newest(.wish, of: MemberIndex(2)) == nil)
    }

    @Test func `drops what an author says above its quota, and takes it again later`() {
        var node = linked()
        for number in 1...100 { node.receive([wish(2, UInt64(number))], from: 2) }
        #expect(node.dropped(.authorQuota) == 100 - 32)
        #expect(node.metrics[.verified] == 32)
        node.receive([wish(2, 101)], from: 2, at: Instant.start.advanced(by: .seconds(1)))
        #expect(node.machine.newest(.wish, of: MemberIndex(2))?.object.order == order(101))
        #expect(node.disconnected.isEmpty)
    }

    @Test func `finds two objects with one order, keeps the first and proves the contradiction once`() {
        var node = linked()
        node.receive([wish(2, 5, [1])], from: 2)
        node.receive([wish(2, 5, [2])], from: 3)
        node.receive([wish(2, 5, [3])], from: 4)
        #expect(node.evidence == [Contradiction(wish(2, 5, [1]), wish(2, 5, [2]))!])
        #expect(node.machine.newest(.wish, of: MemberIndex(2)) == wish(2, 5, [1]))
        #expect(node.disconnected.isEmpty)
    }

    @Test func `does not take a forged contradiction for one`() {
        var node = linked()
        node.receive([wish(2, 5, [1])], from: 2)
        var forged = wish(2, 5, [2])
        forged.signature = wish(2, 5, [1]).signature
        node.receive([forged], from: 3)
        #expect(node.evidence.isEmpty)
        #expect(node.disconnected.map(\.1) == [.badSignature(.wish)])
    }

    @Test func `tells when somebody else signs with the node's identity`() {
        var node = linked()
        node.receive([beat(1, 1)], .registers, from: 2)
        #expect(node.evidence.count == 1)
        let newer = cast.heartbeat(by: MemberIndex(1), order: order(7, incarnation: 2))
        node.receive([newer], .registers, from: 2)
        #expect(node.facts.contains(.ownIdentityElsewhere(newer)))
        #expect(node.machine.newest(.heartbeat, of: MemberIndex(1))?.object.order.incarnation == 1)
    }

    @Test func `takes its own registers back without a word`() {
        var node = linked()
        let own = node.machine.newest(.heartbeat, of: MemberIndex(1))!
        node.receive([own], .registers, from: 2)
        #expect(node.dropped(.echo) == 1 && node.evidence.isEmpty)
    }
}

@Suite struct DirectObjectTests {
    private let cast = TestCommittee(size: 4)

    private func ready(_ author: Int, _ sequence: UInt64, _ payload: [UInt8] = [1]) -> SignedObject {
        let order = Order(incarnation: 1, sequence: sequence)
        return cast.signed(.ready, by: MemberIndex(author), order: order, payload: payload)
    }

    @Test func `goes to one member and comes from its author only`() throws {
        var sender = TestNode(cast, 2)
        sender.linkUp(1)
        sender.linkUp(3)
        _ = sender.takeSent()
        sender.feed(.directComposed(.signShare, payload: [7], to: MemberIndex(1)))
        let sent = sender.takeSent()
        #expect(sent.map(\.to) == [MemberIndex(1)])
        var receiver = TestNode(cast, 1)
        receiver.linkUp(2)
        receiver.linkUp(3)
        receiver.receive(.direct, sent[0].message.body, from: 2)
        let object = try SignedObject(ssz: sent[0].message.body)
        #expect(receiver.facts.contains(.direct(object)))
        receiver.receive(.direct, sent[0].message.body, from: 3)
        #expect(receiver.disconnected.map(\.1) == [.misdirected(.signShare)])
    }

    @Test func `is never relayed and never taken twice`() {
        var node = TestNode(cast, 1)
        for member in 2...4 { node.linkUp(member) }
        _ = node.takeSent()
        for object in [ready(2, 2), ready(2, 2), ready(2, 1)] {
            node.receive(.direct, object.sszBytes, from: 2)
        }
        #expect(node.facts.count { if case .direct = $0 { true } else { false } } == 1)
        #expect(node.dropped(.duplicate) == 1 && node.dropped(.stale) == 1)
        node.expire(at: Instant.start.advanced(by: .seconds(1)))
        #expect(!node.takeSent().contains { $0.message.type == .direct })
    }

    @Test func `says so when there is no link to send it by`() {
        var node = TestNode(cast, 1)
        node.feed(.directComposed(.ready, payload: [1], to: MemberIndex(3)))
        #expect(node.facts == [.directUndeliverable(.ready, to: MemberIndex(3))])
    }
}
