import Gossip
import Primitives
import Testing

@Suite struct FrameCodecTests {
    @Test(arguments: MessageType.allCases)
    func `carries a message of every type, empty and at its limit`(type: MessageType) throws {
        for count in [0, 1, 511, 512, 513, type.bodyLimit - 1, type.bodyLimit] where count <= type.bodyLimit {
            let sent = message(type, count)
            var encoder = FrameEncoder(sent)
            var decoder = FrameDecoder()
            var received: [LinkMessage] = []
            while !encoder.isDone { received += try decoder.decode(encoder.frame()) }
            #expect(received == [sent])
            #expect(decoder.heldBytes == 0)
        }
    }

    @Test func `writes the bytes that the format says`() {
        var short = FrameEncoder(LinkMessage(.pong, body: [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(short.frame() == [0, 3, 13, 0, 4, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
        let body = patterned(20_000)
        var long = FrameEncoder(LinkMessage(.range, body: body))
        #expect(long.frame() == [3, 1, 0, 64, 0x32, 0x20, 0x4E, 0, 0] + body[..<16_379])
        let rest = body.count - 16_379
        #expect(long.frame() == [3, 2, UInt8(rest & 255), UInt8(rest >> 8)] + body[16_379...])
        #expect(long.frame() == [])
    }

    @Test func `gives the same messages wherever fragments are cut`() throws {
        var random = SplitMix64(seed: 7)
        for seed in 0..<100 {
            let sent = message(.range, Int(random.next() % 131_073), seed: UInt64(seed))
            var encoder = FrameEncoder(sent)
            var decoder = FrameDecoder()
            var received: [LinkMessage] = []
            while !encoder.isDone {
                let frame = encoder.frame(limit: 521 + Int(random.next() % 20_000))
                received += try decoder.decode(frame)
            }
            #expect(received == [sent])
        }
    }

    @Test func `joins interleaved messages of all streams`() throws {
        var encoders = [
            FrameEncoder(message(.objects, 50_000, seed: 1)),
            FrameEncoder(message(.registers, 60_000, seed: 2)),
            FrameEncoder(message(.range, 100_000, seed: 3)), FrameEncoder(message(.hello, 900, seed: 4)),
        ]
        var decoder = FrameDecoder()
        var received: Set<LinkMessage> = []
        var turn = 0
        while encoders.contains(where: { !$0.isDone }) {
            let frame = encoders[turn % 4].frame(limit: 5_000)
            turn += 1
            if !frame.isEmpty { received.formUnion(try decoder.decode(frame)) }
        }
        #expect(received == Set(encoders.map(\.message)))
    }

    @Test func `holds no more than has arrived`() throws {
        var decoder = FrameDecoder()
        _ = try decoder.decode(rawFrame(3, 1, opening(0x32, total: 131_072, [1])))
        #expect(decoder.heldBytes == 1)
        _ = try decoder.decode(rawFrame(3, 0, patterned(100)))
        #expect(decoder.heldBytes == 101)
    }

    @Test(arguments: MessageType.allCases)
    func `refuses a body announced above its type's cap`(type: MessageType) {
        var decoder = FrameDecoder()
        let frame = rawFrame(type.stream.rawValue, 1, opening(type.rawValue, total: type.bodyLimit + 1, [0]))
        #expect(throws: LinkOffence.tooLong(type, type.bodyLimit + 1)) { try decoder.decode(frame) }
        #expect(decoder.heldBytes == 0)
    }

    @Test(arguments: MessageType.allCases)
    func `refuses a type on every stream but its own`(type: MessageType) {
        for stream in LinkStream.allCases where stream != type.stream {
            var decoder = FrameDecoder()
            let frame = rawFrame(stream.rawValue, 3, opening(type.rawValue, total: 0))
            #expect(throws: LinkOffence.wrongStream(type, stream)) { try decoder.decode(frame) }
        }
    }

    @Test func `refuses every unknown type, stream and flag`() {
        for code in UInt8.min...UInt8.max {
            var decoder = FrameDecoder()
            if MessageType(rawValue: code) == nil {
                #expect(throws: LinkOffence.unknownType(code)) {
                    try decoder.decode(rawFrame(0, 3, opening(code, total: 0)))
                }
            }
            if code > 3 {
                #expect(throws: LinkOffence.unknownStream(code)) {
                    try decoder.decode(rawFrame(code, 3, opening(3, total: 0)))
                }
                #expect(throws: LinkOffence.unknownFlags(code)) {
                    try decoder.decode(rawFrame(0, code, opening(3, total: 0)))
                }
            }
        }
    }

    @Test(arguments: [
        ([], LinkOffence.emptyRecord),
        ([0], .truncatedFrame),
        ([0, 3, 5], .truncatedFrame),
        (rawFrame(0, 3, opening(3, total: 8), length: 6), .truncatedFrame),
        (rawFrame(0, 3, [3, 0, 0, 0]), .truncatedFrame),
        (rawFrame(0, 1, opening(3, total: 8)), .emptyFragment(.ping)),
        (rawFrame(0, 3, opening(3, total: 8)), .emptyFragment(.ping)),
        (rawFrame(0, 3, opening(3, total: 4, [1, 2, 3])), .misplacedEnd(.ping)),
        (rawFrame(0, 1, opening(3, total: 3, [1, 2, 3])), .misplacedEnd(.ping)),
        (rawFrame(0, 1, opening(3, total: 0)), .misplacedEnd(.ping)),
        (rawFrame(0, 3, opening(3, total: 2, [1, 2, 3])), .tooManyBytes(.ping)),
        (rawFrame(0, 0, [1]), .strayFragment(.control)),
        (rawFrame(0, 2, [1]), .strayFragment(.control)),
        (rawFrame(0, 1, opening(3, total: 8, [1])) + rawFrame(0, 0, []), .emptyFragment(.ping)),
        (rawFrame(0, 1, opening(3, total: 8, [1])) + rawFrame(0, 2, patterned(8)), .tooManyBytes(.ping)),
        (rawFrame(0, 1, opening(3, total: 8, [1])) + rawFrame(0, 2, [1]), .misplacedEnd(.ping)),
        (
            rawFrame(0, 1, opening(3, total: 8, [1])) + rawFrame(0, 3, opening(4, total: 1, [1])),
            .unfinishedMessage(.ping)
        ),
    ])
    func `names the offence of a malformed record`(record: [UInt8], offence: LinkOffence) {
        var decoder = FrameDecoder()
        #expect(throws: offence) { try decoder.decode(record) }
    }

    @Test func `refuses a fragment above the limit`() {
        var decoder = FrameDecoder()
        let frame = rawFrame(3, 1, opening(0x32, total: 131_072, patterned(16_380)))
        #expect(throws: LinkOffence.fragmentTooLong(16_385)) { try decoder.decode(frame) }
    }

    @Test func `keeps the messages that were complete before an offence`() throws {
        var decoder = FrameDecoder()
        var messages: [LinkMessage] = []
        let record = rawFrame(0, 3, opening(3, total: 1, [9])) + [7, 0, 0, 0]
        #expect(throws: LinkOffence.unknownStream(7)) {
            try decoder.decode(record, into: &messages)
        }
        #expect(messages == [LinkMessage(.ping, body: [9])])
    }

    @Test func `meets random bytes with an offence or a message, never worse`() {
        var random = SplitMix64(seed: 99)
        for _ in 0..<20_000 {
            var decoder = FrameDecoder()
            for _ in 0..<4 {
                var record = (0..<Int(random.next() % 60)).map { _ in UInt8(truncatingIfNeeded: random.next())
                }
                if record.count > 9 {
                    record[0] &= 3
                    record[1] &= 3
                    record[2] = UInt8(random.next() % UInt64(record.count))
                    record[3] = 0
                    record[5...8] = [UInt8(random.next() % 60), 0, 0, 0]
                }
                guard let messages = try? decoder.decode(record) else { break }
                for message in messages { #expect(message.body.count <= message.type.bodyLimit) }
            }
        }
    }
}
