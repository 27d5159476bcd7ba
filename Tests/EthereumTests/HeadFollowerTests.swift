import Ethereum
import Primitives
import Testing

@Suite struct HeadFollowerTests {
    private let now = Instant.start

    /// A follower and the chain it follows, so that its questions can be answered.
    private struct World {
        var follower: HeadFollower
        var blocks: [Digest: BlockHeader] = [:]
        var canonical: [UInt64: BlockHeader] = [:]
        var questions = 0

        init(from start: UInt64 = 100, capacity: Int = 32, walkLimit: Int = 16, isFilled: Bool = true) {
            let link = ChainLink(TestHeaders.header(start))
            follower = HeadFollower(from: link, capacity: capacity, walkLimit: walkLimit)
            guard isFilled else { return }
            for number in start - 20...start + 81 { add(TestHeaders.header(number)) }
        }

        mutating func add(_ header: BlockHeader) {
            blocks[header.hash] = header
            canonical[header.number] = header
        }

        /// Feeds an event and answers questions until there are none; the orders that remain.
        mutating func feed(_ event: HeadFollower.Event) -> [HeadFollower.Action] {
            var orders: [HeadFollower.Action] = []
            var events = [event]
            while !events.isEmpty {
                for action in follower.handle(events.removeFirst(), at: .start) {
                    switch action {
                    case .fetch(let hash):
                        questions += 1
                        events.append(.fetched(hash, blocks[hash]))
                    case .locate(let number):
                        questions += 1
                        events.append(.located(number, canonical[number]))
                    default: orders.append(action)
                    }
                }
            }
            return orders
        }
    }

    @Test func `applies a child of the tip without a question`() {
        var world = World()
        let child = TestHeaders.header(101)
        #expect(world.feed(.headSeen(child)) == [.apply(child)])
        #expect(world.questions == 0)
        #expect(world.feed(.headSeen(child)) == [])
        #expect(world.follower.ring.tip.block == child.reference)
    }

    @Test func `fetches what lies between by parent hashes, oldest applied first`() {
        var world = World()
        let orders = world.feed(.headSeen(TestHeaders.header(104)))
        #expect(orders == (101...104).map { .apply(TestHeaders.header($0)) })
        #expect(world.questions == 3)
    }

