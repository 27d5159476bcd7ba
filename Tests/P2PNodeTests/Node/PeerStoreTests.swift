import Consensus
import Gossip
import Peer
import Primitives
import Testing

@testable import P2PNode

/// What a node takes from its store when an epoch begins.
@Suite struct PeerStoreTests {
    @Test func `of what is for people only the last of each author is in memory`() async throws {
        let world = try ElectionWorld()
        let store = MemoryStore()
        for member in [MemberIndex(1), MemberIndex(2)] {
            let identity = try #require(world.committee[member]).identity
            var previous = Digest()
            for place in 1...40 as ClosedRange<UInt64> {
                let publication = Publication(
                    time: UnixMilliseconds(rawValue: place),
                    title: ByteList([1])!,
                    content: ByteList([UInt8](repeating: 7, count: 16_384))!
                )
                let isOther = place.isMultiple(of: 10)
                let entry = world.entry(
                    isOther ? .absent : .publication,
                    isOther ? [UInt8(place)] : publication.sszBytes,
                    by: member,
                    at: place,
                    after: previous
                )
                previous = entry.hashTreeRoot()
                try await store.commit([.appendToLog(entry.stored(of: identity))])
            }
        }
        let peers = PeerStore(store: store, committee: world.committee)
        let beginning = try await peers.beginning(membersHash: Digest(), firstView: View(1))
        let places = [MemberIndex(1), MemberIndex(2)].map { member in
            beginning.entries.filter { $0.object.author == member }.map(\.object.order.sequence)
        }
        #expect(places == [[10, 20, 30, 40, 39], [10, 20, 30, 40, 39]])
        #expect(beginning.logs.map(\.head.sequence) == [40, 40])
    }
}
