import Primitives
import Testing

@testable import Gossip

@Suite struct OperationExchangeTests {
    private typealias Bench = OperationBench
    private let alice = Bench.peer(1)
    private let bob = Bench.peer(2)
    private let carol = Bench.peer(3)

    @Test func `offers a new link what is held of operations that the peer takes part in`() throws {
        var bench = Bench()
        let other = Digest(hex: String(repeating: "0b", count: 32)) ?? Digest()
        bench.feed(.opened(Bench.operation, peers: [alice]))
        bench.feed(.opened(other, peers: [bob]))
        let (order, foreign) = (Bench.item("order"), Bench.item("foreign", of: other))
        bench.feed(.offered([order, foreign]))
        bench.feed(.linkUp(alice))
        let sent = bench.takeSent()
        #expect(sent.map(\.peer) == [alice])
        #expect(try OperationOffer(ssz: #require(sent.first).message.body).items.elements == [order.name])
        bench.hear(Bench.want([order.name.digest, foreign.name.digest]), from: alice)
        #expect(bench.count(.unheldWant) == 1)
        let answer = bench.takeSent()
        #expect(answer.map(\.message) == [Bench.items([order.bytes])])
    }

    @Test func `wants an item of one link, and of another when the first is late`() throws {
        var bench = Bench()
        bench.meet([alice, bob])
        let item = Bench.item("order")
        bench.hear(Bench.offer([item.name]), from: alice)
        bench.hear(Bench.offer([item.name]), from: bob)
        #expect(bench.takeAsked() == [alice])
        bench.rest(.milliseconds(1_999))
        #expect(bench.takeAsked().isEmpty)
        bench.rest(.milliseconds(1))
        #expect(bench.takeAsked() == [bob])
        bench.hear(Bench.items([item.bytes]), from: bob)
        #expect(bench.takeActions().contains(.deliver(item, from: bob)))
        // What was slow is no offence, and no second delivery.
        bench.hear(Bench.items([item.bytes]), from: alice)
        #expect(bench.takeActions() == [.count(.lateItem, 1)])
    }

    @Test func `tells once of each peer that it has offered an item`() {
        var bench = Bench()
        bench.meet([alice, bob])
        let item = Bench.item("order")
        for peer in [alice, bob, alice] { bench.hear(Bench.offer([item.name]), from: peer) }
        bench.hear(Bench.items([item.bytes]), from: alice)
        bench.feed(.linkUp(alice))
        bench.hear(Bench.offer([item.name]), from: alice)
        let told = bench.takeActions().filter { if case .vouched = $0 { true } else { false } }
        #expect(told == [.vouched(item.name, by: alice), .vouched(item.name, by: bob)])
    }

    @Test func `an item that has come by another way is not wanted`() {
        var bench = Bench()
        bench.meet([alice])
        let item = Bench.item("message", .message)
        bench.feed(.offered([item]))
        _ = bench.takeActions()
        bench.hear(Bench.offer([item.name]), from: alice)
        #expect(bench.takeActions() == [.vouched(item.name, by: alice)])
    }

    @Test func `an operation that is opened late is asked for, and its offers are repeated`() throws {
        var bench = Bench()
        let item = Bench.item("order")
        bench.feed(.linkUp(alice))
        bench.hear(Bench.offer([item.name]), from: alice)
        #expect(bench.count(.unknownOperation) == 1)
        // That an order is offered is told all the same, or nobody would know what to open; nothing is held for it.
        #expect(bench.takeActions().contains(.vouched(item.name, by: alice)))
        bench.hear(Bench.offer([Bench.item("message", .message).name]), from: alice)
        #expect(bench.takeActions() == [.count(.unknownOperation, 1)])
        bench.feed(.opened(Bench.operation, peers: [alice]))
        #expect(bench.takeSent().map(\.message) == [Bench.want([], asking: [Bench.operation])])
        bench.feed(.offered([item]))
        _ = bench.takeActions()
        bench.hear(Bench.want([], asking: [Bench.operation]), from: alice)
        #expect(bench.takeSent().map(\.message) == [Bench.offer([item.name])])
    }

