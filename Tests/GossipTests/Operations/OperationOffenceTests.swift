import Primitives
import Testing

@testable import Gossip

@Suite struct OperationOffenceTests {
    private typealias Bench = OperationBench
    private let alice = Bench.peer(1)
    private let bob = Bench.peer(2)

    private func bench() -> OperationBench {
        var bench = Bench()
        bench.meet([alice, bob])
        return bench
    }

    @Test func `bytes that nobody wanted end the link, and so do others than those wanted`() {
        var bench = self.bench()
        bench.hear(Bench.items([[1, 2, 3]]), from: alice)
        #expect(bench.offence(of: alice) == .notWanted)
        bench.hear(Bench.offer([Bench.item("order").name]), from: bob)
        bench.hear(Bench.items([Array("other".utf8)]), from: bob)
        #expect(bench.offence(of: bob) == .notWanted)
        #expect(bench.delivered.isEmpty)
    }

    @Test func `an item is taken of nobody but who was asked`() {
        var bench = self.bench()
        let item = Bench.item("order")
        bench.hear(Bench.offer([item.name]), from: alice)
        bench.hear(Bench.offer([item.name]), from: bob)
        bench.hear(Bench.items([item.bytes]), from: bob)
        #expect(bench.offence(of: bob) == .notWanted)
    }

    @Test func `an item of another length than offered ends the link, and is had of who told the truth`() {
        var bench = self.bench()
        let item = Bench.item("order")
        var lie = item.name
        lie.bytes += 1
        bench.hear(Bench.offer([lie]), from: alice)
        bench.hear(Bench.items([item.bytes]), from: alice)
        #expect(bench.offence(of: alice) == .wrongLength)
        bench.hear(Bench.offer([item.name]), from: bob)
        bench.hear(Bench.items([item.bytes]), from: bob)
        #expect(bench.delivered == [item])
    }

    @Test func `messages that are malformed, empty or of the mesh end the link`() {
        let impossible = ItemName(operation: Bench.operation, digest: Digest(), kind: .order, bytes: 65_537)
        let empty = ItemName(operation: Bench.operation, digest: Digest(), kind: .order, bytes: 0)
        for (message, offence): (LinkMessage, OperationOffence) in [
            (LinkMessage(.operationOffer, body: [1]), .malformed(.operationOffer)),
            (Bench.offer([]), .malformed(.operationOffer)),
            (Bench.offer([impossible]), .malformed(.operationOffer)),
            (Bench.offer([empty]), .malformed(.operationOffer)),
            (LinkMessage(.operationWant, body: []), .malformed(.operationWant)),
            (Bench.want([]), .malformed(.operationWant)),
            (Bench.items([]), .malformed(.operationItems)),
            (LinkMessage(.registers, body: []), .misplaced(.registers)),
        ] {
            var bench = self.bench()
            bench.hear(message, from: alice)
            #expect(bench.offence(of: alice) == offence)
            // Nothing is heard of it any more.
            bench.hear(Bench.offer([Bench.item("order").name]), from: alice)
            #expect(bench.count(.endedLink) == 1)
        }
    }

    @Test func `more items of an operation than one end may have end the link`() {
        var bench = self.bench()
        let names = (0...256).map { Bench.item("order \($0)").name }
        bench.hear(Bench.offer(Array(names[..<128])), from: alice)
        bench.hear(Bench.offer(Array(names[128..<256])), from: alice)
        bench.hear(Bench.offer(Array(names[..<128])), from: alice)
        #expect(bench.offence(of: alice) == nil)
        bench.hear(Bench.offer([names[256]]), from: alice)
        #expect(bench.offence(of: alice) == .tooManyItems)
    }

    @Test func `two names for the bytes that a peer is asked for end the link, and another brings them`() {
        var bench = self.bench()
        let item = Bench.item("order")
        var twin = item.name
        twin.kind = .message
        bench.hear(Bench.offer([twin, item.name]), from: alice)
        #expect(bench.offence(of: alice) == .twoNames)
        bench.hear(Bench.offer([item.name]), from: bob)
        bench.hear(Bench.items([item.bytes]), from: bob)
        #expect(bench.delivered == [item])
    }

    @Test func `what the owner finds false ends the links of all who offered it, and of who does later`() {
        var bench = self.bench()
        let item = Bench.item("order")
        let carol = Bench.peer(3)
        bench.feed(.opened(Bench.operation, peers: [alice, bob, carol]))
        bench.feed(.linkUp(carol))
        bench.hear(Bench.offer([item.name]), from: alice)
        bench.hear(Bench.offer([item.name]), from: bob)
        bench.hear(Bench.items([item.bytes]), from: alice)
        bench.feed(.foundFalse(item.name))
        bench.hear(Bench.offer([item.name]), from: carol)
        for peer in [alice, bob, carol] { #expect(bench.offence(of: peer) == .falseItem) }
        #expect(bench.delivered == [item])
    }

    @Test func `more messages than the pace allows end the link`() {
        var bench = self.bench()
        let offer = Bench.offer([Bench.item("order").name])
        for _ in 0..<2_048 { bench.hear(offer, from: alice) }
        #expect(bench.offence(of: alice) == nil)
        bench.hear(offer, from: alice)
        #expect(bench.offence(of: alice) == .flood)
    }

    @Test func `an operation's offers are repeated at a pace, above which the link ends`() {
        var bench = self.bench()
        let question = Bench.want([], asking: [Bench.operation])
        for _ in 0..<64 { bench.hear(question, from: alice) }
        #expect(bench.offence(of: alice) == nil)
        bench.hear(question, from: alice)
        #expect(bench.offence(of: alice) == .flood)
    }

    @Test func `a peer that wants without end is served at its pace, and others meanwhile`() {
        var bench = self.bench()
        let items = (0..<32).map { OperationBench.item(String(repeating: "\($0)", count: 20_000)) }
        bench.feed(.offered(items))
        _ = bench.takeActions()
        var sent: [Identity: Int] = [:]
        for second in 0..<20 {
            bench.hear(Bench.want(items.map(\.name.digest)), from: alice)
            if second == 10 { bench.hear(Bench.want([items[7].name.digest]), from: bob) }
            bench.rest(.seconds(1))
            for (peer, message) in bench.takeSent() { sent[peer, default: 0] += message.body.count }
        }
        #expect(sent[alice] ?? 0 < 262_144 + 66_048 + 20 * 524_288)
        #expect(sent[alice] ?? 0 > 10 * 262_144)
        #expect(sent[bob] ?? 0 > 20_000)
    }
}
