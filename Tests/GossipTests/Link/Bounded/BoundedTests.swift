import Primitives
import Testing

@testable import Gossip

@Suite struct FIFOTests {
    @Test func `gives everything out once and in order`() {
        var random = SplitMix64(seed: 4)
        var queue = FIFO<Int>()
        var put = 0
        var taken = 0
        for _ in 0..<20_000 {
            if random.next() % 100 < (put < 5_000 ? 60 : 40) {
                queue.append(put)
                put += 1
            } else if let element = queue.popFirst() {
                #expect(element == taken)
                taken += 1
            }
            #expect(queue.count == put - taken)
            #expect(queue.isEmpty == (put == taken))
        }
        while let element = queue.popFirst() {
            #expect(element == taken)
            taken += 1
        }
        #expect(taken == put)
    }
}

@Suite struct RecencyTableTests {
    @Test func `behaves as a list from which the oldest is dropped`() {
        var random = SplitMix64(seed: 8)
        var table = RecencyTable<Int, Int>(limit: 7)
        var model: [(key: Int, value: Int)] = []
        for step in 0..<20_000 {
            let key = Int(random.next() % 12)
            if random.next() % 8 == 0 {
                table.remove(key)
                model.removeAll { $0.key == key }
            } else {
                table.write(step, for: key)
                model.removeAll { $0.key == key }
                model.append((key, step))
                if model.count > 7 { model.removeFirst() }
            }
            #expect(table.count == model.count)
            #expect(table.writingCount <= 14)
            for key in 0..<12 { #expect(table[key] == model.first { $0.key == key }?.value) }
        }
    }
}

@Suite struct TokenBucketTests {
    private static func at(_ milliseconds: Int) -> Instant {
        Instant.start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func `gives its burst and then one token each interval`() {
        var bucket = TokenBucket(interval: .milliseconds(100), burst: 3)
        let taken = (0..<100).filter { bucket.take(at: Self.at($0 * 10)) }
        #expect(taken == [0, 1, 2, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    }

    @Test func `saves up no more than its burst`() {
        var bucket = TokenBucket(interval: .milliseconds(100), burst: 3)
        let late = Self.at(1_000_000)
        #expect((0..<5).filter { _ in bucket.take(at: late) }.count == 3)
    }

    @Test func `takes several tokens or none`() {
        var bucket = TokenBucket(interval: .milliseconds(100), burst: 3)
        let refused = bucket.take(4, at: .start)
        let taken = bucket.take(3, at: .start)
        let empty = bucket.take(at: .start)
        #expect(!refused && taken && !empty)
    }
}
