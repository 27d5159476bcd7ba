/// A message on its way out, one fragment at a time.
package struct FrameEncoder: Sendable {
    /// The message that is being sent.
    package let message: LinkMessage
    /// The body bytes that are in frames already.
    package private(set) var sent = 0
    /// Whether a frame of the message has been made, so that it can no longer be taken back.
    package private(set) var hasBegun = false

    /// Nothing sent yet.
    package init(_ message: LinkMessage) {
        self.message = message
    }

    /// Whether the frame with the last byte has been made.
    package var isDone: Bool { hasBegun && sent == message.body.count }

    /// A rest of a record smaller than this is not worth a fragment of a longer message.
    private static let worthwhile = 512

    /// Appends the next frame, as long as `output`, `limit` and the fragment limit allow.
    ///
    /// - Parameters:
    ///   - output: The record that is being filled.
    ///   - limit: The most bytes that the frame may take, its header included.
    /// - Returns: Whether a frame was appended; not so when too little room is left or the message is done.
    package mutating func appendFrame(to output: inout OutputRawSpan, limit: Int = .max) -> Bool {
        guard !isDone else { return false }
        let prefix = hasBegun ? 0 : FrameFormat.messageHeaderSize
        let rest = message.body.count - sent
        let room = min(output.freeCapacity, limit) - FrameFormat.headerSize - prefix
        guard room >= min(rest, Self.worthwhile) else { return false }
        let count = min(rest, room, FrameFormat.fragmentLimit - prefix)
        appendHeader(fragment: prefix + count, isLast: count == rest, to: &output)
        output.append(copying: unsafe message.body.span.bytes.extracting(sent..<(sent + count)))
        sent += count
        hasBegun = true
        return true
    }

    private func appendHeader(fragment length: Int, isLast: Bool, to output: inout OutputRawSpan) {
        output.append(message.type.stream.rawValue)
        output.append((hasBegun ? 0 : FrameFormat.first) | (isLast ? FrameFormat.last : 0))
        output.append(UInt8(truncatingIfNeeded: length))
        output.append(UInt8(truncatingIfNeeded: length >> 8))
        guard !hasBegun else { return }
        output.append(message.type.rawValue)
        for shift in stride(from: 0, to: 32, by: 8) {
            output.append(UInt8(truncatingIfNeeded: message.body.count >> shift))
        }
    }
}
