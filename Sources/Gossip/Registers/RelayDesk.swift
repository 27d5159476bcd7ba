import Primitives

/// Asks neighbours to relay the registers that do not come by the direct way, and remembers who asked this node.
///
/// An author's registers are asked for from all neighbours while its own link is down, or has brought no heartbeat
/// for one and a half intervals; in a sparse mesh, where that holds for most authors, as ``BroadcastTrees`` say. When
/// an author's heartbeat names a newer wish than the one held, and the wish has not come by the next tick, one
/// neighbour after the other is asked, the author first.
struct RelayDesk: Sendable {
    private let own: MemberIndex
    private var asked: MemberTable<RelayWanted>
    /// What each neighbour was asked for; nothing yet of a new mesh link in a sparse mesh.
    private var wanted: MemberTable<RelayWanted?>
    /// Only in a sparse mesh.
    private(set) var trees: BroadcastTrees?
    private var heard: MemberTable<Instant>
    private var wishNamed: MemberTable<Order>
    private var repairs: MemberTable<Int>
    private var size: Int

    /// Nobody has asked anybody; all authors count as heard just now.
    init(own: MemberIndex, size: Int, at now: Instant) {
        self.own = own
        self.size = size
        asked = MemberTable(repeating: RelayWanted([]), size: size)
        wanted = MemberTable(repeating: RelayWanted([]), size: size)
        heard = MemberTable(repeating: now, size: size)
        trees = NeighbourGraph.isSparse(size) ? BroadcastTrees(size: size, at: now) : nil
        wishNamed = MemberTable(repeating: .zero, size: size)
        repairs = MemberTable(repeating: 0, size: size)
    }

    /// Whether a neighbour has asked for an author's registers.
    func isWanted(_ author: MemberIndex, by neighbour: MemberIndex) -> Bool {
        asked[neighbour].contains(author)
    }

    /// The authors whose registers a neighbour has asked for, in order.
    func wanted(by neighbour: MemberIndex) -> [MemberIndex] {
        asked[neighbour].authors.isZero ? [] : asked.members.filter { asked[neighbour].contains($0) }
    }

    /// Takes a neighbour's wishes and gives the authors that are new among them.
    mutating func asked(_ request: RelayWanted, by neighbour: MemberIndex) -> [MemberIndex] {
        let before = asked[neighbour]
        asked[neighbour] = request
        return asked.members.filter { request.contains($0) && !before.contains($0) && $0 != neighbour }
    }

    /// Starts afresh with a new link, or ends with an old one.
    mutating func forget(_ neighbour: MemberIndex, at now: Instant) {
        asked[neighbour] = RelayWanted([])
        // Nobody is told in vain that nothing is wanted, except that in a sparse mesh the word makes a mesh link.
        wanted[neighbour] = trees == nil ? RelayWanted([]) : nil
        heard[neighbour] = now
        trees?.linkDown(neighbour)
    }

    /// Notes who was the first to bring an author's newest register.
    mutating func brought(_ author: MemberIndex, by neighbour: MemberIndex, at now: Instant) {
        if author == neighbour { heard[author] = now }
        trees?.brought(author, by: neighbour, at: now)
    }

    /// Asks a neighbour for an author from now on whose entries did not come by the tree.
    mutating func adopt(_ neighbour: MemberIndex, for author: MemberIndex, at now: Instant) {
        trees?.adopt(neighbour, for: author, at: now)
    }

    /// Takes the neighbours of one's own choice, of whom relays are asked in a sparse mesh.
    mutating func choose(_ neighbours: [MemberIndex]) { trees?.choose(neighbours) }

    /// Notes the newest wish that an author says to have made.
    mutating func named(wish: Order, by author: MemberIndex) {
        wishNamed[author] = wish
    }

    /// The requests that have changed since they were last sent, one for each such neighbour.
    mutating func requests(
        links: LinkTable,
        registers: NewestObjects,
        interval: (MemberIndex) -> Duration,
        at now: Instant
    ) -> [(MemberIndex, RelayWanted)] {
        let linked = links.mesh
        trees?.expire(at: now, interval: interval)
        let absent = asked.members.filter { author in
            guard author != own else { return false }
            guard let trees else {
                return !links.isUp(author) || heard[author].duration(to: now) * 2 > interval(author) * 3
            }
            return trees.parent(author) != author
        }
        let repaired = repairs(linked: linked, registers: registers)
        var requests: [(MemberIndex, RelayWanted)] = []
        for neighbour in linked {
            let authors = absent.filter { $0 != neighbour && isSource(neighbour, of: $0) }
            let request = RelayWanted(authors + repaired.filter { $0.from == neighbour }.map(\.of))
            guard request != wanted[neighbour] else { continue }
            wanted[neighbour] = request
            requests.append((neighbour, request))
        }
        return requests
    }

    /// Whether a neighbour is one to ask for an author that does not come by its own link.
    private func isSource(_ neighbour: MemberIndex, of author: MemberIndex) -> Bool {
        trees?.isSource(neighbour, of: author) ?? true
    }

    /// Of whom to ask the wishes that were named and have not come.
    private mutating func repairs(
        linked: [MemberIndex],
        registers: NewestObjects
    ) -> [(of: MemberIndex, from: MemberIndex)] {
        guard !linked.isEmpty else { return [] }
        var result: [(of: MemberIndex, from: MemberIndex)] = []
        for author in wishNamed.members where author != own {
            guard registers.order(.wish, of: author) < wishNamed[author] else {
                repairs[author] = 0
                continue
            }
            let sources = linked.filter { $0 == author } + linked.filter { $0 != author }
            if repairs[author] > 0 { result.append((author, sources[(repairs[author] - 1) % sources.count])) }
            repairs[author] += 1
        }
        return result
    }
}
