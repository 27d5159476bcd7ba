package import Gossip
package import Primitives

/// What a connection tells its reader, in the order in which it happened.
package enum LinkEvent: Sendable {
    /// The handshake is done; messages may be sent from now on.
    case established(EstablishedLink)
    /// Messages that arrived together.
    case received([LinkMessage])
    /// The connection has ended; nothing follows.
    case ended(LinkEnd)
}

/// A connection whose two ends have proven who they are.
package struct EstablishedLink: Hashable, Sendable {
    /// Who is at the other end.
    package let peer: Identity
    /// Which end dialed.
    package let initiator: LinkSide
    /// The address of the other end, for people.
    package let address: String
}

/// Why a connection ended.
package enum LinkEnd: Hashable, Sendable {
    /// The handshake came to nothing.
    case handshake(HandshakeFailure)
    /// The peer broke a rule of framing.
    case offence(LinkOffence)
    /// The peer said that it closes, and why.
    case farewell(Close)
    /// The peer's end was closed or reset without a word, as the kernel does for a process that died.
    case closedByPeer
    /// This node closed it, for the reason given to ``Link/close(_:_:)``.
    case closedHere(Close.Code)
    /// Nothing came for too long.
    case silent
    /// The peer does not take what is sent.
    case overflowed
    /// The socket failed.
    case failed(String)
}

extension LinkEnd: CustomStringConvertible {
    package var description: String {
        switch self {
        case .handshake(let failure): failure.description
        case .offence(let offence): "the peer broke the framing: \(offence)"
        case .farewell(let close): "the peer closes: \(close.words)"
        case .closedByPeer: "closed by the peer"
        case .closedHere(let code): "closed here: \(code)"
        case .silent: "nothing came for too long"
        case .overflowed: "the peer does not take what is sent"
        case .failed(let reason): reason
        }
    }
}

extension Close {
    /// The reason as people read it: the code's name and the words that came along.
    fileprivate var words: String {
        let name = known.map { "\($0)" } ?? "code \(code)"
        let words = String(printable: reason.bytes)
        return words.isEmpty ? name : "\(name) (\(words))"
    }
}
