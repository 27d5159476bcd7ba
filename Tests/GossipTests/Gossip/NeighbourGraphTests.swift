import Primitives
import Testing

@testable import Gossip

@Suite struct NeighbourGraphTests {
    private func graph(_ committee: Committee) -> [MemberIndex: Set<MemberIndex>] {
        Dictionary(
            uniqueKeysWithValues: committee.indices.map {
                ($0, Set(NeighbourGraph.neighbours(of: $0, in: committee)))
            }
        )
    }

    /// How far one can come from a member over members that are not left out.
    private func reached(
        from start: MemberIndex,
        in graph: [MemberIndex: Set<MemberIndex>],
        without lost: Set<MemberIndex>
    ) -> (count: Int, hops: Int) {
        var seen: Set<MemberIndex> = [start]
        var edge: Set<MemberIndex> = [start]
        var hops = 0
        while true {
            let next = edge.reduce(into: Set<MemberIndex>()) { $0.formUnion(graph[$1] ?? []) }
                .subtracting(seen).subtracting(lost)
            guard !next.isEmpty else { return (seen.count, hops) }
            seen.formUnion(next)
            edge = next
            hops += 1
        }
    }

    @Test(arguments: [4, 7, 31, 32])
    func `links all with all in a small committee`(size: Int) {
        let committee = TestCommittee(size: size).committee
        for (member, neighbours) in graph(committee) {
            #expect(neighbours == Set(committee.indices).subtracting([member]))
        }
    }

    @Test(arguments: [33, 50, 64, 65, 100, 128])
    func `gives each member of a large committee a few neighbours, and both ends the same link`(size: Int) {
        let committee = TestCommittee(size: size).committee
        let graph = graph(committee)
        let degree = 2 * NeighbourGraph.cycles(size)
        #expect(degree == (size > 64 ? 10 : 8))
        for (member, neighbours) in graph {
            #expect((degree - 3...degree).contains(neighbours.count) && !neighbours.contains(member))
            for neighbour in neighbours { #expect(graph[neighbour]?.contains(member) == true) }
        }
        let (count, hops) = reached(from: committee.indices[0], in: graph, without: [])
        #expect(count == size && hops <= 4)
    }

    /// The numbers come from a program of its own in Python, written from docs/PROTOCOL.md.
    @Test func `is the one of the protocol's documentation`() {
        let seed = SHA256.hash([])
        let expected: [Int: [Int]] = [
            1: [14, 16, 28, 33, 34, 36],
            2: [13, 17, 20, 24, 25, 32, 36, 40],
            40: [2, 5, 10, 11, 21, 33, 35, 37],
        ]
        for (member, neighbours) in expected {
            #expect(
                NeighbourGraph.neighbours(of: MemberIndex(member), size: 40, seed: seed)
                    == neighbours.map { MemberIndex($0) }
            )
        }
    }

    @Test func `differs from committee to committee`() {
        let one = graph(TestCommittee(size: 40).committee)
        let other = graph(TestCommittee(size: 40, epoch: 2).committee)
        #expect(one != other)
        #expect(one == graph(TestCommittee(size: 40).committee))
    }

    @Test func `keeps nine in ten of the survivors together when a third is lost at random`() {
        var random = SplitMix64(seed: 7)
        for epoch in 1...20 {
            let committee = TestCommittee(size: 50, epoch: UInt64(epoch)).committee
            let lost = Set(committee.indices.shuffled(using: &random).prefix(committee.faultLimit))
            let start = committee.indices.first { !lost.contains($0) }!
            let (count, hops) = reached(from: start, in: graph(committee), without: lost)
            #expect(count >= (committee.size - lost.count) * 9 / 10 && hops <= 6)
        }
    }
}
