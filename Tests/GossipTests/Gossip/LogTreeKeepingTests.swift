import Primitives
import Testing

@testable import Gossip

/// What each log comes to is known at every size, whatever happens to the node.
@Suite struct LogTreeKeepingTests {
    private func root(_ entries: some Sequence<SignedObject>) -> Digest {
        LogTree(entries.map { LogTree.leaf($0.hashTreeRoot()) }).root
    }

    private func checkpoint(
        _ entries: [SignedObject],
        of author: Int,
        epoch: UInt64 = 1
    ) -> Checkpoint {
        Checkpoint(
            epoch: Epoch(epoch),
            author: MemberIndex(author),
            size: UInt64(entries.count),
            root: root(entries),
            head: entries.last?.hashTreeRoot() ?? Digest()
        )
    }

    private func found(_ node: TestNode) -> [Checkpoint] {
        node.facts.compactMap { if case .logFound(let checkpoint) = $0 { checkpoint } else { nil } }
    }

    /// What the entries of an author were delivered with.
    private func told(_ node: TestNode, of author: Int) -> [Checkpoint] {
        node.facts.compactMap {
            guard case .logEntry(let entry) = $0, entry.author == MemberIndex(author) else { return nil }
            return entry.checkpoint
        }
    }

    @Test func `each entry comes with what the log comes to with it`() {
        var mesh = VirtualMesh(size: 4, seed: 3)
        mesh.linkAll()
        for number in 0..<20 {
            mesh.feed(1, .entryComposed(.deal, body: [UInt8(number)]))
            if number % 3 == 0 { mesh.run(for: .milliseconds(4)) }
        }
        mesh.run(for: .seconds(1))
        for node in mesh.nodes {
            let entries = node.delivered(1)
            #expect(entries.count == 20)
            let expected = (1...20).map { checkpoint(Array(entries.prefix($0)), of: 1) }
            #expect(told(node, of: 1) == expected)
            #expect(found(node).isEmpty)
        }
    }

    @Test(arguments: 1...6)
    func `a member that is killed again and again knows what its logs come to`(seed: UInt64) {
        var mesh = VirtualMesh(size: 4, seed: seed)
        var random = SplitMix64(seed: seed)
        mesh.linkAll()
        for incarnation in 2...6 {
            for _ in 0..<6 {
                mesh.feed(1, .entryComposed(.deal, body: [UInt8(random.next() % 256)]))
                mesh.feed(2, .entryComposed(.confirm, body: [UInt8(random.next() % 256)]))
                mesh.run(for: .microseconds(Int64(random.next() % 9_000)))
            }
            mesh.kill(1)
            let durable = mesh.nodes[0].durable
            mesh.run(for: .milliseconds(700))
            mesh.restart(1, incarnation: UInt64(incarnation))
            let expected = (1...4).compactMap { author -> Checkpoint? in
                let entries = durable.logs[mesh.cast.identity(of: MemberIndex(author))] ?? []
                return entries.isEmpty ? nil : checkpoint(entries, of: author)
            }
            #expect(found(mesh.nodes[0]) == expected)
            mesh.run(for: .milliseconds(700))
        }
        mesh.run(for: .seconds(2))
        for author in 1...2 {
            let all = mesh.nodes[3].store.logs[mesh.cast.identity(of: MemberIndex(author))] ?? []
            for node in mesh.nodes {
                #expect(told(node, of: author).last ?? found(node)[author - 1] == checkpoint(all, of: author))
            }
        }
    }

    @Test func `a log goes on under its author's new position, from all that was before`() {
        let first = TestCommittee(size: 4, epoch: 1)
        // Members 2...5 of old, in new positions: identity i is at position i - 1.
        let second = TestCommittee(size: 4, epoch: 2, firstIdentity: 2)
        let old = first.log(by: MemberIndex(3), count: 5)
        var node = TestNode(first, 2)
        node.linkUp(3)
        node.receive(range: Array(old.prefix(3)), from: 3)
        node.storesAtOnce = false
        node.receive(range: Array(old.suffix(2)), from: 3)
        node.facts = []
        node.feed(
            .epochStarted(
                EpochStart(
                    committee: second.committee,
                    own: MemberIndex(1),
                    incarnation: 1,
                    past: [first.committee]
                )
            )
        )
        #expect(found(node) == [checkpoint(Array(old.prefix(3)), of: 2, epoch: 2)])
        node.completeStoring()
        let next = second.entry(after: old, by: MemberIndex(2), body: [9])
        node.linkUp(2)
        node.storesAtOnce = true
        node.receive(range: [next], from: 2)
        let sizes = (4...6).map { checkpoint(Array((old + [next]).prefix($0)), of: 2, epoch: 2) }
        #expect(told(node, of: 2) == sizes)
    }

    @Test func `an empty log is not found, and a tree is not taken for another log's`() async {
        let node = TestNode(TestCommittee(size: 4), 1)
        #expect(found(node).isEmpty)
        await #expect(processExitsWith: .failure) {
            let cast = TestCommittee(size: 4)
            let entries = cast.log(by: MemberIndex(2), count: 2)
            _ = StoredLog(author: cast.identity(of: MemberIndex(2)), head: LogHead(entries[1]))
        }
    }
}
