import Cryptography
import Gossip
import Primitives
import Testing

@Suite struct RecordTests {
    private static let key = unsafe SecretBytes(count: 32) { unsafe $0.copyBytes(from: patterned(32)) }

    private static func cipher(_ nonce: UInt64) -> CipherState {
        CipherState(key: key, nonce: nonce)
    }

    /// One record with a ping.
    private static func seal(_ sealer: inout RecordSealer, seed: UInt64) throws -> [UInt8] {
        var queue = OutboundQueue()
        #expect(queue.enqueue(message(.ping, 8, seed: seed)) == .queued)
        return try unsafe [UInt8](unsafeUninitializedCapacity: 100) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var output = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
            let isMade = try sealer.appendRecord(from: &queue, to: &output)
            #expect(isMade)
            initialized = unsafe output.finalize(for: bytes)
        }
    }

    private static func open(_ opener: inout RecordOpener, _ record: [UInt8]) throws -> [LinkMessage] {
        var bytes = record
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        var offset = 0
        let plaintext = try #require(try opener.openRecord(in: &raw, at: &offset))
        #expect(offset == record.count)
        var decoder = FrameDecoder()
        return try decoder.decode(Array(bytes[plaintext]))
    }

    @Test(arguments: [65_535, 131_071, 65_536 * 1_000_003 - 1] as [UInt64])
    func `changes keys after the record before each multiple of 65536, in step`(nonce: UInt64) throws {
        var sealer = RecordSealer(Self.cipher(nonce - 1))
        var opener = RecordOpener(Self.cipher(nonce - 1))
        let records = try (0..<4).map { try Self.seal(&sealer, seed: $0) }
        for (seed, record) in records.enumerated() {
            #expect(try Self.open(&opener, record) == [message(.ping, 8, seed: UInt64(seed))])
        }
        // The same by hand: two records, REKEY, two more with the count going on.
        var cipher = Self.cipher(nonce - 1)
        for (index, record) in records.enumerated() {
            if index == 2 { cipher.rekey() }
            var body = Array(record.dropFirst(2))
            var span = body.mutableSpan
            try unsafe span.withUnsafeMutableBytes { try unsafe cipher.open($0) }
        }
        #expect(cipher.nonce == nonce + 3)
    }

    @Test func `keeps one key within a span of records`() throws {
        var sealer = RecordSealer(Self.cipher(100))
        let record = try {
            _ = try Self.seal(&sealer, seed: 1); return try Self.seal(&sealer, seed: 2)
        }()
        var cipher = Self.cipher(101)
        var body = Array(record.dropFirst(2))
        var span = body.mutableSpan
        try unsafe span.withUnsafeMutableBytes { try unsafe cipher.open($0) }
    }

    @Test func `stops at the last nonce at both ends`() throws {
        var sealer = RecordSealer(Self.cipher(CipherState.nonceLimit - 1))
        var opener = RecordOpener(Self.cipher(CipherState.nonceLimit - 1))
        let last = try Self.seal(&sealer, seed: 1)
        #expect(try Self.open(&opener, last) == [message(.ping, 8)])
        #expect(throws: NoiseError.exhausted) { _ = try Self.seal(&sealer, seed: 2) }
        #expect(throws: LinkOffence.exhausted) { _ = try Self.open(&opener, last) }
    }
}
