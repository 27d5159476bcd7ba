import Gossip
import Testing

@Suite struct OutboundQueueTests {
    @Test func `gathers many small messages into one record`() throws {
        var queue = OutboundQueue()
        let sent = (0..<500).map { message(.electionCertificate, 64, seed: UInt64($0)) }
        for message in sent { #expect(queue.enqueue(message) == .queued) }
        var decoder = FrameDecoder()
        #expect(try decoder.decode(queue.record()) == sent)
        #expect(queue.isEmpty)
        #expect(queue.waitingBytes == 0)
        #expect(queue.record() == [])
    }

    @Test func `serves control and urgent before registers and these before bulk`() throws {
        var queue = OutboundQueue()
        let order = [
            message(.ping, 8), message(.objects, 100), message(.registers, 100), message(.pull, 20),
        ]
        for message in order.reversed() { #expect(queue.enqueue(message) == .queued) }
        var decoder = FrameDecoder()
        #expect(try decoder.decode(queue.record()) == order)
    }

    @Test func `lets urgent messages wait for one fragment at most`() throws {
        var queue = OutboundQueue()
        #expect(queue.enqueue(message(.range, 131_072)) == .queued)
        #expect(queue.enqueue(message(.registers, 65_536)) == .queued)
        var decoder = FrameDecoder()
        var urgent = 0
        while !queue.isEmpty {
            let record = queue.record()
            #expect(record.count <= 16_388 + 4 + 5 + 64)
            let messages = try decoder.decode(record)
            #expect(messages.first?.type == (urgent == 0 ? nil : .electionCertificate))
            #expect(queue.enqueue(message(.electionCertificate, 64)) == .queued)
            urgent += 1
            if urgent > 20 { break }
        }
        #expect(urgent > 13)
    }

    @Test func `sends everything once and in order under any record size`() throws {
        for room in [600, 1_000, 16_388, 20_000, 65_519] {
            var queue = OutboundQueue()
            var sent: [LinkStream: [LinkMessage]] = [:]
            for seed in 0..<4 as Range<UInt64> {
                for type in [MessageType.range, .objects, .registers, .hello] {
                    let size = type == .hello ? 1_000 : 30_000 + Int(seed) * 777
                    let next = message(type, size, seed: seed)
                    #expect(queue.enqueue(next) == .queued)
                    sent[type.stream, default: []].append(next)
                }
            }
            var decoder = FrameDecoder()
            var received: [LinkStream: [LinkMessage]] = [:]
            while !queue.isEmpty {
                let record = queue.record(room: room)
                try #require(!record.isEmpty)
                for message in try decoder.decode(record) {
                    received[message.type.stream, default: []].append(message)
                }
            }
            #expect(received == sent)
            #expect(queue.waitingBytes == 0)
        }
    }

    @Test func `drops the oldest registers message that has not begun`() throws {
        var queue = OutboundQueue()
        let begun = message(.registers, 65_536, seed: 1)
        let old = message(.registers, 60_000, seed: 2)
        let newer = message(.registers, 60_001, seed: 3)
        #expect(queue.enqueue(begun) == .queued)
        var decoder = FrameDecoder()
        #expect(try decoder.decode(queue.record()) == [])
        #expect(queue.enqueue(old) == .queued)
        #expect(queue.enqueue(newer) == .displaced(1))
        var received: [LinkMessage] = []
        while !queue.isEmpty { received += try decoder.decode(queue.record()) }
        #expect(received == [begun, newer])
    }

    @Test func `hands bulk back when its lane is full`() {
        var queue = OutboundQueue()
        // The answers to all pulls that the peer may have under way, and one that is pushed.
        for _ in 0...Pull.openLimit { #expect(queue.enqueue(message(.range, 131_072)) == .queued) }
        #expect(queue.enqueue(message(.range, 131_072)) == .refused)
        while queue.enqueue(message(.ping, 8)) == .queued {}
        for _ in 0..<9 { _ = queue.record() }
        #expect(queue.enqueue(message(.range, 131_072)) == .queued)
    }

    @Test(arguments: [MessageType.ping, .electionCertificate])
    func `asks to disconnect a peer too slow for urgent words`(type: MessageType) {
        var queue = OutboundQueue()
        var count = 0
        while queue.enqueue(message(type, 8)) == .queued { count += 1 }
        #expect(count == (type == .ping ? 32 : 512))
        #expect(queue.enqueue(message(type, 8)) == .overflowed)
    }

    @Test func `bounds the bytes of each lane`() {
        var queue = OutboundQueue()
        while queue.enqueue(message(.objects, 65_536)) == .queued {}
        for _ in 0..<10 { _ = queue.enqueue(message(.registers, 65_536)) }
        while queue.enqueue(message(.range, 131_072)) == .queued {}
        while queue.enqueue(message(.hello, 1_024)) == .queued {}
        #expect(queue.waitingBytes <= 1_048_576 + 2 * 65_541 + 7 * 131_077 + 16_384)
    }
}
