import Consensus
import Cryptography
import Gossip
import Peer
import Primitives
import Testing

/// What a member does with proofs that others misbehave.
@Suite struct PeerEvidenceTests {
    /// A member in a view that another one leads, linked with all, and the number of the leader's keys.
    private func linked(evidence: [Evidence] = []) -> (bench: PeerBench, leader: Int) {
        var bench = PeerBench()
        let committee = bench.committee(1)
        let (view, leader) = bench.foreignView(in: committee)
        bench.begin(committee, in: view, evidence: evidence)
        for number in 1...3 { bench.link(number, in: committee) { $0.view = view } }
        return (bench, leader)
    }

    /// Two lost-link reports of one order.
    private func contradiction(_ bench: PeerBench, by number: Int) -> [SignedObject] {
        [1, 2].map { view in
            bench.signed(
                .linkLost,
                LinkLost(view: View(view), leaderSeen: .zero).sszBytes,
                by: number,
                as: number + 1,
                order: Order(incarnation: 1, sequence: 1)
            )
        }
    }

    private func convictions(_ bench: PeerBench) -> [MemberIndex] {
        bench.notices.compactMap {
            if case .convicted(let conviction) = $0 { conviction.member } else { nil }
        }
    }

    private func keptProofs(_ bench: PeerBench) -> Int {
        bench.actions.count { if case .persist(.evidence, _) = $0 { true } else { false } }
    }

    /// The proofs that the member has put into its own log.
    private func told(_ bench: PeerBench) -> Int {
        bench.kept.count { object in
            let entry = try? LogEntry(ssz: object.object.payload.bytes)
            return object.object.author == MemberIndex(1) && entry?.topic == LogTopic.evidence.rawValue
        }
    }

    private func wishes(_ bench: PeerBench) -> [Wish] {
        (bench.sent(.objects, to: 1) + bench.sent(.registers, to: 1))
            .flatMap { (try? ObjectBatch(ssz: $0.body))?.elements ?? [] }
            .filter { $0.object.kind == .wish }.compactMap { try? Wish(ssz: $0.object.payload.bytes) }
    }

    @Test func `a leader that contradicts itself is convicted, told of, kept in mind and left`() throws {
        var (bench, leader) = linked()
        bench.clear()
        for object in contradiction(bench, by: leader) {
            bench.hear(leader, .objects, ObjectBatch([object])!.sszBytes)
        }
        #expect(convictions(bench) == [MemberIndex(leader + 1)])
        #expect(keptProofs(bench) == 1)
        #expect(told(bench) == 1)
        #expect(wishes(bench).map(\.reason) == [.evidence])
    }

    @Test func `what convicts a member is handed on as a file that convicts it anywhere`() throws {
        var (bench, leader) = linked()
        #expect(bench.machine.convictingProofs.isEmpty)
        for object in contradiction(bench, by: leader) {
            bench.hear(leader, .objects, ObjectBatch([object])!.sszBytes)
        }
        let held = try #require(bench.machine.convictingProofs.first)
        #expect(held.conviction.member == MemberIndex(leader + 1))
        let file = try #require(bench.machine.file(of: held.proof))
        #expect(try EvidenceFile(ssz: file.sszBytes).conviction() == held.conviction)
        #expect(file.transcript.isEmpty)
    }

    @Test func `a proof kept from before convicts again, and is neither told nor kept twice`() throws {
        let fresh = PeerBench()
        let leader = fresh.foreignView(in: fresh.committee(1)).leader
        let objects = contradiction(fresh, by: leader)
        let proof = try #require(Evidence(contradiction: objects[0], objects[1]))
        let (bench, _) = linked(evidence: [proof])
        #expect(convictions(bench) == [MemberIndex(leader + 1)])
        #expect(keptProofs(bench) == 0)
        #expect(told(bench) == 0)
        #expect(wishes(bench).map(\.reason) == [.evidence])
    }

    @Test func `a proof in another's log convicts and is not told again`() throws {
        var (bench, leader) = linked()
        let teller = leader == 1 ? 2 : 1
        let objects = contradiction(bench, by: leader)
        let proof = try #require(Evidence(contradiction: objects[0], objects[1]))
        let body = try #require(EvidenceRecord(proof)).sszBytes
        bench.clear()
        let log = bench.log(of: teller, as: teller + 1, [body], topic: .evidence)
        bench.hear(teller, .range, LogRange(SSZList(log)!).sszBytes)
        #expect(convictions(bench) == [MemberIndex(leader + 1)])
        #expect(keptProofs(bench) == 1)
        #expect(told(bench) == 0)
        #expect(bench.penalties.isEmpty)
    }

    @Test func `a proof in another's log is told again when that log is forked`() throws {
        var (bench, leader) = linked()
        let teller = leader == 1 ? 2 : 1
        let objects = contradiction(bench, by: leader)
        let proof = try #require(Evidence(contradiction: objects[0], objects[1]))
        let body = try #require(EvidenceRecord(proof)).sszBytes
        let log = bench.log(of: teller, as: teller + 1, [body], topic: .evidence)
        let other = bench.log(of: teller, as: teller + 1, [[1]], topic: .evidence)
        bench.hear(teller, .range, LogRange(SSZList(log)!).sszBytes)
        #expect(told(bench) == 0)
        bench.hear(3, .range, LogRange(SSZList([log[0], other[0]])!).sszBytes)
        #expect(convictions(bench).last == MemberIndex(teller + 1))
        #expect(told(bench) == 2, "the fork, and what stood in the forked log")
    }

    @Test func `a proof that proves nothing is the offence of whose log it stands in`() throws {
        var (bench, leader) = linked()
        let teller = leader == 1 ? 2 : 1
        var objects = contradiction(bench, by: leader)
        objects[1].signature[5] ^= 1
        let proof = try #require(Evidence(contradiction: objects[0], objects[1]))
        let body = try #require(EvidenceRecord(proof)).sszBytes
        bench.clear()
        let log = bench.log(of: teller, as: teller + 1, [body], topic: .evidence)
        bench.hear(teller, .range, LogRange(SSZList(log)!).sszBytes)
        #expect(convictions(bench).isEmpty)
        #expect(bench.penalties.map(\.0) == [MemberIndex(teller + 1)])
        #expect(bench.penalties.map(\.1) == [.unfoundedEvidence])
    }
}
