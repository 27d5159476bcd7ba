import Primitives
import Testing

@testable import Gossip

/// Logs do not go back in epochs, so the first entry that is left shows that none of the present one is missing.
@Suite struct LogEpochTests {
    private let past = PastLogs()

    /// A member of the epoch with these logs, linked with 2 and 3.
    private func member(_ own: Int, _ store: TestStore) -> TestNode {
        var node = TestNode(past.cast, own, store: store, past: past.past)
        for other in 2...3 { node.linkUp(other) }
        node.sent = []
        node.facts = []
        return node
    }

    @Test func `a log does not go back to an earlier epoch`() {
        var node = member(1, past.store())
        let back = past.cast.entry(after: past.logs[3], by: MemberIndex(4), body: [1], epoch: Epoch(2))
        node.receive(range: [back], from: 2)
        #expect(node.delivered(4).isEmpty && node.penalties.map(\.0) == [MemberIndex(4)])
        #expect(node.disconnected.isEmpty)
        // Neither when it comes before the entries that it follows.
        var store = past.store()
        store.logs[past.identity(4)]?.removeLast()
        var gapped = member(1, store)
        gapped.receive(frontiers: past.frontiers, from: 2)
        gapped.receive(range: [back], from: 4)
        gapped.linkUp(4)
        gapped.receive(range: [back], from: 4)
        gapped.receive(range: [past.logs[3][16]], from: 4)
        #expect(gapped.delivered(4) == [past.logs[3][16]])
    }

    @Test func `a member whose log has a later epoch than the chain says nothing in it`() {
        var log = past.logs[0]
        log.append(past.cast.entry(after: log, by: MemberIndex(1), body: [1], epoch: Epoch(4)))
        var store = past.store()
        store.logs[past.identity(1)] = log
        var node = member(1, store)
        node.feed(.entryComposed(.deal, body: [1]))
        #expect(node.facts.contains(.entryRefused(.deal, body: [1], .laterEpoch)))
        #expect(node.store.logs[past.identity(1)] == log)
    }

    @Test func `the largest start keeps to its type's limit`() {
        let checkpoint = Checkpoint(
            epoch: Epoch(1),
            author: MemberIndex(1),
            size: 1,
            root: Digest(),
            head: Digest()
        )
        let object = Object(
            epoch: Epoch(1),
            author: MemberIndex(1),
            kind: .logEntry,
            order: .zero,
            payload: ByteList([UInt8](repeating: 0, count: 32_768))!
        )
        let start = LogStart(
            author: MemberIndex(1),
            list: AttestedLogs(
                epoch: Epoch(1),
                number: 1,
                previous: Digest(),
                logs: SSZList([Checkpoint](repeating: checkpoint, count: 128))!
            ),
            signature: GroupSignature(),
            entry: SignedObject(object: object, signature: IdentitySignature()),
            path: SSZList([Digest](repeating: Digest(), count: 64))!
        )
        #expect(start.sszBytes.count <= MessageType.logStart.bodyLimit)
    }
}