    @Test func `undoes an abandoned branch newest first, then applies the new one`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(104)))
        let branch = TestHeaders.branch("b", after: 102, through: 105)
        branch.forEach { world.add($0) }
        let orders = world.feed(.headSeen(branch[2]))
        let undone = [104, 103].map { HeadFollower.Action.undo(TestHeaders.main($0)) }
        #expect(orders == undone + branch.map { .apply($0) })
    }

    @Test func `goes back to a shorter branch`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(104)))
        let branch = TestHeaders.branch("b", after: 101, through: 102)
        branch.forEach { world.add($0) }
        let orders = world.feed(.headSeen(branch[0]))
        #expect(orders.last == .apply(branch[0]))
        #expect(orders.count == 4)
        #expect(world.follower.ring.tip.block == branch[0].reference)
    }

    @Test func `ignores a head that is behind`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(110)))
        #expect(world.feed(.headSeen(TestHeaders.header(105))) == [])
        #expect(world.feed(.headSeen(TestHeaders.header(60))) == [])
        #expect(world.follower.ring.tip.number == 110)
    }

    @Test func `passes over a long gap after walking its end`() {
        var world = World()
        let orders = world.feed(.headSeen(TestHeaders.header(180)))
        #expect(orders.first == .passOver(101...164))
        #expect(Array(orders.dropFirst()) == (165...180).map { .apply(TestHeaders.header($0)) })
        #expect(world.questions == 16)
        #expect(world.feed(.headSeen(TestHeaders.header(181))) == [.apply(TestHeaders.header(181))])
    }

    @Test func `finds the last common block below a long gap`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(112)))
        let branch = TestHeaders.branch("b", after: 105, through: 180)
        branch.forEach { world.add($0) }
        let orders = world.feed(.headSeen(branch[branch.count - 1]))
        let undone = orders.compactMap { if case .undo(let block) = $0 { block.number } else { nil } }
        // Six must go; twice as many may.
        #expect(undone == Array(undone.sorted().reversed()))
        #expect(Set(undone).isSuperset(of: 106...112))
        #expect(undone.count <= 13)
        guard
            case .passOver(let range)? = orders.first(where: {
                if case .passOver = $0 { true } else { false }
            })
        else {
            Issue.record("nothing is passed over")
            return
        }
        #expect(range.lowerBound == undone.min())
        #expect(range.upperBound == 164)
        #expect(orders.last == .apply(branch[branch.count - 1]))
    }

    @Test func `reports a reorganisation deeper than its ring`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(112)))
        let branch = TestHeaders.branch("b", after: 90, through: 113)
        branch.forEach { world.add($0) }
        let orders = world.feed(.headSeen(branch[branch.count - 1]))
        #expect(orders.contains(.lose(TestHeaders.main(100))))
        #expect(orders.filter { if case .undo = $0 { true } else { false } }.count == 13)
        #expect(orders.last == .apply(branch[branch.count - 1]))
    }

    @Test func `drops a walk whose header nobody knows, and undoes nothing`() {
        var world = World()
        let orphan = TestHeaders.header(104, branch: "lost")
        #expect(world.feed(.headSeen(orphan)) == [])
        #expect(!world.follower.isWalking)
        #expect(world.follower.ring.tip.number == 100)
        #expect(world.feed(.headSeen(TestHeaders.header(101))).count == 1)
    }

    @Test func `takes no answer it did not ask for`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(101)))
        let before = world.follower.ring
        #expect(world.feed(.fetched(TestHeaders.hash("main", 102), TestHeaders.header(102))) == [])
        #expect(world.feed(.located(100, TestHeaders.header(100))) == [])
        #expect(world.follower.ring == before)
    }

    @Test func `finalizes canonical blocks once and in order`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(110)))
        #expect(world.feed(.finalizedSeen(TestHeaders.header(105))) == [.finalize(TestHeaders.main(105))])
        #expect(world.feed(.finalizedSeen(TestHeaders.header(105))) == [])
        #expect(world.feed(.finalizedSeen(TestHeaders.header(104))) == [])
        #expect(world.feed(.finalizedSeen(TestHeaders.header(111))) == [])
        #expect(world.follower.finalized?.number == 105)
    }

    @Test func `names an endpoint's final block that is not canonical`() {
        var world = World()
        _ = world.feed(.headSeen(TestHeaders.header(110)))
        let other = TestHeaders.header(106, branch: "other")
        #expect(world.feed(.finalizedSeen(other)) == [.contradict(other.reference)])
        #expect(world.follower.finalized == nil)
    }

    @Test func `agrees with the chain after any sequence of reorganisations`() {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var world = World(capacity: 64, isFilled: false)
            var applied: [BlockReference] = [TestHeaders.main(100)]
            var chain: [BlockHeader] = [TestHeaders.header(100)]
            for step in 0..<30 {
                let depth = Int(random.next() % 4)
                let length = 1 + Int(random.next() % 5)
                chain.removeLast(min(depth, chain.count - 1))
                for _ in 0..<length {
                    let tip = chain[chain.count - 1]
                    let header = TestHeaders.header(
                        tip.number + 1,
                        branch: "\(seed) \(step)",
                        parent: tip.hash
                    )
                    world.add(header)
                    chain.append(header)
                }
                for order in world.feed(.headSeen(chain[chain.count - 1])) {
                    switch order {
                    case .undo(let block): #expect(applied.popLast() == block)
                    case .apply(let header): applied.append(header.reference)
                    default: Issue.record("unexpected \(order)")
                    }
                }
                #expect(applied == chain.map(\.reference))
            }
        }
    }
}
