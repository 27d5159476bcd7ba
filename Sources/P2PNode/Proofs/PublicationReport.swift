internal import Consensus
internal import Gossip
internal import Peer
internal import Primitives

/// What an operator wants a node to publish: the body of `POST /publications`.
package struct PublicationOrder: Codable, Hashable, Sendable {
    /// The most bytes of a title.
    package static let titleLimit = 128
    /// The most bytes of what is said.
    package static let contentLimit = 16_384
    /// The most bytes of an order as JSON.
    static let sizeLimit = 65_536

    /// One line for people.
    package var title: String
    /// What is to be said, in hexadecimal digits.
    package var content: String

    /// An order.
    package init(title: String, content: [UInt8]) {
        self.title = title
        self.content = Hex.encode(content)
    }

    /// The order as the node's machine takes it.
    func request(_ ticket: UInt64) throws(PublicationError) -> PublicationRequest {
        guard let title = ByteList<128>(Array(title.utf8)), !self.title.isEmpty else { throw .title }
        guard let bytes = Hex.decode(content), !bytes.isEmpty, let content = ByteList<16_384>(bytes) else {
            throw .content
        }
        return PublicationRequest(ticket: ticket, title: title, content: content)
    }
}

/// Why an order cannot be understood.
package enum PublicationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The title is empty or too long.
    case title
    /// There is nothing to say, or too much.
    case content

    package var description: String {
        switch self {
        case .title: "a title has 1 to \(PublicationOrder.titleLimit) bytes"
        case .content: "a publication has 1 to \(PublicationOrder.contentLimit) bytes"
        }
    }
}

/// What has become of an order to publish.
package struct PublicationReport: Codable, Hashable, Sendable {
    /// How far it has come.
    package enum State: String, Codable, Sendable {
        /// It waits for its place in the log.
        case waiting
        /// It stands in the log and is durable at this node.
        case said
        /// Nothing was said.
        case refused
    }

    /// By which the node is asked again.
    package var ticket: UInt64
    /// How far it has come.
    package var state: State
    /// Why nothing was said.
    package var reason: String?
    /// `MEMBER:SEQUENCE`, as `oracle proof list` names it.
    package var id: String?
    /// The entry's hash-tree-root.
    package var digest: String?
    /// How many members have it on disk, as far as this node knows.
    package var holders: Int
    /// How many are a quorum.
    package var quorum: Int
    /// How many members there are.
    package var committeeSize: Int
    /// The newest confirmed anchor that covers it.
    package var anchor: UInt64?
    /// The block of that anchor, if this node has seen it come.
    package var block: UInt64?
    /// The transaction of that anchor.
    package var transaction: String?

    /// The state of an order that nothing is known of but this.
    package init(ticket: UInt64, state: State, reason: String? = nil) {
        self.ticket = ticket
        self.state = state
        self.reason = reason
        holders = 0
        quorum = 0
        committeeSize = 0
    }

    init(_ ticket: UInt64, _ state: PublicationState) {
        switch state {
        case .waiting: self.init(ticket: ticket, state: .waiting)
        case .said(_, let digest):
            self.init(ticket: ticket, state: .said)
            self.digest = "\(digest)"
        case .refused(let refusal): self.init(ticket: ticket, state: .refused, reason: refusal.words)
        }
    }
}

extension PublicationRefusal {
    /// The reason for people.
    fileprivate var words: String {
        switch self {
        case .tooMany:
            "too many publications wait for their place in the log; ask again when they have it"
        case .tooFast:
            "too much was published lately: one publication each 32 seconds, and 32 at once, are taken"
        case .entry(.forked):
            "another history stands under this node's identity, so nobody takes its word any more"
        case .entry(.tooMany): "too much waits for the log already; ask again later"
        case .entry(.tooLong): "it is too long for the log"
        case .entry(.noEpoch): "the node serves no committee yet"
        case .entry(.laterEpoch): "its own log has entries of a later epoch than the chain shows"
        }
    }
}
