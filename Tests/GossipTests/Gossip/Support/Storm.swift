import Primitives
import Testing

@testable import Gossip

/// Minutes of bad luck for a mesh, and what must be true of it afterwards.
struct Storm {
    var mesh: VirtualMesh
    private var expected: [Int: Int] = [:]
    private var random: SplitMix64

    init(size: Int, seed: UInt64) {
        mesh = VirtualMesh(size: size, seed: seed)
        random = SplitMix64(seed: seed ^ 0x5EED)
        mesh.linkAll()
    }

    private mutating func member() -> Int { 1 + Int(random.next() % UInt64(mesh.size)) }

    /// Lets so many things happen, one each `pace`: entries, wishes, lost and found links, partitions, loss.
    mutating func rage(steps: Int, pace: Duration) {
        for step in 0..<steps {
            let (one, other) = (member(), member())
            switch random.next() % 8 {
            case 0, 1, 2:
                let body = (0..<Int(random.next() % 600)).map { UInt8(truncatingIfNeeded: $0 + step) }
                mesh.feed(one, .entryComposed(.deal, body: body))
                expected[one, default: 0] += 1
            case 3:
                mesh.publish(one, .wish, [UInt8(truncatingIfNeeded: step)])
            case 4: mesh.cut(one, other)
            case 5: mesh.link(one, other)
            case 6:
                mesh.weather.lostPerMille = random.next() % 100
            default:
                if random.next() % 4 == 0 {
                    mesh.partition(Set((0..<mesh.size / 2).map { _ in member() }))
                } else {
                    mesh.linkAll()
                }
            }
            mesh.run(for: pace)
        }
    }

    /// Lets the sun shine.
    mutating func calm(for duration: Duration) {
        mesh.weather.lostPerMille = 0
        mesh.linkAll()
        mesh.run(for: duration)
    }

    /// Checks that everybody holds everything and nobody was blamed.
    func expectConvergence(_ location: SourceLocation = #_sourceLocation) {
        for author in 1...mesh.size {
            let identity = mesh.cast.identity(of: MemberIndex(author))
            let log = mesh.nodes[author - 1].store.logs[identity] ?? []
            #expect(log.count == expected[author, default: 0], sourceLocation: location)
            let wish = mesh.nodes[author - 1].machine.newest(.wish, of: MemberIndex(author))
            for node in mesh.nodes {
                #expect(node.store.logs[identity] ?? [] == log, sourceLocation: location)
                #expect(node.delivered(author) == log, sourceLocation: location)
                #expect(node.machine.newest(.wish, of: MemberIndex(author)) == wish, sourceLocation: location)
            }
        }
        for node in mesh.nodes {
            #expect(
                !node.wentBack && node.penalties.isEmpty && node.evidence.isEmpty,
                sourceLocation: location
            )
            #expect(
                node.machine.frontierDigest == mesh.nodes[0].machine.frontierDigest,
                sourceLocation: location
            )
        }
    }
}
