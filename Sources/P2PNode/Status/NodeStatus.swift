/// What a running node tells of itself: the answer to `GET /status`, and what `oracle status` shows.
///
/// Field names are part of the interface for programs. Byte strings are in hexadecimal with `0x`.
package struct NodeStatus: Codable, Hashable, Sendable {
    /// One of the other members, as this node sees it.
    package struct Neighbour: Codable, Hashable, Sendable {
        /// Its position in the committee, from 1.
        package var member: Int
        /// Its Ed25519 identity.
        package var identity: String
        /// Where the registry says it listens.
        package var endpoint: String
        /// `up` or `down`.
        package var state: String
        /// The address of the other end of the link, if there is one.
        package var address: String?
        /// The link's round trip in microseconds, once it was measured.
        package var roundTripMicroseconds: Int?
        /// Whether it stands convicted of breaking the protocol.
        package var isConvicted: Bool
    }

    /// The highest election certificate held.
    package struct Certificate: Codable, Hashable, Sendable {
        /// The epoch.
        package var epoch: UInt64
        /// The view.
        package var view: UInt64
        /// The leader's position.
        package var leader: Int
        /// The group's signature: compressed `R` and `z`, 65 bytes.
        package var signature: String
    }

    /// The group key in use.
    package struct GroupKey: Codable, Hashable, Sendable {
        /// The key, compressed.
        package var key: String
        /// The digest of the ceremony that made it.
        package var transcript: String
        /// Whether this node has a share of it.
        package var hasShare: Bool
    }

    /// The newest anchor of the members' logs that the chain shows.
    package struct Proof: Codable, Hashable, Sendable {
        /// Its number, from 1.
        package var number: UInt64
        /// What the logs came to.
        package var root: String
        /// Whether it lies as deep in the chain as the node asks for.
        package var isConfirmed: Bool
        /// The block it is in; missing when it was final before the node started.
        package var block: UInt64?
        /// How many blocks stand on that.
        package var blocksSince: UInt64?
        /// The transaction that brought it.
        package var transaction: String?
    }

    /// What the node sees of the chain.
    package struct Chain: Codable, Hashable, Sendable {
        /// One endpoint.
        package struct Endpoint: Codable, Hashable, Sendable {
            /// Its name, without secrets.
            package var name: String
            /// How it is.
            package var state: String
        }

        /// The newest block seen.
        package var head: UInt64
        /// Whether that is too old to act on.
        package var isStale: Bool
        /// The block from which the epoch on disk was read, while the node serves that because no endpoint has answered.
        package var recalledFromBlock: UInt64?
        /// What the account has, in wei, when last looked at.
        package var balance: String?
        /// Transactions under way.
        package var pending: Int
        /// The endpoints in the order of the configuration.
        package var endpoints: [Endpoint]
    }

    /// The program's version.
    package var version: String
    /// How long the node has run, in seconds.
    package var uptimeSeconds: Double
    /// The process.
    package var processId: Int
    /// This node's Ed25519 identity.
    package var identity: String
    /// This node's account.
    package var account: String
    /// The registry contract.
    package var registry: String
    /// The chain's id.
    package var chainId: UInt64
    /// The epoch served; missing until the registry names a committee with this node.
    package var epoch: UInt64?
    /// This node's position in the committee.
    package var member: Int?
    /// The number of members.
    package var committeeSize: Int?
    /// How many make a quorum.
    package var quorum: Int?
    /// The view the node is in.
    package var view: UInt64?
    /// The position of the view's leader.
    package var leader: Int?
    /// Whether this node acts as leader.
    package var isLeading: Bool
    /// The highest election certificate held.
    package var certificate: Certificate?
    /// The highest view that the chain shows as anchored; missing if none.
    package var anchoredView: UInt64?
    /// The newest anchor of the members' logs; missing if there is none.
    package var proof: Proof?
    /// The group key in use.
    package var groupKey: GroupKey?
    /// The other members.
    package var links: [Neighbour]
    /// The chain.
    package var chain: Chain
    /// Whether the node has stopped for good because it cannot keep promises.
    package var isHalted: Bool
    /// Whether the node is ready: in a view, and linked with a quorum.
    package var isReady: Bool
    /// In sentences: what the node waits for and why.
    package var explanation: [String]
}
