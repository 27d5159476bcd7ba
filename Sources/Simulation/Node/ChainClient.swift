import Cryptography
import Ethereum
import Peer
import Primitives

/// The product's chain client of one process.
struct ChainClient {
    var machine: ChainMachine
    /// What its words mean for the member's machine.
    var interpreter: ChainInterpreter
    /// When it is to be woken; of several wakes only this one counts.
    var wake: WorldTime?
}

/// A request on its way to an endpoint.
struct ChainRequest {
    let number: UInt64
    let endpoint: Int
    let batch: RPCBatch
    /// When who asked gives up.
    let deadline: WorldTime
}

extension ChainConfiguration {
    /// How clients in the simulation behave: as the product's, with a limit on fees that crowded blocks reach.
    init(_ deployment: Deployment, account: Address, _ access: Scenario.ChainAccess, poll: Duration) {
        self.init(
            deployment: deployment,
            endpoints: EndpointPool.Configuration(
                endpointCount: access.endpoints,
                identity: ChainIdentity(deployment: deployment),
                agreement: access.agreement
            ),
            outbox: TransactionOutbox.Configuration(
                account: account,
                chainId: deployment.chainId,
                registry: deployment.registry,
                fees: .simulated
            )
        )
        pollInterval = poll
    }
}

extension FeePolicy {
    /// At most 20 gwei per gas.
    static let simulated = FeePolicy(limit: 20_000_000_000)
}

extension EndpointMood {
    /// Whether the endpoint says what is not so, or hides what is.
    var isLie: Bool {
        switch self {
        case .swallowing, .hiding, .forging, .falsifying, .branching: true
        case .sound, .silent, .unreachable, .status, .page, .garbled, .singles, .behind, .stuck, .narrow:
            false
        }
    }
}
