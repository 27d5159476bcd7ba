import Consensus
import Cryptography
import Ethereum
import Gossip
import Primitives
import Testing

@testable import Peer

/// What a whole member makes of the committee's word on its logs.
@Suite struct PeerLogStartTests {
    @Test func `the owner is told of each anchored list once, and again after a start`() throws {
        var world = try World(size: 4, seed: 21, attestationInterval: .seconds(5))
        world.startAll()
        let moment = world.run(for: .seconds(60)) { $0.attested.count == 4 }
        try #require(moment != nil)
        let (_, list, signature) = world.attested[0]
        #expect(Set(world.attested.map(\.member)).count == 4)
        #expect(world.attested.allSatisfy { $0.list == list })
        let anchor = try #require(world.chain.anchors.first?.anchor)
        #expect(anchor.root == list.hashTreeRoot() && anchor.signature == signature)
        world.run(until: world.now.advanced(by: .seconds(120)))
        let lists = Dictionary(grouping: world.attested) { $0.list.number }
        #expect(lists.values.allSatisfy { $0.count <= 4 })
        let newest = try #require(lists.keys.max())
        world.crash(MemberIndex(2))
        world.attested = []
        world.start(MemberIndex(2))
        let again = world.run(for: .seconds(20)) { world in
            world.attested.contains { $0.member == MemberIndex(2) && $0.list.number >= newest }
        }
        #expect(again != nil)
    }

    /// A member of epoch 3 that has asked member 2 for the log of member 3, and a start that nobody has signed.
    private func asking() throws -> (bench: PeerBench, committee: Committee, start: LogStart) {
        var bench = PeerBench()
        let committee = bench.committee(3)
        bench.begin(committee)
        bench.link(1, in: committee)
        let entries = bench.log(of: 2, as: 3, [[1], [2], [3]])
        let leaves = entries.map { LogTree.leaf($0.hashTreeRoot()) }
        let checkpoint = Checkpoint(
            epoch: Epoch(3),
            author: MemberIndex(3),
            size: 3,
            root: LogTree(leaves).root,
            head: entries[2].hashTreeRoot()
        )
        let list = AttestedLogs(
            epoch: Epoch(3),
            number: 4,
            previous: SHA256.hash([1]),
            logs: SSZList([checkpoint])!
        )
        let proof = try #require(
            InclusionProof(of: 1, in: 3) { LogTree(leaves[Int($0.lowerBound)..<Int($0.upperBound)]).root }
        )
        let frontier = Frontier(author: MemberIndex(3), sequence: 3, head: entries[2].hashTreeRoot())
        bench.hear(1, .frontiers, Frontiers(SSZList([frontier])!).sszBytes)
        bench.advance(by: .milliseconds(10))
        try #require(bench.sent(.pull, to: 1).count == 1)
        let start = LogStart(
            author: MemberIndex(3),
            list: list,
            signature: GroupSignature(),
            entry: entries[1],
            path: proof.path
        )
        return (bench, committee, start)
    }

    @Test func `the key that the chain names is enough to judge where a log begins`() throws {
        var (bench, committee, start) = try asking()
        bench.hear(1, .logStart, start.sszBytes)
        #expect(bench.closes.isEmpty && bench.penalties.isEmpty)
        (bench, committee, start) = try asking()
        bench.feed(.chain(.namedKey(Epoch(2), bench.keys[0].encryption.publicKey)))
        bench.hear(1, .logStart, start.sszBytes)
        #expect(bench.closes.isEmpty)
        (bench, committee, start) = try asking()
        bench.feed(.chain(.namedKey(committee.epoch, bench.keys[0].encryption.publicKey)))
        bench.hear(1, .logStart, start.sszBytes)
        #expect(bench.closes.map(\.0) == [bench.identity(1)])
        #expect(bench.penalties.count == 1 && bench.kept.isEmpty)
    }

    @Test func `a signature is of the key in force, of another that was made, or of none`() {
        let (one, two) = (TwoFaced(salt: 1), TwoFaced(salt: 2))
        let points = (1...12).map { CompressedPoint([UInt8](repeating: UInt8($0), count: 33))! }
        let list = AttestedLogs(epoch: Epoch(1), number: 1, previous: Digest(), logs: SSZList())
        var ring = KeyRing()
        #expect(ring.judge(one.signature, of: list) == .invalid)
        let isFirst = ring.know(points[0], one, isInForce: false)
        #expect(!isFirst)
        #expect(ring.judge(one.signature, of: list) == .otherKey)
        let changes = (0..<2).map { _ in ring.know(points[0], one, isInForce: true) }
        #expect(changes == [true, false])
        #expect(ring.judge(one.signature, of: list) == .valid)
        let isOther = ring.know(points[1], two, isInForce: true)
        #expect(isOther)
        #expect(ring.judge(one.signature, of: list) == .otherKey)
        #expect(ring.judge(two.signature, of: list) == .valid)
        // The oldest that is not in force goes when there are too many.
        for point in points.dropFirst(2) { _ = ring.know(point, TwoFaced(salt: 9), isInForce: false) }
        #expect(ring.judge(one.signature, of: list) == .invalid)
        #expect(ring.judge(two.signature, of: list) == .valid)
    }
}

/// Takes one signature for that of anything.
private struct TwoFaced: PeerKeyVerifier {
    let salt: UInt8

    var signature: GroupSignature { GroupSignature([UInt8](repeating: salt, count: 65))! }

    func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool { false }
    func isValid(_ signature: GroupSignature, of statement: GroupKeyStatement) -> Bool { false }
    func isValid(_ anchor: ProofAnchor) -> Bool { anchor.signature == signature }
    func isValid(_ signature: GroupSignature, of statement: StatementDigest) -> Bool { false }
}
