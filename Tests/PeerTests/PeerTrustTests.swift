import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Synchronization
import Testing

/// What whole members do not take from others: keys that are said to work, and leaders that are proven liars.
@Suite struct PeerTrustTests {
    /// What was said over links, for a test to look at.
    private final class Overheard: Sendable {
        private let objects = Mutex<[(from: MemberIndex, object: SignedObject)]>([])

        func note(_ message: LinkMessage, from member: MemberIndex) {
            guard message.type == .direct, let object = try? SignedObject(ssz: message.body) else { return }
            objects.withLock { $0.append((member, object)) }
        }

        func requests(of statement: Digest) -> [(object: SignedObject, request: SignRequest)] {
            all.compactMap { _, object in
                guard case .signRequest(let request)? = try? DirectMessage(object.object),
                    request.statement == statement
                else { return nil }
                return (object, request)
            }
        }

        func offers(of statement: Digest, by member: MemberIndex) -> Int {
            all.count { from, object in
                guard case .ready(let ready)? = try? DirectMessage(object.object) else { return false }
                return from == member && ready.statement == statement
            }
        }

        func shares(of statement: Digest, by member: MemberIndex) -> Int {
            all.count { from, object in
                guard case .signShare(let share)? = try? DirectMessage(object.object) else { return false }
                return from == member && share.statement == statement
            }
        }

        private var all: [(from: MemberIndex, object: SignedObject)] { objects.withLock { $0 } }
    }

    private func proven(_ world: World) -> Set<MemberIndex> {
        Set(world.notices.compactMap { if case .ceremony(.proven) = $0.notice { $0.member } else { nil } })
    }

    /// The statement that the leader of view 1 is elected.
    private func election(_ world: World) throws -> Digest {
        let leader = try #require(world.committee[world.committee.leader(of: View(1))])
        let statement = ElectionStatement(epoch: Epoch(1), view: View(1), leader: leader.account)
        return Endorsement(statement, key: Digest(), in: StatementDomain(world.deployment)).statement.digest
    }

    /// Two lost-link reports of one order.
    private func contradiction(_ world: World, by member: MemberIndex) -> [SignedObject] {
        [UInt64(1), 2].map { view in
            let payload = LinkLost(view: View(view), leaderSeen: .zero).sszBytes
            let object = Object(
                epoch: Epoch(1),
                author: member,
                kind: .linkLost,
                order: Order(incarnation: 1, sequence: 1),
                payload: ByteList(payload)!
            )
            return world.signed(object)
        }
    }

    @Test(arguments: [false, true])
    func `a key counts as proven only by its own signature`(isForged: Bool) throws {
        var world = try World(size: 4, seed: 6)
        let coordinator = world.committee.leader(of: View(1))
        let origin = world
        world.rewrites = { member, message in
            guard isForged, member == coordinator, message.type == .range,
                let range = try? LogRange(ssz: message.body)
            else { return message }
            var entries: [SignedObject] = []
            for entry in range.entries {
                guard var log = try? LogEntry(ssz: entry.object.payload.bytes),
                    log.topic == LogTopic.keyProof.rawValue, var proof = try? KeyProof(ssz: log.body.bytes)
                else {
                    entries.append(entry)
                    continue
                }
                proof.signature[40] ^= 1
                log.body = ByteList(proof.sszBytes)!
                var object = entry.object
                object.payload = ByteList(log.sszBytes)!
                entries.append(origin.signed(object))
                break
            }
            return LinkMessage(.range, body: LogRange(fitting: entries).sszBytes)
        }
        world.startAll()
        let moment = world.run(for: .seconds(10)) { !proven($0).isEmpty }
        try #require(moment != nil)
        world.run(until: world.now.advanced(by: .milliseconds(500)))
        #expect(proven(world) == (isForged ? [coordinator] : Set(world.committee.indices)))
    }

