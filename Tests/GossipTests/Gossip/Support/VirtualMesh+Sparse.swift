import Primitives

@testable import Gossip

/// Meshes with links between some of the members only.
extension VirtualMesh {
    /// Links each member with the neighbours that the graph gives it, and tells it so.
    mutating func linkNeighbours() {
        for member in 1...size {
            feed(
                member,
                .neighboursChosen(NeighbourGraph.neighbours(of: MemberIndex(member), in: cast.committee))
            )
        }
        for member in 1...size {
            for neighbour in neighbours(of: member) { link(member, neighbour) }
        }
    }

    /// The neighbours that the graph gives a member, by number.
    func neighbours(of member: Int) -> [Int] {
        NeighbourGraph.neighbours(of: MemberIndex(member), in: cast.committee).map { Int($0.rawValue) }
    }

    /// Lets a member append an entry of so many bytes to its log.
    mutating func append(_ member: Int, bytes: Int, mark: UInt8) {
        feed(member, .entryComposed(.deal, body: [mark] + [UInt8](repeating: 0, count: bytes - 1)))
    }

    /// How many entries of an author's log a member has delivered.
    func delivered(_ author: Int, to member: Int) -> Int { nodes[member - 1].delivered(author).count }
}
