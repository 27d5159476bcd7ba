package import Primitives

/// Between whom links are kept in any case, as a function of the committee that everybody computes alike.
///
/// Up to ``fullMeshLimit`` members all are linked with all. Above it each has the neighbours that it has on some
/// Hamiltonian cycles, drawn from the committee's digest: a random regular graph, which is an expander with
/// overwhelming probability (Friedman 2008; Law and Siu, INFOCOM 2003), is connected by any one of its cycles, and
/// stays so for the honest when a third falls silent. Who registers last can choose keys until the cycles suit it,
/// so this graph alone protects nobody from being surrounded: each adds some of its own random
/// choice.
package enum NeighbourGraph {
    /// The most members of a committee in which all are linked with all.
    package static let fullMeshLimit = 32

    /// Whether the committee has links between some of its members only.
    package static func isSparse(_ size: Int) -> Bool { size > fullMeshLimit }

    /// The members that one is to be linked with, in order.
    ///
    /// - Complexity: O(n log n).
    package static func neighbours(of member: MemberIndex, in committee: Committee) -> [MemberIndex] {
        guard isSparse(committee.size) else { return committee.indices.filter { $0 != member } }
        return neighbours(of: member, size: committee.size, seed: committee.configDigest)
    }

    /// The neighbours of a member on the cycles that a seed gives, in order.
    static func neighbours(of member: MemberIndex, size: Int, seed: Digest) -> [MemberIndex] {
        var shuffle = SeededShuffle("oracle/neighbours/v1", seed: seed)
        var neighbours: Set<MemberIndex> = []
        for _ in 0..<cycles(size) {
            let cycle = shuffle.next(count: size)
            guard let place = cycle.firstIndex(of: member) else { continue }
            neighbours.insert(cycle[(place + 1) % size])
            neighbours.insert(cycle[(place + size - 1) % size])
        }
        return neighbours.sorted()
    }

    /// The cycles of a committee: 4 up to 64 members, 5 up to 128.
    ///
    /// Twice that is a member's degree, twice two less than the logarithm of n to base 2, rounded up.
    package static func cycles(_ size: Int) -> Int { Int.bitWidth - (size - 1).leadingZeroBitCount - 2 }
}
