import Gossip
import Primitives
import Testing

@Suite struct LinkRegistryTests {
    private static func identity(_ first: UInt8) -> Identity {
        var identity = Identity()
        identity[0] = first
        return identity
    }

    private let low = identity(1)
    private let high = identity(2)

    @Test func `uses the first connection to a peer`() {
        var registry = LinkRegistry(own: low)
        #expect(registry.established(LinkID(1), with: high, by: .own, at: .start) == [.use(LinkID(1), high)])
        #expect(registry.link(to: high) == LinkID(1))
        #expect(registry.peers == [high])
    }

    @Test func `keeps peers apart`() {
        var registry = LinkRegistry(own: low)
        _ = registry.established(LinkID(1), with: high, by: .own, at: .start)
        let third = Self.identity(3)
        #expect(
            registry.established(LinkID(2), with: third, by: .peer, at: .start) == [.use(LinkID(2), third)]
        )
        #expect(registry.peers == [high, third])
    }

    @Test(arguments: [LinkSide.own, .peer])
    func `a newer connection of the same initiator replaces the older`(side: LinkSide) {
        var registry = LinkRegistry(own: low)
        _ = registry.established(LinkID(1), with: high, by: side, at: .start)
        let actions = registry.established(LinkID(2), with: high, by: side, at: .start)
        #expect(actions == [.close(LinkID(1)), .use(LinkID(2), high)])
        #expect(registry.closed(LinkID(1), with: high) == nil)
        #expect(registry.link(to: high) == LinkID(2))
    }

    @Test func `of two at a time the one of the lower initiator stays, and the winner is probed`() {
        for (own, peer) in [(low, high), (high, low)] {
            let winner: LinkSide = own < peer ? .own : .peer
            let loser: LinkSide = own < peer ? .peer : .own
            var registry = LinkRegistry(own: own)
            _ = registry.established(LinkID(1), with: peer, by: winner, at: .start)
            #expect(
                registry.established(LinkID(2), with: peer, by: loser, at: .start)
                    == [.close(LinkID(2)), .probe(LinkID(1))]
            )
            registry = LinkRegistry(own: own)
            _ = registry.established(LinkID(1), with: peer, by: loser, at: .start)
            #expect(
                registry.established(LinkID(2), with: peer, by: winner, at: .start)
                    == [.close(LinkID(1)), .use(LinkID(2), peer)]
            )
        }
    }

    @Test func `a connection that comes long after cannot be simultaneous and replaces a dead one`() {
        var registry = LinkRegistry(own: low)
        _ = registry.established(LinkID(1), with: high, by: .own, at: .start)
        let bound = Instant.start.advanced(by: LinkRegistry.simultaneity)
        var copy = registry
        #expect(
            copy.established(LinkID(2), with: high, by: .peer, at: bound) == [
                .close(LinkID(2)), .probe(LinkID(1)),
            ]
        )
        let later = bound.advanced(by: .nanoseconds(1))
        #expect(
            registry.established(LinkID(2), with: high, by: .peer, at: later)
                == [.close(LinkID(1)), .use(LinkID(2), high)]
        )
    }

    @Test func `tells which peer has no link any more, once`() {
        var registry = LinkRegistry(own: low)
        _ = registry.established(LinkID(1), with: high, by: .own, at: .start)
        #expect(registry.closed(LinkID(9), with: high) == nil)
        #expect(registry.closed(LinkID(1), with: high) == high)
        #expect(registry.closed(LinkID(1), with: high) == nil)
        #expect(registry.peers.isEmpty)
    }

    @Test func `both ends keep the same connection, in every order of events`() {
        var search = Search(low: low, high: high)
        search.run(Search.Node(low: LinkRegistry(own: low), high: LinkRegistry(own: high)))
        #expect(search.ends > 10)
        #expect(search.faults == [])
    }
}

/// All interleavings of what happens at two ends that dial each other at the same time, the lower one twice.
private struct Search {
    /// What can happen at an end.
    struct Happening: Hashable {
        enum What: Hashable { case established, closed }
        let link: UInt64
        let atLow: Bool
        let what: What
    }

    struct Node {
        var low: LinkRegistry
        var high: LinkRegistry
        var happened: Set<Happening> = []
        var closed: Set<UInt64> = []
    }

    let low: Identity
    let high: Identity
    /// Connections 1 and 3 are dialed by the lower end, 3 after 1; connection 2 by the higher.
    let links: [UInt64] = [1, 2, 3]
    var ends = 0
    var faults: Set<String> = []

    private func isDialedByLow(_ link: UInt64) -> Bool { link != 2 }

    private func canHappen(_ next: Happening, _ node: Node) -> Bool {
        guard !node.happened.contains(next) else { return false }
        let here = Happening(link: next.link, atLow: next.atLow, what: .established)
        let there = Happening(link: next.link, atLow: !next.atLow, what: .established)
        switch next.what {
        case .closed:
            return node.happened.contains(here) && node.closed.contains(next.link)
        case .established:
            if next.link == 3, !node.happened.contains(Happening(link: 1, atLow: true, what: .established)) {
                return false
            }
            let first = Happening(link: 1, atLow: next.atLow, what: .established)
            if next.link == 3, !node.happened.contains(first) { return false }
            // The end that dialed is done first: it sends the last message.
            return isDialedByLow(next.link) == next.atLow || node.happened.contains(there)
        }
    }

    mutating func run(_ node: Node) {
        var isEnd = true
        for link in links {
            for atLow in [true, false] {
                for what in [Happening.What.established, .closed] {
                    let next = Happening(link: link, atLow: atLow, what: what)
                    guard canHappen(next, node) else { continue }
                    isEnd = false
                    run(after(next, node))
                }
            }
        }
        guard isEnd else { return }
        ends += 1
        let kept = (node.low.link(to: high), node.high.link(to: low))
        if kept.0 == nil || kept.0 != kept.1 { faults.insert("kept \(kept)") }
        let open = links.filter { !node.closed.contains($0) }
        if open.map({ LinkID($0) }) != [kept.0] { faults.insert("open \(open), kept \(kept)") }
    }

    private func after(_ next: Happening, _ node: Node) -> Node {
        var node = node
        node.happened.insert(next)
        let id = LinkID(next.link)
        let peer = next.atLow ? high : low
        var registry = next.atLow ? node.low : node.high
        switch next.what {
        case .closed:
            _ = registry.closed(id, with: peer)
        case .established:
            let side: LinkSide = isDialedByLow(next.link) == next.atLow ? .own : .peer
            for action in registry.established(id, with: peer, by: side, at: .start) {
                if case .close(let link) = action { node.closed.insert(link.rawValue) }
            }
        }
        if next.atLow { node.low = registry } else { node.high = registry }
        return node
    }
}
