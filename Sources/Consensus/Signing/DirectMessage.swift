package import Primitives

/// What goes from one member to one other, signed by the sender and never relayed.
///
/// Whoever performs the sending wraps it in an ``Object`` with the next order of its kind. What a member sends to
/// itself comes back as received.
package enum DirectMessage: Hashable, Sendable {
    /// A signer's offer to the leader of its view.
    case ready(Ready)
    /// A coordinator's request to one of its signers.
    case signRequest(SignRequest)
    /// A signer's answer.
    case signShare(SignShare)

    /// The kind of the object that carries the message.
    package var kind: ObjectKind {
        switch self {
        case .ready: .ready
        case .signRequest: .signRequest
        case .signShare: .signShare
        }
    }

    /// The payload of the object that carries the message.
    package var payload: [UInt8] {
        switch self {
        case .ready(let message): message.sszBytes
        case .signRequest(let message): message.sszBytes
        case .signShare(let message): message.sszBytes
        }
    }

    /// Reads the message out of an object; `nil` when the object is of another kind.
    ///
    /// - Throws: ``SSZError`` for a payload that is not the kind's encoding, which is the author's offence.
    package init?(_ object: Object) throws(SSZError) {
        switch object.kind {
        case .ready: self = .ready(try Ready(ssz: object.payload.bytes))
        case .signRequest: self = .signRequest(try SignRequest(ssz: object.payload.bytes))
        case .signShare: self = .signShare(try SignShare(ssz: object.payload.bytes))
        case .heartbeat, .wish, .linkLost, .logEntry: return nil
        }
    }
}

/// What a member has done against the rules of signing.
package enum SigningOffence: Hashable, Sendable {
    /// A signed object whose payload is no message of its kind.
    case malformed
    /// It asked for shares in a view that another leads.
    case notLeader
    /// Its request names other than exactly the threshold of members in order, or was sent to none of them.
    case badRequest
    /// It asked for a second share on a nonce pair that is spent.
    case reusedCommitment
    /// It offered a commitment that is no pair of points, or one it has offered before.
    case badCommitment
    /// Its share does not match its commitment and public share.
    case badShare
}
