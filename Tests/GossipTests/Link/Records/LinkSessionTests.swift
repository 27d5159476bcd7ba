import Cryptography
import Gossip
import Primitives
import Testing

@Suite struct LinkSessionTests {
    struct Pair: ~Copyable {
        var left: LinkSession
        var right: LinkSession
    }

    private static func pair() throws -> Pair {
        var connection = Connection(World())
        connection.run()
        return Pair(
            left: try connection.left.session(),
            right: try connection.right.session()
        )
    }

    /// One message of each type and some long ones.
    private static let messages = MessageType.allCases.map { message($0, min($0.bodyLimit, 40_000)) }

    private static func byStream(_ messages: [LinkMessage]) -> [LinkStream: [LinkMessage]] {
        Dictionary(grouping: messages) { $0.type.stream }
    }

    @Test func `carries all messages in both directions`() throws {
        var pair = try Self.pair()
        var wire = try pair.left.seal(Self.messages)
        #expect(Self.byStream(try pair.right.open(&wire)) == Self.byStream(Self.messages))
        #expect(wire.isEmpty)
        wire = try pair.right.seal(Self.messages)
        #expect(Self.byStream(try pair.left.open(&wire)) == Self.byStream(Self.messages))
    }

    @Test func `gives the same messages however the bytes are cut`() throws {
        var random = SplitMix64(seed: 11)
        for longest in [1, 2, 17, 100, 1_000, 20_000, 70_000] as [UInt64] {
            var pair = try Self.pair()
            var wire = try pair.left.seal(
                longest < 17 ? [message(.range, 3_000), message(.ping, 8)] : Self.messages
            )
            var whole = wire
            var unread: [UInt8] = []
            var received: [LinkMessage] = []
            while !wire.isEmpty {
                let count = min(wire.count, 1 + Int(random.next() % longest))
                unread += wire.prefix(count)
                wire.removeFirst(count)
                try pair.right.open(&unread, into: &received)
                #expect(unread.count < RecordFormat.recordLimit)
            }
            #expect(unread.isEmpty)
            var other = try Self.pair()
            _ = try other.left.seal(
                longest < 17 ? [message(.range, 3_000), message(.ping, 8)] : Self.messages
            )
            #expect(received == (try other.right.open(&whole)))
        }
    }

    @Test func `keeps every record within its limit`() throws {
        var pair = try Self.pair()
        let wire = try pair.left.seal((0..<700).map { message(.objects, 1_000, seed: $0) })
        var position = 0
        var records = 0
        while position < wire.count {
            let length = Int(wire[position]) << 8 | Int(wire[position + 1])
            #expect(length <= 65_535)
            position += 2 + length
            records += 1
        }
        #expect(position == wire.count)
        #expect(records <= 512 * 1_009 / 64_000 + 1)
    }

    @Test func `fills no record beyond its limit, however much room there is`() throws {
        var pair = try Self.pair()
        var queue = OutboundQueue()
        for _ in 0..<2 { _ = queue.enqueue(message(.objects, 65_536)) }
        var wire = try pair.left.seal(&queue, room: 200_000)
        #expect(Int(wire[0]) << 8 | Int(wire[1]) == 65_535)
        #expect(try pair.right.open(&wire) == [message(.objects, 65_536), message(.objects, 65_536)])
    }

    @Test func `any changed bit of a record closes the link`() throws {
        let original = try {
            var pair = try Self.pair(); return try pair.left.seal([message(.ping, 8)])
        }()
        #expect(original.count == 2 + 17 + 16)
        for bit in 0..<(original.count * 8) {
            var pair = try Self.pair()
            var wire = original
            wire[bit / 8] ^= 1 << UInt8(bit % 8)
            // A changed length may also wait for bytes that never come; nothing is delivered either way.
            let messages = try? pair.right.open(&wire)
            #expect(messages == nil || (messages == [] && bit < 16))
        }
    }

    @Test func `refuses replayed, lost, swapped and reflected records`() throws {
        let parts = try {
            var pair = try Self.pair()
            return try (0..<3).map { try pair.left.seal([message(.ping, 8, seed: $0)]) }
        }()
        for order in [[0, 0], [1], [0, 2], [0, 1, 1], [1, 0]] {
            var pair = try Self.pair()
            var wire = order.flatMap { parts[$0] }
            var messages: [LinkMessage] = []
            #expect(throws: LinkOffence.notAuthentic) { try pair.right.open(&wire, into: &messages) }
            #expect(messages.count == zip(order, 0...).prefix { $0 == $1 }.count)
        }
        var pair = try Self.pair()
        var reflected = try pair.left.seal([message(.ping, 8)])
        #expect(throws: LinkOffence.notAuthentic) { try pair.left.open(&reflected) }
    }

    @Test(arguments: 0..<20)
    func `refuses a record too short for a frame before it comes`(length: Int) throws {
        var pair = try Self.pair()
        var wire: [UInt8] = [0, UInt8(length)]
        #expect(throws: LinkOffence.recordLength(length)) { try pair.right.open(&wire) }
    }

    @Test func `makes no record without room or without messages`() throws {
        var pair = try Self.pair()
        var queue = OutboundQueue()
        #expect(try pair.left.seal(&queue) == [])
        _ = queue.enqueue(message(.ping, 8))
        #expect(try pair.left.seal(&queue, room: 34) == [])
        #expect(!queue.isEmpty)
        var wire = try pair.left.seal(&queue, room: 35)
        #expect(wire.count == 35)
        #expect(try pair.right.open(&wire) == [message(.ping, 8)])
    }
}
