import P2PNode
import Testing

@testable import oracle

@Suite struct TimeOrderTests {
    private let order = TimeOrder()

    private func add(_ times: Double..., from node: Int) {
        for time in times {
            var event = NodeEvent(.started, "started")
            event.time = time
            order.add(WatchItem(node: node, time: time, content: .event(event)))
        }
    }

    @Test func `merges the histories of nodes by time`() {
        add(1, 4, 6, from: 1)
        add(2, 3, 5, from: 2)
        #expect(order.take(at: 1_000).map(\.time) == [1, 2, 3, 4, 5, 6])
        #expect(order.take(at: 1_000).isEmpty)
    }

    @Test func `holds an item back in case an earlier one is on its way`() {
        add(1_000, from: 1)
        #expect(order.take(at: 1_010).isEmpty)
        add(990, from: 2)
        #expect(order.take(at: 1_051).map(\.node) == [2, 1])
    }

    @Test func `does not wait for a clock that is far ahead`() {
        add(90_000, from: 1)
        #expect(order.take(at: 1_000).count == 1)
    }
}
