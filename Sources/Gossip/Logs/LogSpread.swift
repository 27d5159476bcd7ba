import Primitives

/// How new log entries travel in a committee too large for links to all.
///
/// At once, whole, to the neighbours that take the author's words from this node (``BroadcastTrees``); a little
/// later, as an announcement of the log's new head, to the other neighbours that are not known to have it. Who has
/// heard of an entry by an announcement only and not received it within ``patience`` pulls it, and from then on takes
/// the author's words from who brought it: so a parent that keeps entries back is found out by the first one.
struct LogSpread: Sendable {
    /// The most entries of one record that are pushed on; more of them come from a pull, and who lacks them pulls.
    static let pushLimit = 8

    /// How many heartbeats in a row must name the same other digest before it is more than a delay.
    static let differencesLimit = 16

    /// The members linked by links that are not of the mesh.
    private(set) var aside: [MemberIndex] = []
    private var differences: MemberTable<Difference>
    private var wanted: MemberTable<RelayWanted>
    private var told: MemberGrid<UInt64>
    private var grown: Set<MemberIndex> = []

    /// For how many heartbeats two digests have been what they are.
    private struct Difference: Sendable {
        var own = Digest()
        var theirs = Digest()
        var count = 0
    }

    /// Nobody wants anything, nothing has grown.
    init(size: Int) {
        differences = MemberTable(repeating: Difference(), size: size)
        wanted = MemberTable(repeating: RelayWanted([]), size: size)
        told = MemberGrid(repeating: 0, size: size)
    }

    /// Notes whose words a neighbour takes from this node.
    mutating func asked(_ request: RelayWanted, by neighbour: MemberIndex) {
        wanted[neighbour] = request
    }

    /// Forgets a neighbour with its link.
    mutating func linkDown(_ neighbour: MemberIndex) {
        leaveAside(neighbour)
        differences[neighbour] = Difference()
        wanted[neighbour] = RelayWanted([])
        for author in wanted.members { told[author, neighbour] = 0 }
    }

    /// Notes a link that is not of the mesh.
    mutating func linkUpAside(_ neighbour: MemberIndex) { aside.append(neighbour) }

    /// Notes that such a link has ended, or has become one of the mesh.
    mutating func leaveAside(_ neighbour: MemberIndex) { aside.removeAll { $0 == neighbour } }

    /// Takes what a heartbeat says of its author's logs; answers whether they have differed from one's own for
    /// ``differencesLimit`` heartbeats while neither has changed.
    mutating func staysBehind(_ digest: Digest, of neighbour: MemberIndex, own: Digest) -> Bool {
        let before = differences[neighbour]
        guard digest != own, before.own == own, before.theirs == digest else {
            differences[neighbour] = Difference(own: own, theirs: digest, count: digest == own ? 0 : 1)
            return false
        }
        differences[neighbour].count += 1
        return before.count + 1 >= Self.differencesLimit
    }

    /// Notes that a log has grown.
    mutating func grew(_ author: MemberIndex) { grown.insert(author) }

    /// Whether a neighbour takes an author's words from this node.
    func wants(_ author: MemberIndex, _ neighbour: MemberIndex) -> Bool { wanted[neighbour].contains(author) }

    /// Notes that a neighbour was sent, or told of, a log up to an entry.
    mutating func tell(_ neighbour: MemberIndex, _ sequence: UInt64, of author: MemberIndex) {
        told[author, neighbour] = max(told[author, neighbour], sequence)
    }

    /// How far a neighbour was sent, or told of, a log.
    func told(_ author: MemberIndex, _ neighbour: MemberIndex) -> UInt64 { told[author, neighbour] }

    /// Whether a log has grown since the last ``takeGrown()``.
    var hasGrown: Bool { !grown.isEmpty }

    /// The logs that have grown since the last call, in order.
    mutating func takeGrown() -> [MemberIndex] {
        defer { grown = [] }
        return grown.sorted()
    }
}
