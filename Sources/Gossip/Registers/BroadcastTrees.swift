import Primitives

/// From which neighbour this node takes what each author says, in a committee too large for links to all.
///
/// Plumtree (Leitão, Pereira, Rodrigues: Epidemic Broadcast Trees, SRDS 2007) with one tree for each author, drawn
/// by the receivers: a node asks one neighbour, the *parent*, to pass on what the author says, and while it has no
/// parent it asks all and takes the one that brings news first. To ask and to cease to ask are Plumtree's graft and
/// prune, all of them in one ``RelayWanted`` for each neighbour. One tree for each author and not one for all: every
/// author sends a heartbeat each interval anyhow, which tends its tree, shows the quickest way from that author and
/// tells within half an interval that a tree is broken; and the inner nodes differ from tree to tree, so that the
/// load is shared.
///
/// Nobody is trusted to be a parent. One that is silent is replaced when the author's next heartbeat is late, one
/// that closes its link at once, one that has been it for long in any case, and one that passes heartbeats on but keeps
/// log entries back when the entries had to be fetched elsewhere (see ``LogSpread``). A node that never asks harms
/// itself alone.
struct BroadcastTrees: Sendable {
    /// For how many of an author's intervals one neighbour at most is its parent on end.
    ///
    /// A parent that brings every heartbeat, but ever later, shows no gap; only the search for a new one, to which all
    /// answer at once with the newest they hold, finds it out.
    static let tenure = 256

    private var parents: MemberTable<MemberIndex?>
    private var sought: MemberTable<Instant>
    private var sources: Set<MemberIndex> = []
    private var heard: MemberTable<Instant>

    /// No parents; all authors count as heard just now.
    init(size: Int, at now: Instant) {
        parents = MemberTable(repeating: nil, size: size)
        sought = MemberTable(repeating: now, size: size)
        heard = MemberTable(repeating: now, size: size)
    }

    /// Takes the neighbours of one's own choice: only they are asked for an author that has no parent.
    ///
    /// Others have themselves chosen to be neighbours, perhaps in order to become everybody's parent.
    mutating func choose(_ neighbours: [MemberIndex]) { sources = Set(neighbours) }

    /// Whether a neighbour is one of whom an author's words are asked.
    func isSource(_ neighbour: MemberIndex, of author: MemberIndex) -> Bool {
        parents[author].map { $0 == neighbour } ?? sources.contains(neighbour)
    }

    /// The neighbour from which an author's words are taken; `nil` while it is sought among all.
    func parent(_ author: MemberIndex) -> MemberIndex? { parents[author] }

    /// Notes that a neighbour was the first to bring an author's newest register.
    ///
    /// The author's own link is as good as a parent can be.
    mutating func brought(_ author: MemberIndex, by neighbour: MemberIndex, at now: Instant) {
        heard[author] = now
        guard author == neighbour || (parents[author] == nil && sources.contains(neighbour)) else { return }
        if parents[author] != neighbour { sought[author] = now }
        parents[author] = neighbour
    }

    /// Takes a neighbour for parent that has an author's entries, since they did not come by the tree.
    mutating func adopt(_ neighbour: MemberIndex, for author: MemberIndex, at now: Instant) {
        guard sources.contains(neighbour), parents[author] != author else { return }
        sought[author] = now
        parents[author] = neighbour
    }

    /// Forgets a neighbour with its link.
    mutating func linkDown(_ neighbour: MemberIndex) {
        for author in parents.members where parents[author] == neighbour { parents[author] = nil }
    }

    /// Forgets the parents whose authors are late by more than half an interval, and those that have served their time.
    mutating func expire(at now: Instant, interval: (MemberIndex) -> Duration) {
        for author in parents.members {
            guard let parent = parents[author] else { continue }
            let isLate = heard[author].duration(to: now) * 2 > interval(author) * 3
            let isOver = parent != author && sought[author].duration(to: now) > interval(author) * Self.tenure
            if isLate || isOver { parents[author] = nil }
        }
    }
}
