package import Primitives

/// What a member did that no honest program of this protocol does, seen above the frames.
package enum Offence: Hashable, Sendable {
    /// It sent an object whose signature is not its author's. Objects are checked before they are passed on.
    case badSignature(ObjectKind)
    /// It sent a message that is not the encoding of its type.
    case malformedMessage(MessageType)
    /// It sent an object by a message that does not carry its kind.
    case misplacedKind(ObjectKind, MessageType)
    /// It sent an object of this epoch by an author that the committee does not have.
    case unknownAuthor(MemberIndex)
    /// It sent a direct object that another member signed.
    case misdirected(ObjectKind)
    /// It asked for, or announced, what the message's type does not allow.
    case badRequest(MessageType)
    /// It sent where a log begins, and the committee has not attested that.
    case falseStart
    /// It sent more than the schedule of the protocol can account for.
    case flood
    /// It signed an object whose payload is not the encoding of its kind: the author's offence, not the link's.
    case malformedPayload(ObjectKind)
}

extension Offence: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badSignature(let kind): "\(kind) with a bad signature"
        case .malformedMessage(let type): "malformed \(type) message"
        case .misplacedKind(let kind, let type): "\(kind) in a \(type) message"
        case .unknownAuthor(let author): "object by member \(author), who does not exist"
        case .misdirected(let kind): "\(kind) signed by another member"
        case .badRequest(let type): "\(type) beyond what the type allows"
        case .falseStart: "a log's beginning that the committee has not attested"
        case .flood: "more traffic than the protocol's schedule accounts for"
        case .malformedPayload(let kind): "signed \(kind) with a malformed payload"
        }
    }
}
