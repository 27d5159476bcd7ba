import CoreMetrics
import Gossip
import P2PNode
import Primitives
import Testing

/// Real sockets on loopback.
@Suite(.timeLimit(.minutes(1))) struct LinkTransportTests {
    private func introduce(_ members: [TestMember]) async throws {
        var endpoints: [Identity: Endpoint] = [:]
        for member in members { endpoints[member.identity] = try await member.endpoint }
        for member in members { await member.transport.setPeers(endpoints) }
    }

    @Test func `members find each other and talk both ways`() async throws {
        let (alice, bob) = (TestMember(), TestMember())
        try await withTransports([alice, bob]) {
            try await introduce([alice, bob])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            #expect(try await bob.waits { $0.contains(.up(alice.identity)) })
            let word = LinkMessage(.ping, body: Ping(nonce: 1).sszBytes)
            let answer = LinkMessage(.pong, body: Pong(nonce: 1).sszBytes)
            await alice.observer.link(to: bob.identity)?.send([word])
            #expect(try await bob.waits { $0.contains(.message(word, from: alice.identity)) })
            await bob.observer.link(to: alice.identity)?.send([answer])
            #expect(try await alice.waits { $0.contains(.message(answer, from: bob.identity)) })
        }
    }

    @Test func `a transport that is told to end ends without an error`() async throws {
        let (alice, bob) = (TestMember(), TestMember())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in [alice, bob] { group.addTask { try await member.transport.run() } }
            try await introduce([alice, bob])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `many messages larger than a fragment arrive whole and in order`() async throws {
        let (alice, bob) = (TestMember(), TestMember())
        try await withTransports([alice, bob]) {
            try await introduceInTurn([alice, bob])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            #expect(try await bob.waits { $0.contains(.up(alice.identity)) })
            let link = try #require(await alice.observer.link(to: bob.identity))
            let messages = (0..<12).map { number in
                LinkMessage(.objects, body: [UInt8](repeating: UInt8(number), count: 40_000 + number))
            }
            link.send(messages)
            @Sendable func received(_ reports: [RecordingObserver.Report]) -> [LinkMessage] {
                reports.compactMap { report in
                    guard case .message(let message, alice.identity) = report else { return nil }
                    return message.type == .objects ? message : nil
                }
            }
            #expect(try await bob.waits { received($0).count >= messages.count })
            // Not the messages themselves, whose bytes would fill the screen.
            let isWhole = received(await bob.observer.reports) == messages
            #expect(isWhole)
        }
    }

    @Test func `counts what a full lane did not take`() async throws {
        let metrics = PrometheusMetrics()
        let (alice, bob) = (withMetricsFactory(metrics) { TestMember() }, TestMember())
        try await withTransports([alice, bob]) {
            try await introduce([alice, bob])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            #expect(try await bob.waits { $0.contains(.up(alice.identity)) })
            let link = try #require(await alice.observer.link(to: bob.identity))
            let (tick, pull) = (LinkMessage(.registers, body: [1]), LinkMessage(.pull, body: [2]))
            // Queued at once, before any leaves: 4 and 16 find room.
            link.send(Array(repeating: tick, count: 6) + Array(repeating: pull, count: 17))
            #expect(
                try await bob.waits { reports in
                    reports.count { $0 == .message(pull, from: alice.identity) } == 16
                }
            )
            let counts = metrics.text().split(separator: "\n").filter { $0.hasPrefix("oracle_link_messages") }
            #expect(
                counts == [
                    "oracle_link_messages_dropped_total{stream=\"bulk\"} 1",
                    "oracle_link_messages_dropped_total{stream=\"registers\"} 2",
                ]
            )
        }
    }

    @Test
    func
        `a member that is not to be dialed is taken, and its link closed by who dialed and needs it no more`()
        async throws
    {
        let (alice, bob) = (TestMember(), TestMember())
        try await withTransports([alice, bob]) {
            let endpoints = [alice.identity: try await alice.endpoint, bob.identity: try await bob.endpoint]
            await alice.transport.setPeers(endpoints, dialed: [])
            await bob.transport.setPeers(endpoints, dialed: [alice.identity])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            await alice.transport.setPeers(endpoints, dialed: [bob.identity])
            await alice.transport.setPeers(endpoints, dialed: [])
            #expect(await !alice.observer.reports.contains(.down(bob.identity, .other)))
            await bob.transport.setPeers(endpoints, dialed: [])
            #expect(try await alice.waits { $0.contains(.down(bob.identity, .closedByPeer)) })
            await alice.transport.setPeers(endpoints, dialed: [bob.identity])
            #expect(try await bob.waits { $0.filter { $0 == .up(alice.identity) }.count == 2 })
        }
    }

    @Test func `a stranger gets no link and members keep theirs`() async throws {
        let (alice, bob, mallory) = (TestMember(), TestMember(), TestMember())
        try await withTransports([alice, bob, mallory]) {
            try await introduce([alice, bob])
            let aliceAt = try await alice.endpoint
            await mallory.transport.setPeers([alice.identity: aliceAt])
            #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
            // Who dials learns last that it is not wanted: its link comes up and is closed with a reason.
            #expect(try await mallory.waits { $0.contains(.down(alice.identity, .closedByPeer)) })
            #expect(await !alice.observer.reports.contains(.up(mallory.identity)))
            #expect(await alice.observer.link(to: bob.identity) != nil)
        }
    }

    @Test func `a member that is gone is reported refused and found again when it is back`() async throws {
        let alice = TestMember()
        let bob = TestMember()
        try await withTransports([alice]) {
            let port = try await withThrowingTaskGroup(of: Void.self, returning: Int.self) { group in
                group.addTask { try await bob.transport.run() }
                try await introduce([alice, bob])
                #expect(try await alice.waits { $0.contains(.up(bob.identity)) })
                // A link must have stood for a moment to be redialed at once.
                try await Task.sleep(for: .milliseconds(1_100))
                let port = try await bob.endpoint.port
                group.cancelAll()
                return port
            }
            #expect(try await alice.waits { $0.contains(.refused(bob.identity)) })
            #expect(port > 0)
        }
    }

    @Test func `nodes of different networks do not link`() async throws {
        let alice = TestMember()
        let other = LinkNetwork(Deployment(chainId: 2, genesis: Digest(), registry: Address()))
        let bob = TestMember(network: other)
        try await withTransports([alice, bob]) {
            try await introduce([alice, bob])
            try await Task.sleep(for: .milliseconds(300))
            #expect(await alice.observer.reports.isEmpty)
            #expect(await bob.observer.reports.isEmpty)
        }
    }

    @Test func `says what is wrong when the port is taken`() async throws {
        let alice = TestMember()
        try await withTransports([alice]) {
            let rival = TestMember(port: try await alice.endpoint.port)
            await #expect(throws: TransportError.self) { try await rival.transport.run() }
        }
    }
}
