import Gossip
import Primitives
import TestSupport
import Testing

@Suite struct LinkRegistryOrdealTests {
    private static func identity(_ first: UInt8) -> Identity {
        var identity = Identity()
        identity[0] = first
        return identity
    }

    @Test(arguments: 1...6)
    func `whatever comes up and ends, a peer has the link that was named last, or none`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var registry = LinkRegistry(own: Self.identity(3))
        var now = Instant.start
        var used: [Identity: LinkID] = [:]
        var open: [(id: LinkID, peer: Identity)] = []
        for number in 0..<6_000 {
            now = now.advanced(by: .milliseconds(Int64(random.next() % 6_000)))
            let peer = Self.identity([1, 2, 4, 5][Int(random.next() % 4)])
            if random.next() % 2 == 0 || open.isEmpty {
                let id = LinkID(UInt64(number))
                open.append((id, peer))
                let side: LinkSide = random.next() % 2 == 0 ? .own : .peer
                for action in registry.established(id, with: peer, by: side, at: now) {
                    switch action {
                    case .use(let id, let peer): used[peer] = id
                    case .close(let closed):
                        if used[peer] == closed { used[peer] = nil }
                        if !open.contains(where: { $0.id == closed }) {
                            Issue.record("closes what is not open")
                        }
                    case .probe(let probed):
                        if used[peer] != probed { Issue.record("probes what is not in use") }
                    }
                }
            } else {
                let (id, peer) = open.remove(at: Int(random.next() % UInt64(open.count)))
                let lost = registry.closed(id, with: peer)
                #expect(lost == (used[peer] == id ? peer : nil))
                if used[peer] == id { used[peer] = nil }
            }
            for peer in [1, 2, 4, 5].map(Self.identity) where registry.link(to: peer) != used[peer] {
                Issue.record("another link than was named")
            }
        }
        #expect(registry.peers == used.keys.sorted())
    }
}
