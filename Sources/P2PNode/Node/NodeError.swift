internal import Cryptography
package import Primitives

/// Why a node cannot start or go on.
package enum NodeError: Error, CustomStringConvertible {
    /// What is stored was written by a newer program.
    case newerStore(UInt16)
    /// Another process speaks with this node's identity.
    case identityElsewhere(Identity)
    /// The store failed; the node has stopped signing.
    case storeFailed(StoreError)
    /// The chain's endpoints do not agree with the configuration.
    case chain(String)

    /// The chain contradicts the epoch, read from this block, with which the node began while the chain was silent.
    case recalledWrongly(Epoch, block: UInt64)
    /// An operator's identity is that of an oracle.
    case operatorIsMember
    /// An operator's share or word could not be stored.
    case operatorStore(String)
    /// More waits to be told to the overseer of operations than is ever said in an epoch.
    case overseerBehind

    package var description: String {
        switch self {
        case .newerStore(let version):
            "the database was written by a newer version of this program (format \(version)); start that one"
        case .identityElsewhere(let identity):
            """
            another process signs as \(identity), this node's identity: two nodes run with one key, or the data \
            directory is a copy. This node has stopped. Stop the other one; if there is none, the key is stolen: \
            have the governor replace this member
            """
        case .storeFailed(let error):
            "\(error). The node has stopped, because it can keep no promise it would make now"
        case .chain(let reason): reason
        case .operatorStore(let reason): reason
        case .overseerBehind:
            "operations on validators' keys are overseen too slowly; start the node again, and report this as a fault"
        case .operatorIsMember:
            """
            the committee has a member with this operator's identity: an operator needs keys of its own. Make a data \
            directory for it with: oracle keys new
            """
        case .recalledWrongly(let epoch, let block):
            """
            while no endpoint of the chain answered this node began with epoch \(epoch) as its data directory had it from \
            block \(block); now the chain names another committee or another group key. The node has stopped. Start it \
            again: it then begins with what the chain says
            """
        }
    }
}
