/// What a running operator tells of itself: its answer to `GET /status`.
///
/// Field names are part of the interface for programs. Byte strings are in hexadecimal with `0x`.
package struct OperatorStatus: Codable, Hashable, Sendable {
    /// One of the oracles of the newest committee.
    package struct Oracle: Codable, Hashable, Sendable {
        /// Its position in the committee, from 1.
        package var member: Int
        /// Its Ed25519 identity.
        package var identity: String
        /// Where the registry says it listens.
        package var endpoint: String
        /// `up`, `greeting` while it is not known whether both ends mean one committee, or `down`.
        package var state: String
    }

    /// The word by which the answer is told from an oracle's.
    package static let roleName = "operator"

    /// Always ``roleName``.
    package var role = Self.roleName
    /// The operator's number on the chain.
    package var id: UInt64
    /// The program's version.
    package var version: String
    /// How long the process has run, in seconds.
    package var uptimeSeconds: Double
    /// The process.
    package var processId: Int
    /// The operator's Ed25519 identity.
    package var identity: String
    /// What the contract keeps of its RSA key; missing when it has none.
    package var sharesKeyHash: String?
    /// The registry contract.
    package var registry: String
    /// The chain's id.
    package var chainId: UInt64
    /// The epoch of the newest committee; missing until the chain has shown one.
    package var epoch: UInt64?
    /// The oracles of that committee.
    package var oracles: [Oracle]
    /// The chain.
    package var chain: NodeStatus.Chain
    /// Whether more oracles are linked than can all be faulty, so that an order can be believed.
    package var isReady: Bool
    /// In sentences: what it waits for and why.
    package var explanation: [String]
}

/// What answers on a status socket.
package enum NodeStanding: Hashable, Sendable {
    /// An oracle.
    case oracle(NodeStatus)
    /// An operator.
    case `operator`(OperatorStatus)
}
