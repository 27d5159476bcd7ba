import CSodium
import Cryptography
import Gossip

/// What the cipher is measured on: a patient stream's record, but for its headers.
let recordSize = 16_384

/// Records of 16 KiB from a full queue, next to libsodium's cipher alone.
@Sendable
func sealing() throws -> [Figure] {
    let bare = bareCipher()
    let link = try records()
    return [
        Figure(name: "libsodium ChaCha20-Poly1305, 16 KiB", value: throughput(recordSize, in: bare)),
        Figure(
            name: "records of 16 KiB, queue and framing included",
            value: throughput(recordSize, in: link)
                + ", \(rounded(100 * (bare / link))) % of the cipher alone"
        ),
    ]
}

/// How long the cipher alone takes for one record, in place.
func bareCipher(batches: Int = 25) -> Duration {
    // Before this libsodium uses its portable code.
    precondition(sodium_init() >= 0, "libsodium does not start")
    let key = [UInt8](repeating: 7, count: 32)
    let nonce = [UInt8](repeating: 9, count: 12)
    var tag = [UInt8](repeating: 0, count: 16)
    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: recordSize)
    unsafe text.initialize(repeating: 1, count: recordSize)
    defer { unsafe text.deallocate() }
    return medianTime(batches: batches) {
        _ = unsafe crypto_aead_chacha20poly1305_ietf_encrypt_detached(
            text,
            &tag,
            nil,
            text,
            UInt64(recordSize),
            nil,
            0,
            nil,
            nonce,
            key
        )
    }
}

/// How long a record's worth of one long message takes, its last and short record included.
private func records() throws -> Duration {
    var session = try shakeHands(Acquaintance())
    let message = LinkMessage(.range, body: [UInt8](repeating: 1, count: MessageType.range.bodyLimit))
    var queue = OutboundQueue()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordFormat.recordLimit, alignment: 16)
    defer { unsafe buffer.deallocate() }
    let whole = try medianTime {
        _ = queue.enqueue(message)
        while !queue.isEmpty {
            var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            guard try session.appendRecord(from: &queue, to: &output) else { throw NoLink() }
            _ = unsafe output.finalize(for: buffer)
        }
    }
    return whole / (message.body.count / recordSize)
}
