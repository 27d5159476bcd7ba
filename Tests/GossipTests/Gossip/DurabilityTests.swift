import Primitives
import Testing

@testable import Gossip

/// What one honest member has acknowledged reaches all honest members.
@Suite struct DurabilityTests {
    private func log(_ mesh: VirtualMesh, _ holder: Int, of author: Int) -> [SignedObject] {
        mesh.nodes[holder - 1].store.logs[mesh.cast.identity(of: MemberIndex(author))] ?? []
    }

    @Test(arguments: 1...8)
    func `entries that one member holds reach all, though their author is dead`(seed: UInt64) {
        var mesh = VirtualMesh(size: 4, seed: seed)
        mesh.linkAll()
        mesh.run(for: .seconds(1))
        mesh.partition([1, 2])
        for number in 0..<5 { mesh.feed(1, .entryComposed(.deal, body: [UInt8(number)])) }
        // Long enough for some of the entries to be durable and pushed, not always for all.
        mesh.run(for: .microseconds(Int64(3_000 + 1_000 * Int(seed))))
        mesh.kill(1)
        mesh.run(for: .seconds(1))
        mesh.linkAll()
        let acknowledged = log(mesh, 2, of: 1)
        mesh.run(for: .seconds(3))
        for member in 2...4 {
            #expect(log(mesh, member, of: 1) == acknowledged)
            #expect(mesh.nodes[member - 1].delivered(1) == acknowledged)
        }
    }

    @Test func `entries go from hand to hand where there is no direct link`() {
        var mesh = VirtualMesh(size: 4, seed: 2)
        for (one, other) in [(1, 2), (2, 3), (3, 4)] { mesh.link(one, other) }
        mesh.run(for: .seconds(1))
        for number in 0..<3 { mesh.feed(1, .entryComposed(.deal, body: [UInt8(number)])) }
        mesh.run(for: .seconds(4))
        #expect(log(mesh, 4, of: 1).count == 3)
        #expect(mesh.nodes[3].delivered(1) == log(mesh, 1, of: 1))
    }

    @Test func `a latecomer catches up with long logs from whoever has them`() {
        var mesh = VirtualMesh(size: 4, seed: 7)
        for (one, other) in [(1, 2), (1, 3), (2, 3)] { mesh.link(one, other) }
        mesh.run(for: .seconds(1))
        let body = [UInt8](repeating: 7, count: 900)
        for _ in 0..<300 {
            for author in 1...3 { mesh.feed(author, .entryComposed(.deal, body: body)) }
            mesh.run(for: .milliseconds(10))
        }
        mesh.run(for: .seconds(1))
        mesh.kill(2)
        mesh.link(4, 1)
        mesh.link(4, 3)
        mesh.run(for: .milliseconds(100))
        mesh.cut(4, 1)
        mesh.run(for: .seconds(3))
        for author in 1...3 {
            #expect(log(mesh, 3, of: author).count == 300)
            #expect(log(mesh, 4, of: author) == log(mesh, 3, of: author))
            #expect(mesh.nodes[3].delivered(author) == log(mesh, 3, of: author))
        }
        #expect(mesh.nodes.allSatisfy { $0.penalties.isEmpty && $0.evidence.isEmpty })
    }

    @Test(arguments: 1...6)
    func `a member that is killed and comes back again and again loses and forks nothing`(seed: UInt64) {
        var mesh = VirtualMesh(size: 4, seed: seed)
        var random = SplitMix64(seed: seed)
        mesh.linkAll()
        for incarnation in 2...6 {
            for _ in 0..<6 {
                mesh.feed(1, .entryComposed(.deal, body: [UInt8(random.next() % 256)]))
                mesh.feed(2, .entryComposed(.confirm, body: [UInt8(random.next() % 256)]))
                mesh.run(for: .microseconds(Int64(random.next() % 9_000)))
            }
            mesh.kill(1)
            mesh.run(for: .milliseconds(700))
            mesh.restart(1, incarnation: UInt64(incarnation))
            mesh.run(for: .milliseconds(700))
        }
        mesh.run(for: .seconds(3))
        for author in 1...2 {
            let log = log(mesh, author, of: author)
            #expect(!log.isEmpty)
            for member in 1...4 { #expect(self.log(mesh, member, of: author) == log) }
        }
        for member in 2...4 {
            #expect(mesh.nodes[member - 1].delivered(1) == log(mesh, 1, of: 1))
            #expect(
                mesh.nodes[member - 1].machine.newest(.heartbeat, of: MemberIndex(1))?.object.order
                    .incarnation == 6
            )
        }
        #expect(mesh.nodes.allSatisfy { $0.penalties.isEmpty && $0.evidence.isEmpty && !$0.wentBack })
    }

    @Test func `a flooder and two liars do not keep four others from agreeing`() {
        var mesh = VirtualMesh(size: 7, seed: 11)
        mesh.linkAll()
        mesh.run(for: .seconds(1))
        let liars = [6, 7]
        for step in 0..<200 {
            for liar in liars {
                let lies = (1...7).map {
                    Frontier(
                        author: MemberIndex($0),
                        sequence: UInt64(step + 1) << 32,
                        head: SHA256.hash([UInt8(step)])
                    )
                }
                let message = LinkMessage(.frontiers, body: Frontiers(SSZList(lies)!).sszBytes)
                for member in 1...5 { mesh.feed(member, .received(message, from: MemberIndex(liar))) }
            }
            if step % 4 == 0 {
                for author in 1...5 { mesh.feed(author, .entryComposed(.deal, body: [UInt8(step)])) }
            }
            if step == 60 { mesh.partition([1, 2]) }
            if step == 140 { mesh.linkAll() }
            mesh.run(for: .milliseconds(20))
        }
        mesh.run(for: .seconds(12))
        for author in 1...5 {
            let log = log(mesh, author, of: author)
            #expect(log.count == 50)
            for member in 1...5 { #expect(self.log(mesh, member, of: author) == log) }
        }
    }
}
