import Primitives
import Testing

@testable import Gossip

/// Whole committees of more than 32 members, in virtual time.
@Suite struct SparseMeshTests {
    private func warm(size: Int, seed: UInt64) -> VirtualMesh {
        var mesh = VirtualMesh(size: size, seed: seed)
        mesh.linkNeighbours()
        mesh.run(for: .seconds(4))
        return mesh
    }

    @Test func `an object crosses hardly more links than there are other members`() {
        var mesh = warm(size: 50, seed: 1)
        let before = mesh.sent[.range] ?? 0
        for round in 0..<20 {
            mesh.append(1 + round * 7 % 50, bytes: 1_024, mark: UInt8(round))
            mesh.run(for: .milliseconds(100))
        }
        mesh.run(for: .seconds(1))
        for round in 0..<20 {
            let author = 1 + round * 7 % 50
            #expect((1...50).allSatisfy { mesh.delivered(author, to: $0) == 1 })
        }
        let crossings = mesh.sent[.range, default: 0] - before
        #expect(crossings >= 20 * 49)
        #expect(crossings * 10 <= 20 * 49 * 13, "\(crossings) for 20 objects and 49 receivers")
        #expect(mesh.nodes.allSatisfy { $0.penalties.isEmpty })
    }

    @Test func `an object crosses less than twice as many links while a tenth of the members dies`() {
        var mesh = warm(size: 50, seed: 2)
        let dying = [3, 11, 19, 31, 44]
        let before = mesh.sent[.range] ?? 0
        var authors: [Int] = []
        for round in 0..<40 {
            if round % 8 == 2 { mesh.kill(dying[round / 8]) }
            let author = 1 + round * 9 % 50
            guard !dying.contains(author) else { continue }
            authors.append(author)
            mesh.append(author, bytes: 1_024, mark: UInt8(round))
            mesh.run(for: .milliseconds(100))
        }
        mesh.run(for: .seconds(3))
        let alive = (1...50).filter { !dying.contains($0) }
        for author in Set(authors) {
            let count = authors.count { $0 == author }
            #expect(alive.allSatisfy { mesh.delivered(author, to: $0) == count })
        }
        let crossings = mesh.sent[.range, default: 0] - before
        #expect(crossings <= authors.count * 49 * 2, "\(crossings) for \(authors.count) objects")
    }

    @Test func `all hear all within three intervals, by few heartbeats more than there are members`() {
        var mesh = warm(size: 50, seed: 3)
        let relayed = mesh.nodes.map { $0.metrics[.relayed] ?? 0 }.reduce(0, +)
        let own = mesh.nodes.map { $0.metrics[.heartbeat] ?? 0 }.reduce(0, +)
        mesh.run(for: .seconds(4))
        let made = mesh.nodes.map { $0.metrics[.heartbeat] ?? 0 }.reduce(0, +) - own
        let passed = mesh.nodes.map { $0.metrics[.relayed] ?? 0 }.reduce(0, +) - relayed
        #expect(passed <= made * 49 * 11 / 10)
        for member in 1...50 {
            for author in 1...50 where author != member {
                let newest = mesh.nodes[author - 1].machine.newest(.heartbeat, of: MemberIndex(author))!
                let heard = mesh.nodes[member - 1].machine.newest(.heartbeat, of: MemberIndex(author))
                #expect((heard?.object.order.sequence ?? 0) + 2 >= newest.object.order.sequence)
            }
        }
    }
}

/// What liars can and cannot do to a sparse mesh.
@Suite struct SparseLiarTests {
    private let size = 40
    private let liars: Set<Int> = [2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38]

    private func spread(
        seed: UInt64,
        _ intercept: @escaping (Int, Int, LinkMessage) -> LinkMessage?
    ) -> VirtualMesh {
        var mesh = VirtualMesh(size: size, seed: seed)
        let liars = liars
        mesh.intercept = { liars.contains($0) ? intercept($0, $1, $2) : $2 }
        mesh.linkNeighbours()
        mesh.run(for: .seconds(4))
        for round in 0..<6 {
            mesh.append(honest[round * 4], bytes: 1_024, mark: UInt8(round))
            mesh.run(for: .milliseconds(300))
        }
        mesh.run(for: .seconds(12))
        return mesh
    }

    private var honest: [Int] { (1...size).filter { !liars.contains($0) } }

    private func expectAllDelivered(_ mesh: VirtualMesh) {
        for round in 0..<6 {
            for member in honest { #expect(mesh.delivered(honest[round * 4], to: member) == 1) }
        }
    }

    @Test func `a third that passes on heartbeats but no entries cuts nobody off`() {
        let mesh = spread(seed: 4) { $2.type == .range ? nil : $2 }
        expectAllDelivered(mesh)
    }

    @Test func `a third that announces entries and never delivers them cuts nobody off`() {
        let cast = TestCommittee(size: size)
        let mesh = spread(seed: 5) { _, to, message in
            guard [.announcement, .frontiers].contains(message.type) else {
                return message.type == .range ? nil : message
            }
            // What is said of the receiver's own log it looks into before it appends, in any mesh.
            let heads = cast.committee.indices.filter { $0 != MemberIndex(to) }
                .map { Frontier(author: $0, sequence: 1_000, head: Digest()) }
            return LinkMessage(message.type, body: Frontiers(SSZList(heads)!).sszBytes)
        }
        expectAllDelivered(mesh)
    }

    @Test func `a third that is silent but for its own heartbeats cuts nobody off`() {
        let mesh = spread(seed: 6) { from, _, message in
            guard message.type == .registers, let batch = try? ObjectBatch(ssz: message.body) else {
                return [.ping, .pong].contains(message.type) ? message : nil
            }
            let own = batch.elements.filter { $0.object.author == MemberIndex(from) }
            return ObjectBatch(own).map { LinkMessage(.registers, body: $0.sszBytes) }
        }
        expectAllDelivered(mesh)
        for member in honest {
            for author in honest where author != member {
                let newest = mesh.nodes[author - 1].machine.newest(.heartbeat, of: MemberIndex(author))!
                let heard = mesh.nodes[member - 1].machine.newest(.heartbeat, of: MemberIndex(author))
                #expect((heard?.object.order.sequence ?? 0) + 3 >= newest.object.order.sequence)
            }
        }
    }
}