    @Test func `an operation that is over is forgotten`() {
        var bench = Bench()
        bench.meet([alice])
        let (own, wanted) = (Bench.item("own"), Bench.item("wanted"))
        bench.feed(.offered([own]))
        bench.hear(Bench.offer([wanted.name]), from: alice)
        bench.feed(.closed(Bench.operation))
        _ = bench.takeActions()
        bench.hear(Bench.want([own.name.digest]), from: alice)
        bench.hear(Bench.offer([wanted.name]), from: alice)
        bench.hear(Bench.items([wanted.bytes]), from: alice)
        #expect(
            bench.takeActions() == [
                .count(.unheldWant, 1), .vouched(wanted.name, by: alice), .count(.unknownOperation, 1),
                .count(.lateItem, 1),
            ]
        )
        #expect(bench.machine.heldBytes == 0 && bench.machine.operations.isEmpty)
    }

    @Test func `what those have offered who take part no more is sought of others`() {
        var bench = Bench()
        bench.meet([alice, bob])
        let item = Bench.item("order")
        bench.hear(Bench.offer([item.name]), from: alice)
        bench.hear(Bench.offer([item.name]), from: bob)
        _ = bench.takeActions()
        bench.feed(.opened(Bench.operation, peers: [bob, carol]))
        #expect(bench.takeAsked() == [bob])
        bench.hear(Bench.offer([Bench.item("late").name]), from: alice)
        #expect(bench.takeActions() == [.count(.unknownOperation, 1)])
    }

    @Test func `a link that ends leaves what it was asked for to others`() {
        var bench = Bench()
        bench.meet([alice, bob])
        let item = Bench.item("order")
        bench.hear(Bench.offer([item.name]), from: alice)
        bench.hear(Bench.offer([item.name]), from: bob)
        _ = bench.takeActions()
        bench.feed(.linkDown(alice))
        #expect(bench.takeAsked() == [bob])
        bench.feed(.linkDown(bob))
        bench.feed(.linkUp(alice))
        bench.hear(Bench.offer([item.name]), from: alice)
        #expect(bench.takeAsked() == [alice])
    }

    @Test func `who was late is asked last`() {
        var bench = Bench()
        bench.meet([alice, bob])
        let items = (0..<12).map { Bench.item("order \($0)") }
        bench.hear(Bench.offer([items[0].name]), from: alice)
        bench.hear(Bench.offer([items[0].name]), from: bob)
        bench.rest(.seconds(2))
        bench.hear(Bench.items([items[0].bytes]), from: bob)
        _ = bench.takeActions()
        // Offered by both while neither has room for more than eight.
        bench.hear(Bench.offer(items[1...8].map(\.name)), from: bob)
        bench.hear(Bench.offer(items[1...9].map(\.name)), from: alice)
        _ = bench.takeActions()
        bench.hear(Bench.offer([items[9].name]), from: bob)
        bench.hear(Bench.items(items[1...2].map(\.bytes)), from: bob)
        bench.hear(Bench.offer([items[10].name]), from: alice)
        bench.hear(Bench.offer([items[11].name]), from: bob)
        #expect(!bench.takeAsked().isEmpty)
        bench.rest(.seconds(2))
        #expect(bench.takeAsked().contains(bob))
    }

    @Test func `what is wanted of a link is asked for eight at a time`() throws {
        var bench = Bench()
        bench.meet([alice])
        let items = (0..<40).map { Bench.item("order \($0)") }
        bench.hear(Bench.offer(items.map(\.name)), from: alice)
        let first = try OperationWant(ssz: #require(bench.takeSent().first).message.body)
        #expect(first.digests.elements == items[..<8].map(\.name.digest))
        bench.hear(Bench.items([items[3].bytes, items[5].bytes]), from: alice)
        let next = try bench.takeSent().flatMap { try OperationWant(ssz: $0.message.body).digests.elements }
        #expect(next == items[8..<10].map(\.name.digest))
    }

    @Test func `a link that keeps silent is asked for no more than can be remembered, until it is forgiven`()
    {
        var bench = Bench()
        bench.meet([alice])
        bench.hear(Bench.offer((0..<100).map { Bench.item("order \($0)").name }), from: alice)
        var wanted: Set<Digest> = []
        func look() {
            for sent in bench.takeSent() {
                wanted.formUnion((try? OperationWant(ssz: sent.message.body).digests.elements) ?? [])
            }
        }
        bench.rest(.seconds(58))
        look()
        #expect(wanted.count <= 32)
        bench.rest(.seconds(70))
        look()
        #expect(wanted.count > 32)
    }

    @Test func `keeps within its own limits, and says what it does not offer`() throws {
        var limits = OperationLimits()
        (limits.itemsPerOperation, limits.heldBytes, limits.operations) = (2, 10, 1)
        var bench = Bench(limits)
        bench.feed(.offered([Bench.item("early")]))
        #expect(bench.takeActions() == [.refused(Bench.item("early").name, .notOpen)])
        bench.meet([alice])
        bench.feed(.offered([Bench.item("1234567"), Bench.item("89012")]))
        #expect(bench.takeActions().contains(.refused(Bench.item("89012").name, .noRoom)))
        bench.feed(.offered([Bench.item("a"), Bench.item("b")]))
        #expect(bench.takeActions().contains(.refused(Bench.item("b").name, .tooMany)))
        bench.feed(.opened(Digest(), peers: [alice]))
        #expect(bench.takeActions() == [.tooManyOperations(Digest())])
    }
}
