/// Reads frames out of opened records and joins their fragments to messages.
///
/// At most one message a stream is under way. The memory taken for it is at most 16 times its bytes that have
/// arrived, and never more than its announced length, which its type limits. The sender decides nothing here but
/// bytes: each rule it can break is an offence, after which the decoder must not be used again.
package struct FrameDecoder: Sendable {
    /// The most bytes of memory for each byte that has arrived: enough that a message sent in full fragments is
    /// gathered without being moved.
    private static let reserve = 16

    private struct Assembly: Sendable {
        let type: MessageType
        let total: Int
        var body: [UInt8] = []
    }

    private var control: Assembly?
    private var urgent: Assembly?
    private var registers: Assembly?
    private var bulk: Assembly?

    /// A decoder at the start of a link.
    package init() {}

    /// The bytes held for messages that are still incomplete.
    package var heldBytes: Int {
        [control, urgent, registers, bulk].reduce(0) { $0 + ($1?.body.count ?? 0) }
    }

    /// Reads one record's plaintext and appends the messages that it completes.
    ///
    /// Messages completed before an offence stay appended.
    package mutating func decode(
        _ plaintext: RawSpan,
        into messages: inout [LinkMessage]
    ) throws(LinkOffence) {
        guard plaintext.byteCount > 0 else { throw .emptyRecord }
        var position = 0
        while position < plaintext.byteCount {
            let header = try FrameHeader(plaintext, at: position)
            let start = position + FrameFormat.headerSize
            let fragment = plaintext.extracting(start..<(start + header.length))
            position = start + header.length
            if let message = try take(fragment, of: header) { messages.append(message) }
        }
    }

    private mutating func take(
        _ fragment: RawSpan,
        of header: FrameHeader
    ) throws(LinkOffence) -> LinkMessage? {
        switch header.stream {
        case .control: try Self.take(fragment, of: header, joining: &control)
        case .urgent: try Self.take(fragment, of: header, joining: &urgent)
        case .registers: try Self.take(fragment, of: header, joining: &registers)
        case .bulk: try Self.take(fragment, of: header, joining: &bulk)
        }
    }

    private static func take(
        _ fragment: RawSpan,
        of header: FrameHeader,
        joining assembly: inout Assembly?
    ) throws(LinkOffence) -> LinkMessage? {
        var bytes = fragment
        if header.isFirst {
            if let assembly { throw .unfinishedMessage(assembly.type) }
            assembly = try begin(fragment, on: header.stream)
            bytes = fragment.extracting(droppingFirst: FrameFormat.messageHeaderSize)
        }
        guard var joined = assembly.take() else { throw .strayFragment(header.stream) }
        let missing = joined.total - joined.body.count
        guard bytes.byteCount > 0 || joined.total == 0 else { throw .emptyFragment(joined.type) }
        guard bytes.byteCount <= missing else { throw .tooManyBytes(joined.type) }
        guard header.isLast == (bytes.byteCount == missing) else { throw .misplacedEnd(joined.type) }
        let arrived = joined.body.count + bytes.byteCount
        if arrived > joined.body.capacity {
            joined.body.reserveCapacity(min(joined.total, arrived * reserve))
        }
        joined.body.append(copying: bytes)
        if header.isLast { return LinkMessage(joined.type, body: joined.body) }
        assembly = joined
        return nil
    }

    private static func begin(_ fragment: RawSpan, on stream: LinkStream) throws(LinkOffence) -> Assembly {
        guard fragment.byteCount >= FrameFormat.messageHeaderSize else { throw .truncatedFrame }
        let code = fragment.byte(at: 0)
        guard let type = MessageType(rawValue: code) else { throw .unknownType(code) }
        guard type.stream == stream else { throw .wrongStream(type, stream) }
        var total = 0
        for index in 0..<4 { total |= Int(fragment.byte(at: 1 + index)) << (8 * index) }
        guard total <= type.bodyLimit else { throw .tooLong(type, total) }
        return Assembly(type: type, total: total)
    }
}

/// The four bytes before a fragment, checked.
private struct FrameHeader {
    let stream: LinkStream
    let isFirst: Bool
    let isLast: Bool
    let length: Int

    /// Reads a header and makes sure that its fragment lies within the record.
    init(_ record: RawSpan, at position: Int) throws(LinkOffence) {
        guard position + FrameFormat.headerSize <= record.byteCount else { throw .truncatedFrame }
        let lane = record.byte(at: position)
        guard let stream = LinkStream(rawValue: lane) else { throw .unknownStream(lane) }
        let flags = record.byte(at: position + 1)
        guard flags & ~(FrameFormat.first | FrameFormat.last) == 0 else { throw .unknownFlags(flags) }
        let length = Int(record.byte(at: position + 2)) | Int(record.byte(at: position + 3)) << 8
        guard length <= FrameFormat.fragmentLimit else { throw .fragmentTooLong(length) }
        guard position + FrameFormat.headerSize + length <= record.byteCount else { throw .truncatedFrame }
        self.stream = stream
        isFirst = flags & FrameFormat.first != 0
        isLast = flags & FrameFormat.last != 0
        self.length = length
    }
}
