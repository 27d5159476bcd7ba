import Ethereum
import Primitives
import Testing

@Suite struct OperationsReaderTests {
    private let record = OperationsRecord(
        event: .requestCancelled(.init()),
        block: TestHeaders.main(7),
        transaction: Digest()
    )

    private func block(_ number: UInt64) -> BlockReference { TestHeaders.main(number) }

    @Test func `reads from the first block to the newest final one, and then what becomes final`() {
        var reader = OperationsReader(firstBlock: 5)
        #expect(reader.handle(.finalized(block(40)), at: .start) == [.ask(1, 5...40)])
        #expect(reader.handle(.finalized(block(44)), at: .start) == [])
        let first = reader.handle(.read(1, [record], through: block(40)), at: .start)
        #expect(first == [.deliver([record], through: block(40)), .ask(2, 41...44)])
        #expect(reader.handle(.read(1, [record], through: block(40)), at: .start) == [])
        let second = reader.handle(.read(2, [], through: block(44)), at: .start)
        #expect(second == [.deliver([], through: block(44))])
        #expect(reader.handle(.finalized(block(44)), at: .start) == [])
        #expect(reader.handle(.finalized(block(43)), at: .start) == [])
    }

    @Test func `tells that there is nothing yet before the first block`() {
        var reader = OperationsReader(firstBlock: 50)
        #expect(reader.handle(.finalized(block(40)), at: .start) == [.deliver([], through: block(40))])
        #expect(reader.handle(.finalized(block(50)), at: .start) == [.ask(1, 50...50)])
    }

    @Test func `says nothing of empty ranges on the way`() {
        var reader = OperationsReader(firstBlock: 0)
        let most = OperationsReader.greatestRange
        let whole = reader.handle(.finalized(block(2 * most)), at: .start)
        #expect(whole == [.ask(1, 0...most - 1)])
        let more = reader.handle(.read(1, [], through: block(most - 1)), at: .start)
        #expect(more == [.ask(2, most...2 * most - 1)])
        let found = reader.handle(.read(2, [record], through: block(2 * most - 1)), at: .start)
        #expect(
            found == [.deliver([record], through: block(2 * most - 1)), .ask(3, 2 * most...2 * most)]
        )
    }

    @Test func `halves what is refused at once, and what is not answered after a while`() throws {
        var reader = OperationsReader(firstBlock: 0)
        _ = reader.handle(.finalized(block(100_000)), at: .start)
        #expect(reader.handle(.failed(1, isRefused: true), at: .start) == [.ask(2, 0...4_095)])
        #expect(reader.handle(.failed(1, isRefused: true), at: .start) == [])
        #expect(reader.handle(.failed(2, isRefused: false), at: .start) == [])
        #expect(reader.handle(.finalized(block(100_001)), at: .start) == [])
        let due = try #require(reader.nextDeadline)
        #expect(reader.expired(at: due) == [.ask(3, 0...2_047)])
        #expect(reader.nextDeadline == nil)
    }

    @Test func `ends at the last number there is`() {
        var reader = OperationsReader(firstBlock: .max)
        let last = BlockReference(number: .max, hash: Digest())
        #expect(reader.handle(.finalized(last), at: .start) == [.ask(1, .max ... .max)])
        #expect(reader.handle(.read(1, [], through: last), at: .start) == [.deliver([], through: last)])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `reads every block once and in order, whatever fails, and tells of each final block once`(
        seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        var reader = OperationsReader(firstBlock: 3)
        var (now, next, final) = (Instant.start, 3 as UInt64, 0 as UInt64)
        var waiting: [OperationsReader.Action] = []
        var told: [BlockReference] = []
        for step in 0..<1_200 {
            // At the end nothing fails, and nothing is new.
            let isCalm = step >= 600
            if !isCalm, random.next() % 4 == 0 {
                final += random.next() % 9
                waiting += reader.handle(.finalized(block(final)), at: now)
            } else if case .ask(let number, let range)? = waiting.popLast() {
                #expect(range.lowerBound == next && range.upperBound <= final)
                if !isCalm, random.next() % 3 == 0 {
                    let isRefused = random.next() % 2 == 0
                    waiting += reader.handle(.failed(number, isRefused: isRefused), at: now)
                } else {
                    next = range.upperBound + 1
                    waiting += reader.handle(.read(number, [], through: block(range.upperBound)), at: now)
                }
            } else if let due = reader.nextDeadline {
                now = due
                waiting += reader.expired(at: now)
            }
            waiting.removeAll { action in
                guard case .deliver(_, let last) = action else { return false }
                told.append(last)
                return true
            }
            #expect(waiting.count <= 1)
        }
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.number < $1.number })
        #expect(told.count > 10 && told.last == block(final))
    }
}
