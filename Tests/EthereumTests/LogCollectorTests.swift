import Cryptography
import Ethereum
import Primitives
import Testing

@Suite struct LogCollectorTests {
    private let registry = Address(hex: "00000000000000000000000000000000000000aa")!

    private var fullBloom: Bloom {
        var bloom = Bloom()
        bloom.insert(registry.array)
        bloom.insert(RegistryEvent.electedTopic.array)
        return bloom
    }

    private func block(_ number: UInt64, hasLogs: Bool = true) -> BlockHeader {
        TestHeaders.header(number, bloom: hasLogs ? fullBloom : Bloom())
    }

    private func record(_ number: UInt64) -> RegistryRecord {
        let statement = ElectionStatement(epoch: Epoch(1), view: View(number), leader: Address())
        let election = LeaderElected(statement: statement, signature: .none)
        return RegistryRecord(
            event: .leaderElected(election),
            block: TestHeaders.main(number),
            transaction: Digest()
        )
    }

    @Test func `does not ask about blocks whose filter excludes the registry`() {
        var collector = LogCollector(address: registry)
        let header = block(1, hasLogs: false)
        let actions = collector.handle(.applied(header), at: .start)
        #expect(actions == [.deliver([], upTo: header.reference)])
        #expect(collector.isIdle)
    }

