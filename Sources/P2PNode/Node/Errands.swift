internal import Consensus
internal import Cryptography
internal import Peer
internal import Primitives

/// What the node's actor wants done and does not wait for, in order.
struct Errands: Sendable {
    /// One of them.
    enum Errand: Sendable {
        /// Link with these members.
        case setPeers([Member], dialed: Set<Identity>)
        /// Tell the transport that a member is alive.
        case signOfLife(Identity)
        /// Bring a statement to the contract.
        case submit(Submission)
        /// Give a statement up.
        case withdraw(ChainStatement.Key)
        /// Keep or erase a secret on disk.
        case keepSafe(Custodian<SystemRandom>.Safekeeping)
        /// End the node.
        case stop(any Error)
    }

    /// How many may wait; more means that the node is stuck.
    static let limit = 4_096

    /// The errands, for the one who runs them.
    let waiting: AsyncStream<Errand>
    private let list: AsyncStream<Errand>.Continuation

    init() {
        (waiting, list) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
    }

    /// Adds one at the end.
    ///
    /// If too many wait, the list ends, and the node with it.
    func add(_ errand: Errand) {
        if case .dropped = list.yield(errand) { list.finish() }
    }
}
