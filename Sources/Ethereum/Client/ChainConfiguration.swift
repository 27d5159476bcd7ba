package import Cryptography
package import Primitives

/// How the chain layer behaves.
package struct ChainConfiguration: Hashable, Sendable {
    /// The chain and the registry.
    package var deployment: Deployment
    /// The endpoints.
    package var endpoints: EndpointPool.Configuration
    /// The account that pays, and how.
    package var outbox: TransactionOutbox.Configuration
    /// Where it is recorded what becomes of validators' keys, if this node follows that.
    package var operations: OperationsSource?
    /// How many blocks must stand on a record's block before it is told as confirmed.
    package var confirmations: UInt64
    /// How often the head is asked for.
    package var pollInterval: Duration
    /// How long the head may stay the same before what is known is called stale.
    package var staleAfter: Duration
    /// How long after the first look the contract's state may be unknown before somebody is told.
    package var silentAfter: Duration
    /// The balance below which somebody is told, in wei.
    package var lowBalance: UInt256
    /// How many headers are kept, and so how deep a reorganisation may be.
    package var ringCapacity: Int
    /// How many headers are fetched one by one before the rest is passed over.
    package var walkLimit: Int
    /// How many blocks the finalized block is not asked for while nothing waits for it.
    package var finalityInterval: UInt64

    /// The usual behaviour.
    package init(
        deployment: Deployment,
        endpoints: EndpointPool.Configuration,
        outbox: TransactionOutbox.Configuration
    ) {
        self.deployment = deployment
        self.endpoints = endpoints
        self.outbox = outbox
        confirmations = 2
        pollInterval = .seconds(4)
        staleAfter = .seconds(60)
        silentAfter = .seconds(5)
        lowBalance = 10_000_000_000_000_000
        ringCapacity = 256
        walkLimit = 128
        finalityInterval = 16
    }

    /// The domain of the group's signatures.
    package var domain: StatementDomain { StatementDomain(deployment) }
}

/// What the chain layer can tell of itself.
package struct ChainStatus: Hashable, Sendable {
    /// The endpoints in the order of the configuration.
    package var endpoints: [EndpointState]
    /// The newest block that was followed to.
    package var tip: BlockHeader?
    /// The newest final block.
    package var finalized: BlockReference?
    /// Since when there has been no new tip, when that is too long.
    package var staleSince: Instant?
    /// The highest block any endpoint has shown, less the tip.
    package var lag: UInt64
    /// What the account has, in wei, when it was last looked at.
    package var balance: UInt256?
    /// Up to where everything that is on record of validators' keys was told.
    package var operations: BlockReference?
    /// Calls that are not settled.
    package var pending: [OutboxRecord]
}
