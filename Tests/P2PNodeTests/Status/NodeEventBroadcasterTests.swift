import P2PNode
import Testing

@Suite struct NodeEventBroadcasterTests {
    private let broadcaster = NodeEventBroadcaster()

    /// The views of the next events.
    private func views(_ count: Int, of stream: AsyncStream<NodeEvent>) async -> [UInt64] {
        var views: [UInt64] = []
        for await event in stream.prefix(count) { views.append(event.view ?? 0) }
        return views
    }

    private func send(_ views: ClosedRange<UInt64>) {
        for view in views { broadcaster.send(NodeEvent(.viewEntered, "view", view: view)) }
    }

    @Test func `gives a new listener the newest events and then all that come`() async throws {
        let kept = UInt64(NodeEventBroadcaster.historyLimit)
        send(1...(kept + 10))
        let stream = try #require(broadcaster.listen())
        send((kept + 11)...(kept + 12))
        #expect(await views(Int(kept) + 2, of: stream) == Array(11...(kept + 12)))
    }

    @Test func `drops the oldest of what waits for a slow listener`() async throws {
        let stream = try #require(broadcaster.listen())
        let limit = UInt64(NodeEventBroadcaster.waitingLimit)
        send(1...(limit + 3))
        #expect(await views(Int(limit), of: stream) == Array(4...(limit + 3)))
    }

    @Test func `says at which position the node is from when it knows`() async throws {
        let stream = try #require(broadcaster.listen())
        broadcaster.send(NodeEvent(.started, "started"))
        broadcaster.setNode(3)
        broadcaster.send(NodeEvent(.halted, "halted"))
        var nodes: [Int?] = []
        for await event in stream.prefix(2) { nodes.append(event.node) }
        #expect(nodes == [nil, 3])
    }

    @Test func `lets only so many listen, and another when one has left`() async throws {
        var streams = (0..<NodeEventBroadcaster.listenerLimit).compactMap { _ in broadcaster.listen() }
        #expect(streams.count == NodeEventBroadcaster.listenerLimit)
        #expect(broadcaster.listen() == nil)
        streams.removeLast()
        #expect(broadcaster.listen() != nil)
        withExtendedLifetime(streams) {}
    }
}
