import Primitives
import Testing

@testable import Gossip

@Suite struct OperationWorldTests {
    /// Orders of all oracles and a message of each operator, of very different lengths.
    private func speak(in world: inout OperationWorld) -> (orders: [ItemName], messages: [ItemName]) {
        var names: (orders: [ItemName], messages: [ItemName]) = ([], [])
        for number in 0..<3 {
            let order = OperationBench.item("order \(number)")
            names.orders.append(order.name)
            for oracle in 0..<world.oracles where world.liars[oracle] == nil { world.say(oracle, order) }
        }
        for guest in world.oracles..<world.oracles + world.operators where world.liars[guest] == nil {
            let length = 1 + Int(world.random.next() % 3_000)
            let text = String(repeating: "m\(guest)", count: length)
            let message = OperationBench.item(text, .message)
            names.messages.append(message.name)
            world.say(guest, message)
        }
        return names
    }

    private func honest(_ world: OperationWorld) -> [Int] {
        (0..<world.oracles + world.operators).filter { world.liars[$0] == nil }
    }

    private func expectAll(_ names: (orders: [ItemName], messages: [ItemName]), in world: OperationWorld) {
        for end in honest(world) {
            let missing = (names.orders + names.messages).filter { world.shelves[end][$0] == nil }
            #expect(missing.isEmpty, "\(end) lacks \(missing.count)")
        }
        #expect(world.repetitions == 0)
        #expect(world.offences.allSatisfy { world.liars[$0.of] != nil }, "\(world.offences)")
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `all have all that is said though items are lost and links break`(_ seed: UInt64) {
        var world = OperationWorld(oracles: 4, operators: 5, seed: seed)
        world.losses = 3
        world.run(.seconds(1))
        let names = speak(in: &world)
        for _ in 0..<10 {
            world.run(.milliseconds(Int64(world.random.next() % 900)))
            world.breakLink(Int(world.random.next() % 4), 4 + Int(world.random.next() % 5))
        }
        world.run(.seconds(40))
        expectAll(names, in: world)
        for guest in 4..<9 {
            for order in names.orders { #expect(world.vouchers[guest][order]?.count == 4) }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `who is started anew is brought what it lacks, and brings what it has`(_ seed: UInt64) {
        var world = OperationWorld(oracles: 4, operators: 4, seed: seed)
        world.run(.seconds(1))
        let names = speak(in: &world)
        for _ in 0..<6 {
            world.run(.milliseconds(Int64(world.random.next() % 500)))
            world.restart(Int(world.random.next() % 8))
        }
        world.run(.seconds(20))
        expectAll(names, in: world)
    }

    @Test(arguments: OperationWorld.Lie.allCases, 0..<4 as Range<UInt64>)
    func `a lying oracle and a lying operator harm nobody`(_ lie: OperationWorld.Lie, _ seed: UInt64) {
        var world = OperationWorld(oracles: 4, operators: 4, seed: seed)
        world.liars = [Int(seed % 4): lie, 4 + Int(seed / 2): lie]
        let names = speak(in: &world)
        for liar in world.liars.keys {
            // It has what the others have, to lie about.
            for order in 0..<3 { world.say(liar, OperationBench.item("order \(order)")) }
        }
        world.run(.seconds(30))
        expectAll(names, in: world)
        switch lie {
        case .silence: #expect(world.offences.isEmpty)
        case .inventions: #expect(world.offences.allSatisfy { $0.2 == .tooManyItems })
        case .garbage: #expect(!world.offences.isEmpty)
        case .otherBytes: #expect(world.offences.allSatisfy { $0.2 == .notWanted })
        }
    }

    @Test func `a hundred operators exchange all with one oracle`() {
        var world = OperationWorld(oracles: 1, operators: 100, seed: 7)
        world.run(.seconds(1))
        let names = speak(in: &world)
        world.run(.seconds(20))
        // Each message goes to the oracle once and from it to the 99 others; orders go to all.
        let oracle = world.shelves[0]
        #expect(names.messages.allSatisfy { oracle[$0] != nil })
        world.run(.seconds(100))
        expectAll(names, in: world)
    }
}
