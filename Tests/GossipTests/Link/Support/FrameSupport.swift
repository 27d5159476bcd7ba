import Gossip
import Primitives

/// Bytes that differ from place to place.
func patterned(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        unsafe withUnsafeBytes(of: random.next()) { unsafe bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}

/// A message whose body has so many patterned bytes.
func message(_ type: MessageType, _ count: Int, seed: UInt64 = 1) -> LinkMessage {
    LinkMessage(type, body: patterned(count, seed: seed))
}

/// What `body` appends to a buffer with so much room.
func appended(room: Int, _ body: (inout OutputRawSpan) -> Void) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        var span = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
        body(&span)
        initialized = unsafe span.finalize(for: bytes)
    }
}

extension FrameEncoder {
    /// The next frame alone, in a record with so much room.
    mutating func frame(room: Int = 65_519, limit: Int = .max) -> [UInt8] {
        appended(room: room) { _ = appendFrame(to: &$0, limit: limit) }
    }
}

extension OutboundQueue {
    /// The plaintext of the next record.
    mutating func record(room: Int = 65_519) -> [UInt8] {
        appended(room: room) { fill(&$0) }
    }
}

extension FrameDecoder {
    /// The messages that a record completes.
    mutating func decode(_ record: [UInt8]) throws(LinkOffence) -> [LinkMessage] {
        var messages: [LinkMessage] = []
        try decode(record, into: &messages)
        return messages
    }

    /// Appends the messages that a record completes.
    mutating func decode(_ record: [UInt8], into messages: inout [LinkMessage]) throws(LinkOffence) {
        try decode(unsafe record.span.bytes, into: &messages)
    }
}

/// A frame with whatever header and fragment.
func rawFrame(
    _ stream: UInt8,
    _ flags: UInt8,
    _ fragment: [UInt8],
    length: Int? = nil
) -> [UInt8] {
    let length = length ?? fragment.count
    return [stream, flags, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
        + fragment
}

/// The message header and the beginning of a body.
func opening(_ type: UInt8, total: Int, _ body: [UInt8] = []) -> [UInt8] {
    [type] + (0..<4).map { UInt8(truncatingIfNeeded: total >> (8 * $0)) } + body
}
