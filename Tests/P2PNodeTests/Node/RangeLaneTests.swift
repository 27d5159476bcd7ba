import Gossip
import Primitives
import Testing

@testable import P2PNode

@Suite struct RangeLaneTests {
    private static func arrival(_ number: UInt8, over link: UInt64 = 1) -> RangeLane.Arrival {
        RangeLane.Arrival(
            range: LinkMessage(.range, body: [number]),
            peer: Identity([UInt8](repeating: 1, count: 32))!,
            link: LinkID(link)
        )
    }

    /// A lane in an actor's care, as the node has it.
    private actor Keeper {
        private var lane = RangeLane()
        private(set) var returned = 0

        /// Brings ranges as the reader of a link does, waiting for room after each.
        func read(_ numbers: ClosedRange<UInt8>, over link: UInt64 = 1) async {
            for number in numbers {
                lane.append(RangeLaneTests.arrival(number, over: link))
                if lane.isFull(for: LinkID(link)) {
                    await withCheckedContinuation { lane.wait($0, for: LinkID(link)) }
                }
                returned += 1
            }
        }

        func take() -> UInt8? { lane.popFirst()?.range.body.first }
        func close() { lane.close() }
    }

    private func settle() async { for _ in 0..<50 { await Task.yield() } }

    @Test func `ranges come out in the order in which they came`() {
        var lane = RangeLane()
        for number in 1...3 { lane.append(Self.arrival(UInt8(number), over: UInt64(number % 2))) }
        #expect((1...4).map { _ in lane.popFirst()?.range.body.first } == [1, 2, 3, nil])
    }

    @Test func `a link whose part is full is not read until one of its ranges is taken, another is`() async {
        let keeper = Keeper()
        let limit = RangeLane.limit
        await withTaskGroup { group in
            group.addTask { await keeper.read(1...UInt8(limit + 3)) }
            await settle()
            #expect(await keeper.returned == limit - 1)
            group.addTask { await keeper.read(101...103, over: 2) }
            await settle()
            #expect(await keeper.returned == limit - 1 + 3)
            #expect(await keeper.take() == 1)
            await settle()
            #expect(await keeper.returned == limit + 3)
            await keeper.close()
        }
        #expect(await keeper.returned == limit + 3 + 3)
        #expect(await keeper.take() == nil)
    }
}
