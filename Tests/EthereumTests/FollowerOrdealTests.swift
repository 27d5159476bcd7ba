import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

/// The machines that follow the chain, each with a chain of its own that forks at will and answers that lie.
@Suite struct FollowerOrdealTests {
    private static let branches = ["main", "a", "b"]
    private static let far = BlockHeader.greatestNumber

    /// A header of one of three branches that leave the main one at block 20.
    private static func header(_ branch: String, _ number: UInt64) -> BlockHeader {
        let parent = number == 21 ? TestHeaders.hash("main", 20) : nil
        return TestHeaders.header(number, branch: number <= 20 ? "main" : branch, parent: parent)
    }

    /// What an honest node would know.
    private static let known = Dictionary(
        branches.flatMap { branch in (1...80).map { header(branch, $0) } }.map { ($0.reference.hash, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    @Test(arguments: 1...6)
    func `no heads and headers stop the follower, and the ring stays one chain`(seed: UInt64) {
        let start = ChainLink(Self.header("main", 10))
        var ordeal = Ordeal(HeadFollower(from: start, capacity: 16, walkLimit: 8), seed: seed)
        var orders: [HeadFollower.Action] = []
        var told = [start.block]
        for _ in 0..<6_000 {
            let branch = ordeal.one(of: Self.branches)
            let number = 8 + min(ordeal.number(below: 60), Self.far - 8)
            let any = Self.header(branch, number)
            let event: HeadFollower.Event
            switch ordeal.random.next() % 10 {
            case 0, 1: event = .headSeen(any)
            case 2: event = .finalizedSeen(any)
            case 3: event = .fetched(ordeal.once(in: 2) ? any.reference.hash : Digest(), any)
            case 4: event = .located(number, ordeal.once(in: 3) ? nil : any)
            default:
                guard !orders.isEmpty else { continue }
                switch orders.removeFirst() {
                case .fetch(let hash):
                    event = .fetched(hash, ordeal.once(in: 9) ? nil : Self.known[hash])
                case .locate(let number):
                    event = .located(
                        number,
                        ordeal.once(in: 9) ? nil : Self.header(branch, min(number, Self.far))
                    )
                default: continue
                }
            }
            for action in ordeal.feed(event) {
                switch action {
                case .fetch, .locate: orders = [action]
                case .undo(let block):
                    if told.popLast() != block { Issue.record("undone is what was not told last") }
                case .apply(let header): told.append(header.reference)
                case .passOver(let range):
                    if range.lowerBound <= told.last?.number ?? 0 {
                        Issue.record("passes over what was told")
                    }
                case .finalize, .lose, .contradict: break
                }
            }
            if told.isEmpty { told = [ordeal.machine.ring.oldest.block] }
            let links = ordeal.machine.ring.links
            if links.count > 16 { Issue.record("the ring grows") }
            for (below, above) in zip(links, links.dropFirst()) where above.parentHash != below.hash {
                Issue.record("a gap in the ring")
            }
        }
        #expect(ordeal.machine.ring.tip.number > 10)
        #expect(ordeal.weight < 5_000)
    }

    @Test(arguments: 1...6)
    func `no answers stop the collector, and each block is delivered once, in order`(seed: UInt64) {
        let registry = Address([UInt8](repeating: 0xaa, count: 20)) ?? Address()
        var bloom = Bloom()
        bloom.insert(registry.array)
        bloom.insert(RegistryEvent.electedTopic.array)
        var ordeal = Ordeal(LogCollector(address: registry), seed: seed)
        var applied: [BlockHeader] = []
        var delivered: [BlockReference] = []
        var question: UInt64 = 0
        var number: UInt64 = 1
        for _ in 0..<4_000 {
            var actions: [LogCollector.Action] = []
            switch ordeal.random.next() % 10 {
            case 0, 1:
                let header = TestHeaders.header(
                    number,
                    branch: "\(ordeal.random.next() % 3)",
                    bloom: ordeal.once(in: 2) ? bloom : Bloom()
                )
                applied.append(header)
                number += 1
                actions = ordeal.feed(.applied(header))
            case 2:
                guard ordeal.once(in: 3), let last = applied.popLast() else { continue }
                number = last.number
                actions = ordeal.feed(.undone(last.reference))
            case 3:
                guard ordeal.once(in: 9), number < Self.far / 2 else { continue }
                let end =
                    delivered.count > 30 && ordeal.once(in: 5)
                    ? Self.far - 1 : number + ordeal.random.next() % 9_000
                actions = ordeal.feed(.passedOver(number...end))
                // So long a range is never done with; a chain does not go on behind it.
                if end < Self.far / 2 { number = end + 1 }
                applied = []
            case 4: actions = ordeal.feed(.failed(question, isRefused: ordeal.once(in: 2)))
            case 5: actions = ordeal.rest()
            default:
                let asked = ordeal.once(in: 9) ? ordeal.number(below: 90) : question
                actions = ordeal.feed(.read(asked, [], from: Int(ordeal.random.next() % 3)))
            }
            for action in actions {
                switch action {
                case .ask(let number, .range(let range), _):
                    question = number
                    if range.count > Int(LogCollector.greatestRange) { Issue.record("asks for too much") }
                case .ask(let number, .block, _): question = number
                case .deliver(_, let block?):
                    if let last = delivered.last, last.number >= block.number { Issue.record("out of order") }
                    delivered.append(block)
                case .deliver: break
                case .retract(let block):
                    if delivered.popLast() != block {
                        Issue.record("takes back what it did not deliver last")
                    }
                }
            }
        }
        #expect(ordeal.problems.isEmpty)
        #expect(delivered.count > 20)
        #expect(ordeal.weight < 60_000)
    }
}