    @Test(arguments: [false, true])
    func `a member offers no share for a leader whose lie it remembers`(knows: Bool) throws {
        var world = try World(size: 4, seed: 7)
        let leader = world.committee.leader(of: View(1))
        let member = try #require(world.committee.indices.first { $0 != leader })
        let statement = try election(world)
        if knows {
            let objects = contradiction(world, by: leader)
            let proof = try #require(Evidence(contradiction: objects[0], objects[1]))
            world.nodes[member.offset].disk.evidence = [proof]
        }
        let overheard = Overheard()
        world.withholds = { member, message in
            overheard.note(message, from: member)
            return false
        }
        world.startAll()
        // The three others are enough.
        let elected = world.run(for: .seconds(10)) { !$0.chain.elections.isEmpty }
        try #require(elected != nil)
        #expect(world.chain.elections.first?.view == View(1))
        #expect(overheard.offers(of: statement, by: member) == (knows ? 0 : 1))
    }

    @Test func `a member that has offered its share gives it no more once the leader is convicted`() throws {
        var world = try World(size: 4, seed: 8)
        let leader = world.committee.leader(of: View(1))
        let statement = try election(world)
        let overheard = Overheard()
        world.withholds = { member, message in
            overheard.note(message, from: member)
            guard let object = try? SignedObject(ssz: message.body),
                case .signRequest(let request)? = try? DirectMessage(object.object)
            else { return false }
            return request.statement == statement
        }
        world.startAll()
        let asked = world.run(for: .seconds(10)) { _ in !overheard.requests(of: statement).isEmpty }
        try #require(asked != nil)
        let (object, request) = try #require(overheard.requests(of: statement).last)
        let signers = request.signers.map(\.signer).filter { $0 != leader }
        let (wary, trusting) = (signers[0], signers[1])
        let lies = try #require(ObjectBatch(contradiction(world, by: leader)))
        world.bring(LinkMessage(.objects, body: lies.sszBytes), to: wary, from: leader)
        // What the wary one has found has not reached the trusting one yet.
        for member in [wary, trusting] {
            world.bring(LinkMessage(.direct, body: object.sszBytes), to: member, from: leader)
        }
        world.run(until: world.now.advanced(by: .milliseconds(100)))
        #expect(overheard.shares(of: statement, by: wary) == 0)
        #expect(overheard.shares(of: statement, by: trusting) == 1)
    }

    @Test func `an election that the group never signed is not taken for anchored by who has the key`() throws
    {
        var world = try World(size: 4, seed: 9)
        world.startAll()
        try #require(world.run(for: .seconds(10)) { !$0.chain.elections.isEmpty } != nil)
        world.run(until: world.now.advanced(by: .seconds(3)))
        let member = world.committee.leader(of: View(2))
        let real = try #require(world.chain.elections.last)
        var invented = real
        invented.view = View(40)
        invented.leader = try #require(world.committee[world.committee.leader(of: View(40))]).account
        for stage in [ChainStage.included, .confirmed, .final] {
            world.tell(.election(invented, stage), to: member)
        }
        #expect(world.nodes[member.offset].machine.snapshot()?.anchoredView == real.view)
        let lies = world.notices.count {
            if case .inventedElection(invented) = $0.notice { true } else { false }
        }
        #expect(lies == 3)
    }

    @Test func `an anchor that the group never signed is not taken for one by who has the key`() throws {
        var world = try World(size: 4, seed: 10)
        world.startAll()
        try #require(world.run(for: .seconds(10)) { !$0.chain.elections.isEmpty } != nil)
        world.run(until: world.now.advanced(by: .seconds(3)))
        let member = world.committee.leader(of: View(2))
        let anchor = ProofAnchor(
            epoch: Epoch(1),
            number: 1,
            root: SHA256.hash([1]),
            signature: GroupSignature(Array(repeating: 2, count: 65))!
        )
        let invented = ProofAnchorRecord(anchor: anchor, block: 9, transaction: Digest())
        for stage in [ChainStage.included, .confirmed, .final] {
            world.tell(.proofAnchor(invented, stage), to: member)
        }
        let snapshot = world.nodes[member.offset].machine.snapshot()
        #expect(snapshot?.proof.newest == LatestProof.none)
        #expect(
            snapshot?.anchoring.contains { $0.key == .proofAnchor(number: 1, root: anchor.root) } == false
        )
        let lies = world.notices.count {
            if case .inventedProof(invented) = $0.notice { true } else { false }
        }
        #expect(lies == 3)
    }
}
