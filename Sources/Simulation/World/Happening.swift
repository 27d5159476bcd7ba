import Ethereum
import Gossip
import Peer
import Primitives

/// What is scheduled to happen in the world.
enum Happening {
    /// A process is to be woken.
    case wake(node: Int, life: Int)
    /// Something comes to a process.
    indirect case feed(node: Int, life: Int, PeerMachine.Event)
    /// A parcel arrives at an end of a connection.
    case parcel(Connection, LinkSide, Connection.Parcel)
    /// A handshake is done for an end of a connection.
    case established(Connection, LinkSide)
    /// A dial to a member comes to nothing.
    case dialFailed(node: Int, life: Int, peer: Int, number: Int, RedialMachine.DialFailure)
    /// A dial arrives at a member's host.
    case dialArrives(from: Int, life: Int, peer: Int, number: Int)
    /// An end looks whether it has heard anything.
    case silence(Connection, LinkSide, since: WorldTime, limit: Span)
    /// The redial machines of a process are due.
    case redial(node: Int, life: Int)
    /// The disk has finished, or failed, a sync.
    case synced(node: Int, life: Int)
    /// A process exits after its disk has failed.
    case exit(node: Int, life: Int)
    /// A process learns what the chain shows at its start.
    case openEye(node: Int, life: Int)
    /// A process looks at the chain.
    case look(node: Int, life: Int)
    /// A process tries again to submit.
    indirect case submit(node: Int, life: Int, Submission)
    /// A process's chain client is to be woken.
    case wakeClient(node: Int, life: Int)
    /// A request of a chain client comes to an endpoint.
    indirect case asked(node: Int, life: Int, ChainRequest)
    /// A request of a chain client ends.
    indirect case answered(node: Int, life: Int, number: UInt64, Result<[RPCOutcome], RPCFault>)
    /// A process hears what its chain client tells.
    indirect case toldByClient(node: Int, life: Int, ChainEvent)
    /// A chain client hears what its process wants.
    indirect case wantedOfClient(node: Int, life: Int, ChainMachine.Event)
    /// A block is made.
    case block
    /// A planned fault comes.
    case fault(Int)
    /// A dead member's process starts.
    case boot(node: Int)
    /// The world becomes kind.
    case kindness
    /// The world looks whether all is well.
    case examine
    /// A member flaps while the leader is watched.
    case flap
}
