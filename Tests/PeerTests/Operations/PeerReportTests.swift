import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

/// Reports about operations, from what members hold true to whose turn it is to bring them to the chain.
@Suite struct PeerReportTests {
    private let contract = Address(hex: "00000000000000000000000000000000000000ee")!
    private let report = SHA256.hash([7])

    private func world(seed: UInt64) throws -> World {
        var world = try World(size: 4, seed: seed, operations: contract)
        world.startAll()
        try #require(world.run(for: .seconds(30)) { !$0.chain.elections.isEmpty } != nil)
        return world
    }

    private func submissions(_ world: World) -> [(member: MemberIndex, signature: GroupSignature)] {
        world.overseen.compactMap { told in
            if case .submit(report, let signature) = told.news { (told.member, signature) } else { nil }
        }
    }

    private func signers(_ world: World) -> Set<MemberIndex> {
        Set(
            world.overseen.compactMap { told in
                if case .signed(report) = told.news { told.member } else { nil }
            }
        )
    }

    private func isSigned(_ world: World, _ signature: GroupSignature) throws -> Bool {
        let key = try #require(world.nodes[0].machine.snapshot()?.groupKey).record.statement.groupKey
        let verifier = try #require(CurveCryptography(deployment: world.deployment).verifier(of: key))
        let domain = StatementDomain(chainId: world.deployment.chainId, operations: contract)
        return verifier.isValid(
            signature,
            of: StatementDigest(domainSeparator: domain.separator, structHash: report)
        )
    }

    @Test func `what a quorum holds true the group signs, all learn of it, and the leader brings it first`()
        throws
    {
        var world = try world(seed: 31)
        for member in world.committee.indices.prefix(3) { world.wish(.endorse(report), of: member) }
        try #require(world.run(for: .seconds(20)) { signers($0).count == 3 } != nil)
        world.run(until: world.now.advanced(by: .seconds(2)))
        let view = try #require(world.chain.elections.last?.view)
        let first = try #require(submissions(world).first)
        #expect(first.member == world.committee.leader(of: view))
        #expect(try isSigned(world, first.signature))
        // Who comes to it later finds the signature in the log.
        let last = try #require(world.committee.indices.last)
        world.wish(.endorse(report), of: last)
        #expect(signers(world).contains(last))
    }

    @Test func `fewer than a quorum have nothing signed`() throws {
        var world = try world(seed: 32)
        for member in world.committee.indices.prefix(2) { world.wish(.endorse(report), of: member) }
        world.run(until: world.now.advanced(by: .seconds(20)))
        #expect(signers(world).isEmpty && submissions(world).isEmpty)
    }

    @Test func `another brings it when the leader is dead, and nobody once it is final`() throws {
        var world = try world(seed: 33)
        let view = try #require(world.chain.elections.last?.view)
        world.crash(world.committee.leader(of: view))
        for member in world.committee.indices where world.nodes[member.offset].isUp {
            world.wish(.endorse(report), of: member)
        }
        try #require(world.run(for: .seconds(60)) { !submissions($0).isEmpty } != nil)
        for member in world.committee.indices where world.nodes[member.offset].isUp {
            world.wish(.settled(report), of: member)
        }
        let count = submissions(world).count
        world.run(until: world.now.advanced(by: .seconds(60)))
        #expect(submissions(world).count == count)
    }

    @Test func `a restarted member finds the signature in the logs again`() throws {
        var world = try world(seed: 34)
        for member in world.committee.indices { world.wish(.endorse(report), of: member) }
        try #require(world.run(for: .seconds(20)) { signers($0).count == 4 } != nil)
        world.run(until: world.now.advanced(by: .seconds(5)))
        let member = try #require(world.committee.indices.first)
        world.crash(member)
        world.overseen = []
        world.start(member)
        try #require(world.run(for: .seconds(20)) { _ in true } != nil)
        world.wish(.endorse(report), of: member)
        #expect(
            world.run(for: .seconds(20)) { signers($0).contains(member) } != nil
        )
    }

    @Test func `a signature in a log that the group has not made counts for nothing`() throws {
        var world = try world(seed: 37)
        let member = try #require(world.committee.indices.first)
        let liar = try #require(world.committee.indices.last)
        world.crash(member)
        let log = world.nodes[member.offset].disk.log(of: liar)
        let forged = SignedReport(
            epoch: Epoch(1),
            structHash: report,
            signature: GroupSignature(Array(repeating: 2, count: 65))!
        )
        let entry = LogEntry(
            previous: try #require(log.last).hashTreeRoot(),
            topic: LogTopic.signedReport.rawValue,
            body: ByteList(forged.sszBytes)!
        )
        let object = Object(
            epoch: Epoch(1),
            author: liar,
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: UInt64(log.count) + 1),
            payload: ByteList(entry.sszBytes)!
        )
        let authenticator = Ed25519Authenticator(key: world.nodes[liar.offset].keys.identity)
        world.nodes[member.offset].disk.entries.append(
            authenticator.sign(object, in: SigningDomains(world.deployment))
        )
        world.start(member)
        world.wish(.endorse(report), of: member)
        world.run(until: world.now.advanced(by: .seconds(5)))
        #expect(signers(world).isEmpty && submissions(world).isEmpty)
    }

    @Test func `a member without a contract for operations endorses nothing`() throws {
        var world = try World(size: 4, seed: 35)
        world.startAll()
        try #require(world.run(for: .seconds(30)) { !$0.chain.elections.isEmpty } != nil)
        for member in world.committee.indices { world.wish(.endorse(report), of: member) }
        world.run(until: world.now.advanced(by: .seconds(10)))
        #expect(world.overseen.isEmpty)
    }

    @Test func `orders and carried words reach every overseer, from the logs and after a restart`() throws {
        var world = try world(seed: 36)
        let body = SignedOperatorMessage(
            message: OperatorMessage(attempt: report, author: 3, step: 1, body: ByteList()),
            signature: IdentitySignature()
        ).sszBytes
        let member = try #require(world.committee.indices.first)
        world.wish(.append(.carriedMessage, body), of: member)
        func hearers(_ world: World) -> Set<MemberIndex> {
            Set(
                world.overseen.compactMap { told in
                    if case .entry(_, .carriedMessage, body) = told.news { told.member } else { nil }
                }
            )
        }
        try #require(world.run(for: .seconds(10)) { hearers($0).count == 4 } != nil)
        world.crash(member)
        world.overseen = []
        world.start(member)
        world.run(until: world.now.advanced(by: .seconds(1)))
        #expect(hearers(world) == [member])
    }
}