    @Test func `asks by hash and delivers in the order of the chain`() {
        var collector = LogCollector(address: registry)
        let first = collector.handle(.applied(block(1)), at: .start)
        #expect(first == [.ask(1, .block(block(1).hash), avoiding: nil)])
        #expect(collector.handle(.applied(block(2, hasLogs: false)), at: .start) == [])
        #expect(collector.handle(.applied(block(3)), at: .start) == [])
        let actions = collector.handle(.read(1, [record(1)], from: 0), at: .start)
        #expect(
            actions == [
                .deliver([record(1)], upTo: TestHeaders.main(1)), .deliver([], upTo: TestHeaders.main(2)),
                .ask(2, .block(block(3).hash), avoiding: nil),
            ]
        )
    }

    @Test func `has another endpoint confirm that there is nothing where the filter says there may be`() {
        var collector = LogCollector(address: registry)
        _ = collector.handle(.applied(block(1)), at: .start)
        let doubt = collector.handle(.read(1, [], from: 4), at: .start)
        #expect(doubt == [.ask(2, .block(block(1).hash), avoiding: 4)])
        #expect(collector.handle(.read(1, [record(1)], from: 4), at: .start) == [])
        let found = collector.handle(.read(2, [record(1)], from: 5), at: .start)
        #expect(found == [.deliver([record(1)], upTo: TestHeaders.main(1))])
        _ = collector.handle(.applied(block(2)), at: .start)
        _ = collector.handle(.read(3, [], from: 4), at: .start)
        #expect(
            collector.handle(.read(4, [], from: 5), at: .start) == [.deliver([], upTo: TestHeaders.main(2))]
        )
    }

    @Test func `does not doubt what several say`() {
        var collector = LogCollector(address: registry)
        _ = collector.handle(.applied(block(1)), at: .start)
        let delivered = collector.handle(.read(1, [], from: nil), at: .start)
        #expect(delivered == [.deliver([], upTo: TestHeaders.main(1))])
    }

    @Test func `halves a range at each failure and doubles it with success`() throws {
        var collector = LogCollector(address: registry)
        var now = Instant.start
        var action = try #require(collector.handle(.passedOver(1...100_000), at: now).first)
        func place() -> ClosedRange<UInt64>? {
            if case .ask(_, .range(let range), _) = action { range } else { nil }
        }
        #expect(place() == 1...2_048)
        for expected in [1_024, 512, 256] as [UInt64] {
            guard case .ask(let number, _, _) = action else { return }
            #expect(collector.handle(.failed(number, isRefused: false), at: now) == [])
            now = try #require(collector.nextDeadline)
            action = try #require(collector.expired(at: now).first)
            #expect(place() == 1...expected)
        }
        guard case .ask(let number, _, _) = action else { return }
        let actions = collector.handle(.read(number, [record(7)], from: 0), at: now)
        #expect(actions.first == .deliver([record(7)], upTo: nil))
        action = try #require(actions.last)
        #expect(place() == 257...768)
    }

    @Test(arguments: [1, 7, 10, 500] as [UInt64])
    func `learns how many blocks a provider answers, and asks in vain ever more rarely`(limit: UInt64) throws
    {
        var collector = LogCollector(address: registry)
        let blocks: UInt64 = limit * 400
        var actions = collector.handle(.passedOver(1...blocks), at: .start)
        var (asked, refused, answered) = (0, 0, 0 as UInt64)
        while case .ask(let number, .range(let range), _)? = actions.last {
            asked += 1
            if range.count > limit {
                refused += 1
                actions = collector.handle(.failed(number, isRefused: true), at: .start)
            } else {
                answered += UInt64(range.count)
                actions = collector.handle(.read(number, [], from: 0), at: .start)
            }
        }
        #expect(answered == blocks)
        #expect(collector.isIdle && collector.nextDeadline == nil)
        #expect(refused < 30, "of \(asked)")
    }

    @Test func `waits when even one block is refused`() throws {
        var collector = LogCollector(address: registry)
        var actions = collector.handle(.passedOver(1...8), at: .start)
        while case .ask(let number, .range, _)? = actions.last {
            actions = collector.handle(.failed(number, isRefused: true), at: .start)
        }
        #expect(collector.nextDeadline == .start.advanced(by: .seconds(1)))
        actions = collector.expired(at: .start.advanced(by: .seconds(1)))
        #expect(actions == [.ask(5, .range(1...1), avoiding: nil)])
    }

    @Test func `asks for single blocks when nothing more is answered`() throws {
        var collector = LogCollector(address: registry)
        var action = try #require(collector.handle(.passedOver(10...12), at: .start).first)
        for _ in 0..<20 {
            guard case .ask(let number, .range(let range), _) = action else { return }
            if range.count == 1 { break }
            _ = collector.handle(.failed(number, isRefused: false), at: .start)
            action = try #require(collector.expired(at: .start.advanced(by: .seconds(1))).first)
        }
        guard case .ask(_, .range(10...10), _) = action else {
            Issue.record("\(action)")
            return
        }
    }

    @Test func `reads every block of a range exactly once`() {
        for seed in 0..<50 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var collector = LogCollector(address: registry)
            var next: UInt64 = 5
            var now = Instant.start
            var actions = collector.handle(.passedOver(5...40_000), at: now)
            while case .ask(let number, .range(let range), _)? = actions.last {
                #expect(range.lowerBound == next)
                if random.next() % 3 == 0 {
                    _ = collector.handle(.failed(number, isRefused: false), at: now)
                    now = collector.nextDeadline ?? now
                    actions = collector.expired(at: now)
                } else {
                    next = range.upperBound + 1
                    actions = collector.handle(.read(number, [], from: 0), at: now)
                }
            }
            #expect(next == 40_001)
            #expect(collector.isIdle)
        }
    }

    @Test func `forgets what is undone before it was read, takes back what was delivered`() {
        var collector = LogCollector(address: registry)
        _ = collector.handle(.applied(block(1)), at: .start)
        _ = collector.handle(.read(1, [record(1)], from: 0), at: .start)
        _ = collector.handle(.applied(block(2)), at: .start)
        #expect(collector.handle(.undone(TestHeaders.main(2)), at: .start) == [])
        let retracted = collector.handle(.undone(TestHeaders.main(1)), at: .start)
        #expect(retracted == [.retract(TestHeaders.main(1))])
        #expect(collector.handle(.read(2, [record(2)], from: 0), at: .start) == [])
        let other = TestHeaders.header(1, branch: "b", bloom: fullBloom)
        let actions = collector.handle(.applied(other), at: .start)
        #expect(actions == [.ask(3, .block(other.hash), avoiding: nil)])
    }
}
