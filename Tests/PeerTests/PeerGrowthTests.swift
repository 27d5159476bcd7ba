import Consensus
import Peer
import Primitives
import Testing

/// What a member keeps is bounded, however long it runs.
@Suite struct PeerGrowthTests {
    /// Of what takes more elections than these to come to its bound, for all authors together.
    private static let bounds = [".epoch.some.attestation.copies[].states": 4 * 512]

    /// How many elements the collections of a value have, by where they are in it.
    private func sizes(of value: Any, at path: String = "") -> [String: Int] {
        let mirror = Mirror(reflecting: value)
        var sizes: [String: Int] = [:]
        switch mirror.displayStyle {
        case .collection, .dictionary, .set:
            sizes[path] = mirror.children.count
            for child in mirror.children {
                sizes.merge(self.sizes(of: child.value, at: path + "[]"), uniquingKeysWith: +)
            }
        default:
            for child in mirror.children {
                sizes.merge(
                    self.sizes(of: child.value, at: path + "." + (child.label ?? "")),
                    uniquingKeysWith: +
                )
            }
        }
        return sizes
    }

    private func elect(_ count: Int, in world: inout World) throws {
        for _ in 0..<count {
            let before = try #require(world.chain.elections.last)
            let leader = world.committee.leader(of: before.view)
            world.drain(leader, true)
            let moment = world.run(for: .seconds(10)) {
                ($0.chain.elections.last?.view ?? View(0)) > before.view
            }
            try #require(moment != nil)
            world.drain(leader, false)
            world.run(until: world.now.advanced(by: .milliseconds(300)))
        }
    }

    /// The greatest sizes at any member while so many leaders are elected: some rise and are cut back.
    private func greatest(over elections: Int, in world: inout World) throws -> [String: Int] {
        var greatest: [String: Int] = [:]
        for _ in 0..<elections / 4 {
            try elect(4, in: &world)
            for node in world.nodes { greatest.merge(sizes(of: node.machine), uniquingKeysWith: max) }
        }
        return greatest
    }

    @Test func `what a member keeps does not grow with elections`() throws {
        var world = try World(size: 4, seed: 9)
        world.startAll()
        let elected = world.run(for: .seconds(10)) { !$0.chain.elections.isEmpty }
        try #require(elected != nil)
        try elect(60, in: &world)
        let early = try greatest(over: 40, in: &world)
        try elect(20, in: &world)
        let late = try greatest(over: 40, in: &world)
        for (path, size) in late where size > 8 {
            #expect(size <= max(early[path, default: 0] + 8, Self.bounds[path, default: 0]), "\(path)")
        }
    }
}
