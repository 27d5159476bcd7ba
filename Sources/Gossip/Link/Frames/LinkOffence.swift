/// What a peer did that no honest program of this protocol does.
///
/// Each ends the link without an answer. The peer is known by its identity by then, so the offence can be
/// counted against it.
package enum LinkOffence: Error, Hashable, Sendable {
    /// A record's length leaves no room for a tag and a frame.
    case recordLength(Int)
    /// A record that was not sealed by the peer for this place in the stream: damaged, forged, replayed or lost.
    case notAuthentic
    /// The peer sent more records than one key schedule may carry.
    case exhausted
    /// A record without a frame.
    case emptyRecord
    /// A frame that reaches beyond its record.
    case truncatedFrame
    /// A stream that does not exist.
    case unknownStream(UInt8)
    /// A flag that does not exist.
    case unknownFlags(UInt8)
    /// A fragment above ``FrameFormat/fragmentLimit``.
    case fragmentTooLong(Int)
    /// A type that does not exist.
    case unknownType(UInt8)
    /// A type on a stream where it does not belong.
    case wrongStream(MessageType, LinkStream)
    /// A body announced above its type's limit.
    case tooLong(MessageType, Int)
    /// A message begun while this one was unfinished on the same stream.
    case unfinishedMessage(MessageType)
    /// A fragment that continues nothing.
    case strayFragment(LinkStream)
    /// A fragment without a body byte, in a message that has some.
    case emptyFragment(MessageType)
    /// More bytes than the message announced.
    case tooManyBytes(MessageType)
    /// A message marked as ended before its last byte, or not at it.
    case misplacedEnd(MessageType)
}

extension LinkOffence: CustomStringConvertible {
    package var description: String {
        switch self {
        case .recordLength(let length): "record of \(length) bytes"
        case .notAuthentic: "record that fails authentication"
        case .exhausted: "more records than one handshake may protect"
        case .emptyRecord: "record without a frame"
        case .truncatedFrame: "frame that reaches beyond its record"
        case .unknownStream(let stream): "frame on unknown stream \(stream)"
        case .unknownFlags(let flags): "frame with unknown flags \(flags)"
        case .fragmentTooLong(let length): "fragment of \(length) bytes"
        case .unknownType(let type): "message of unknown type \(type)"
        case .wrongStream(let type, let stream): "\(type) on the \(stream) stream"
        case .tooLong(let type, let total): "\(type) of \(total) bytes"
        case .unfinishedMessage(let type): "message begun before the \(type) was complete"
        case .strayFragment(let stream): "fragment without a beginning on the \(stream) stream"
        case .emptyFragment(let type): "empty fragment of a \(type)"
        case .tooManyBytes(let type): "\(type) longer than it announced"
        case .misplacedEnd(let type): "\(type) whose end is marked at the wrong byte"
        }
    }
}
