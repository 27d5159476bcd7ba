import Primitives
import Testing

@testable import Gossip

@Suite struct OperationLinksTests {
    private let alice = OperationBench.peer(1)
    private let digest = Digest(hex: String(repeating: "0c", count: 32)) ?? Digest()

    private func hello(
        version: UInt16 = Deployment.currentProtocolVersion,
        epoch: UInt64 = 1,
        _ digest: Digest? = nil
    ) -> LinkMessage {
        let hello = OperationHello(
            software: ByteList(),
            protocolVersion: version,
            epoch: Epoch(epoch),
            configDigest: digest ?? self.digest
        )
        return LinkMessage(.operationHello, body: hello.sszBytes)
    }

    /// One end with a link that has not greeted yet.
    private func links() -> OperationLinks {
        var links = OperationLinks(software: ByteList())
        _ = links.handle(.committeeBegan(Epoch(1), configDigest: digest), at: .start)
        _ = links.handle(.exchange(.opened(OperationBench.operation, peers: [alice])), at: .start)
        _ = links.handle(.exchange(.offered([OperationBench.item("order")])), at: .start)
        #expect(links.handle(.linkUp(alice), at: .start) == [.send([hello()], to: alice)])
        return links
    }

    @Test func `says nothing of operations before both have greeted`() {
        var links = links()
        #expect(links.greeted.isEmpty)
        let actions = links.handle(.received([hello()], from: alice), at: .start)
        #expect(
            actions == [
                .greeted(alice),
                .send([OperationBench.offer([OperationBench.item("order").name])], to: alice),
            ]
        )
        #expect(links.greeted == [alice])
    }

    @Test func `who says anything else first, greets twice or badly has offended`() {
        let item = OperationBench.offer([OperationBench.item("order").name])
        for (messages, offence): ([LinkMessage], OperationOffence) in [
            ([item], .misplaced(.operationOffer)),
            ([LinkMessage(.hello, body: [])], .misplaced(.hello)),
            ([hello(), hello()], .misplaced(.operationHello)),
            ([LinkMessage(.operationHello, body: [1])], .malformed(.operationHello)),
            ([hello(), LinkMessage(.registers, body: [])], .misplaced(.registers)),
            ([hello(), LinkMessage(.direct, body: [1, 2])], .misplaced(.direct)),
            ([hello(), LinkMessage(.ping, body: [1])], .malformed(.ping)),
        ] {
            var links = links()
            let actions = links.handle(.received(messages, from: alice), at: .start)
            #expect(actions.contains(.offended(alice, offence)))
            #expect(actions.contains(.close(alice, .offence, "\(offence)")))
            #expect(links.handle(.received([hello()], from: alice), at: .start) == [])
        }
    }

    @Test func `ends that know different committees part, and say which`() {
        for other in [hello(epoch: 2), hello(Digest())] {
            var links = links()
            let actions = links.handle(.received([other], from: alice), at: .start)
            #expect(
                actions.contains { if case .close(alice, .otherCommittee, _) = $0 { true } else { false } }
            )
            #expect(actions.contains { if case .otherCommittee(alice, _) = $0 { true } else { false } })
            #expect(links.greeted.isEmpty)
        }
        var links = links()
        let actions = links.handle(.received([hello(version: 9)], from: alice), at: .start)
        #expect(actions.contains { if case .close(alice, .otherVersion, _) = $0 { true } else { false } })
    }

    @Test func `a new committee ends all links, and without one there are none`() {
        var links = links()
        _ = links.handle(.received([hello()], from: alice), at: .start)
        #expect(links.handle(.committeeBegan(Epoch(1), configDigest: digest), at: .start) == [])
        let actions = links.handle(.committeeBegan(Epoch(2), configDigest: Digest()), at: .start)
        #expect(actions == [.close(alice, .otherCommittee, "a new committee")])
        var early = OperationLinks(software: ByteList())
        let refusal = early.handle(.linkUp(alice), at: .start)
        #expect(refusal.contains { if case .close(alice, .otherCommittee, _) = $0 { true } else { false } })
    }

    @Test func `who does not greet within five seconds is sent away`() {
        var links = links()
        #expect(links.nextDeadline == .start.advanced(by: .seconds(5)))
        let actions = links.expired(at: .start.advanced(by: .seconds(5)))
        #expect(actions == [.close(alice, .tooSlow, "no greeting")])
        #expect(links.nextDeadline == nil)
    }

    @Test func `asks for a sign of life and gives it, but not without end`() {
        var links = links()
        _ = links.handle(.received([hello()], from: alice), at: .start)
        let later = Instant.start.advanced(by: .seconds(10))
        let ping = LinkMessage(.ping, body: Ping(nonce: 1).sszBytes)
        #expect(links.expired(at: later) == [.send([ping], to: alice)])
        let pong = LinkMessage(.pong, body: Pong(nonce: 1).sszBytes)
        #expect(links.handle(.received([ping], from: alice), at: later) == [.send([pong], to: alice)])
        let flood = Array(repeating: ping, count: 40)
        let actions = links.handle(.received(flood, from: alice), at: later)
        #expect(actions.contains(.offended(alice, .flood)))
    }
}
