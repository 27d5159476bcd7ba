package import Primitives

/// Why a handshake came to nothing.
package enum HandshakeFailure: Error, Hashable, Sendable {
    /// The other end speaks another protocol.
    case otherProtocol
    /// The other end speaks another version of this protocol.
    case otherVersion(UInt16)
    /// Flags that this version does not know.
    case unknownFlags(UInt16)
    /// The other end belongs to another deployment: other chain, contract or genesis.
    case otherNetwork(theirs: NetworkHint, ours: NetworkHint)
    /// A message announced with a length that its place in the handshake does not have.
    case messageLength(Int)
    /// A message that fails authentication.
    case notAuthentic
    /// An X25519 key of small order.
    case smallOrderKey
    /// A payload that is not an ``IdentityPayload``.
    case malformedPayload
    /// A signature that is not the identity's over this handshake.
    case badSignature(Identity)
    /// Another member than the one that was dialed.
    case unexpectedIdentity(Identity)
    /// This node itself.
    case ownIdentity
    /// Proven, but nobody this node links with.
    case notAdmitted(Identity)
    /// No end within ``HandshakeMachine/deadline``.
    case timedOut
    /// The connection ended before the handshake did.
    case closedByPeer

    /// Whether the peer presented an identity that it should not have, see ``AdmissionControl``.
    package var isBadIdentity: Bool {
        switch self {
        case .malformedPayload, .badSignature, .notAdmitted: true
        case .otherProtocol, .otherVersion, .unknownFlags, .otherNetwork, .messageLength, .notAuthentic,
            .smallOrderKey, .unexpectedIdentity, .ownIdentity, .timedOut, .closedByPeer:
            false
        }
    }
}

extension HandshakeFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .otherProtocol: "the other end speaks another protocol"
        case .otherVersion(let version):
            "the peer speaks version \(version), this node \(Preamble.currentVersion)"
        case .unknownFlags(let flags): "the peer sets unknown flags \(flags)"
        case .otherNetwork(let theirs, let ours):
            "the peer belongs to another network: other chain, contract or genesis (its hint \(theirs), ours \(ours))"
        case .messageLength(let length): "handshake message of \(length) bytes"
        case .notAuthentic:
            "handshake failed authentication: other network, chain, contract, or a damaged link"
        case .smallOrderKey: "the peer's X25519 key has a small order"
        case .malformedPayload: "the peer's proof of identity is malformed"
        case .badSignature(let identity):
            "the peer does not have the key of \(identity), which it claims to be"
        case .unexpectedIdentity(let identity): "another member answered: \(identity)"
        case .ownIdentity: "the other end is this node itself, or one with the same key"
        case .notAdmitted(let identity): "\(identity) is not a member of a committee this node knows"
        case .timedOut: "the handshake took longer than \(HandshakeMachine.deadline)"
        case .closedByPeer: "the peer closed the connection during the handshake"
        }
    }
}
