import Cryptography
import Gossip
import P2PNode
import Primitives
import Testing

/// Oracles and operators over real sockets on loopback.
@Suite(.timeLimit(.minutes(1))) struct OperationDeskTests {
    private let order = item("order", .order)

    private static func item(_ text: String, _ kind: ItemKind) -> OperationItem {
        guard let item = OperationItem(of: TestParticipant.operation, kind, Array(text.utf8)) else {
            preconditionFailure()
        }
        return item
    }

    private func keys(_ count: Int) -> [IdentityKey] {
        var random = SystemRandom()
        return (0..<count).map { _ in IdentityKey(random: &random) }
    }

    private func committee(_ keys: [IdentityKey]) throws -> Committee {
        let members = try keys.enumerated().map { place, key in
            Member(
                account: try #require(Address([UInt8](repeating: UInt8(place + 1), count: 20))),
                identity: key.identity,
                encryptionKey: try #require(CompressedPoint([UInt8](repeating: 2, count: 33))),
                endpoint: try #require(ByteList<64>(Array("oracle-\(place):9100".utf8)))
            )
        }
        return try Committee(Roster(epoch: Epoch(1), members: try #require(SSZList(members))))
    }

    private func waits(for condition: @Sendable () async -> Bool) async throws -> Bool {
        for _ in 0..<4_000 {
            if await condition() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Four oracles that offer one order and expect these guests, while something goes on.
    private func withOracles(
        _ guests: [IdentityKey],
        _ body: @Sendable ([TestParty], Committee, [Identity: Endpoint]) async throws -> Void
    ) async throws {
        let keys = keys(4)
        let committee = try committee(keys)
        let oracles = keys.map {
            TestParty(oracle: $0, guests: Set(guests.map(\.identity)), items: [order])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for oracle in oracles { group.addTask { try await oracle.run() } }
            var endpoints: [Identity: Endpoint] = [:]
            for oracle in oracles {
                await oracle.desk.enter(committee)
                endpoints[oracle.identity] = try await oracle.endpoint
                let expected = Set(guests.map(\.identity))
                #expect(try await waits { await oracle.transport.guests == expected })
            }
            try await body(oracles, committee, endpoints)
            group.cancelAll()
        }
    }

    private func operatorNode(
        _ key: IdentityKey,
        _ committee: Committee,
        _ endpoints: [Identity: Endpoint],
        items: [OperationItem] = []
    ) async -> TestParty {
        let party = TestParty(guest: key, oracles: Set(endpoints.keys), items: items)
        await party.desk.enter(committee)
        await party.transport.setPeers(endpoints)
        return party
    }

    private func running(
        _ parties: [TestParty],
        _ body: @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for party in parties { group.addTask { try await party.run() } }
            try await body()
            group.cancelAll()
        }
    }

    @Test func `an operator has the order of four oracles, each vouching, and they have its message`()
        async throws
    {
        let guest = keys(1)[0]
        let message = Self.item("message", .message)
        try await withOracles([guest]) { oracles, committee, endpoints in
            let party = await operatorNode(guest, committee, endpoints, items: [message])
            try await running([party]) {
                let vouched = Set(oracles.map { OperationNews.vouched(order.name, by: $0.identity) })
                #expect(await party.log.waits(for: vouched))
                for oracle in oracles {
                    #expect(await oracle.log.waits(for: [.came(message, from: guest.identity)]))
                    #expect(await oracle.members.reports.isEmpty)
                }
            }
        }
    }

    @Test func `a stranger is refused, and a guest that is expected no more`() async throws {
        let guest = keys(1)[0]
        try await withOracles([guest]) { oracles, committee, endpoints in
            let stranger = TestMember()
            try await withTransports([stranger]) {
                await stranger.transport.setPeers([oracles[0].identity: try await oracles[0].endpoint])
                #expect(
                    try await stranger.waits { $0.contains(.down(oracles[0].identity, .closedByPeer)) }
                )
            }
            #expect(await oracles[0].desk.present.isEmpty)
            let party = await operatorNode(guest, committee, endpoints)
            try await running([party]) {
                let host = oracles[0]
                let isThere = try await waits { await host.desk.present == [guest.identity] }
                await host.transport.setGuests([])
                let isGone = try await waits { await host.desk.present.isEmpty }
                #expect(isThere && isGone)
            }
        }
    }

    @Test func `an oracle that was away is found again, and what it has new is had`() async throws {
        let (guest, keys) = (keys(1)[0], keys(4))
        let committee = try committee(keys)
        let first = TestParty(oracle: keys[0], guests: [guest.identity], items: [order])
        let port = try await withThrowingTaskGroup(of: Void.self, returning: Int.self) { group in
            group.addTask { try await first.run() }
            let port = try await first.endpoint.port
            group.cancelAll()
            return port
        }
        let endpoints = [keys[0].identity: Endpoint(host: "127.0.0.1", port: port)]
        let party = await operatorNode(guest, committee, endpoints)
        try await running([party]) {
            for text in ["one", "two"] {
                let item = Self.item(text, .order)
                let oracle = TestParty(
                    oracle: keys[0],
                    guests: [guest.identity],
                    items: [order, item],
                    port: port
                )
                await oracle.desk.enter(committee)
                try await running([oracle]) {
                    #expect(await party.log.waits(for: [.came(item, from: oracle.identity)]))
                }
            }
        }
    }

    @Test func `an operator that was away is brought all it lacks`() async throws {
        let guest = keys(1)[0]
        try await withOracles([guest]) { oracles, committee, endpoints in
            for _ in 0..<3 {
                let party = await operatorNode(guest, committee, endpoints)
                try await running([party]) {
                    let vouched = Set(oracles.map { OperationNews.vouched(order.name, by: $0.identity) })
                    #expect(await party.log.waits(for: vouched))
                }
            }
        }
    }

    @Test func `a guest that speaks as a member or floods is sent away, and others are served`() async throws
    {
        let (mallory, guest) = (keys(2)[0], keys(2)[1])
        try await withOracles([mallory, guest]) { oracles, committee, endpoints in
            let hello = OperationHello(
                software: ByteList(),
                protocolVersion: Deployment.currentProtocolVersion,
                epoch: committee.epoch,
                configDigest: committee.configDigest
            )
            let greeting = LinkMessage(.operationHello, body: hello.sszBytes)
            let floods = [
                [LinkMessage(.registers, body: [])],
                Array(repeating: LinkMessage(.ping, body: Ping(nonce: 1).sszBytes), count: 200),
            ]
            for (flood, oracle) in zip(floods, oracles) {
                let liar = TestMember(key: mallory)
                try await withTransports([liar]) {
                    await liar.transport.setPeers([oracle.identity: try await oracle.endpoint])
                    #expect(try await liar.waits { $0.contains(.up(oracle.identity)) })
                    #expect(try await waits { await oracle.desk.holdsLink(of: mallory.identity) })
                    let link = try #require(await liar.observer.link(to: oracle.identity))
                    link.send([greeting])
                    #expect(try await waits { await oracle.desk.present == [mallory.identity] })
                    for start in stride(from: 0, to: flood.count, by: 20) {
                        link.send(Array(flood[start..<min(start + 20, flood.count)]))
                        try await Task.sleep(for: .milliseconds(2))
                    }
                    #expect(try await waits { await oracle.desk.present.isEmpty })
                    #expect(try await liar.waits { $0.contains(.down(oracle.identity, .closedByPeer)) })
                    // It is away for ten seconds, however often it comes.
                    try await Task.sleep(for: .milliseconds(500))
                    #expect(await !oracle.desk.holdsLink(of: mallory.identity))
                }
                #expect(await oracle.members.reports.isEmpty)
            }
            let party = await operatorNode(guest, committee, endpoints)
            try await running([party]) {
                let vouched = Set(oracles.map { OperationNews.vouched(order.name, by: $0.identity) })
                #expect(await party.log.waits(for: vouched))
            }
        }
    }

    @Test func `a member is no guest, and what it says reaches nobody but the mesh`() async throws {
        let member = keys(1)[0]
        try await withOracles([member]) { oracles, committee, _ in
            let peer = TestMember(key: member)
            try await withTransports([peer]) {
                let endpoint = try await peer.endpoint
                await oracles[0].transport.setPeers([member.identity: endpoint], dialed: [])
                await peer.transport.setPeers([oracles[0].identity: try await oracles[0].endpoint])
                #expect(try await peer.waits { $0.contains(.up(oracles[0].identity)) })
                let offer = LinkMessage(.operationWant, body: [])
                await peer.observer.link(to: oracles[0].identity)?.send([offer])
                let report = RecordingObserver.Report.message(offer, from: member.identity)
                #expect(try await waits { await oracles[0].members.reports.contains(report) })
                #expect(await !oracles[0].desk.holdsLink(of: member.identity))
            }
        }
    }
}
