package import BeaconAPI
package import Consensus
package import Ethereum
package import Gossip
package import KeyOperations
package import Logging
internal import Peer
package import Primitives
internal import ServiceLifecycle
package import SystemPackage

/// One oracle: its parts put together and run.
package struct Node: Sendable {
    /// What a node is made from.
    package struct Setting: Sendable {
        /// The program's version.
        package var version: SoftwareVersion
        /// Where it keeps its files.
        package var directory: DataDirectory
        /// Its secrets.
        package var keys: NodeKeys
        /// Where it listens for members.
        package var listen: Endpoint
        /// Where it answers its operator.
        package var statusSocket: FilePath
        /// The chain's id.
        package var chainId: UInt64
        /// The genesis block, if the configuration names it.
        package var genesis: Digest?
        /// The registry contract.
        package var registry: Address
        /// Where it is recorded what becomes of validators' keys; `nil` for a node that has nothing to do with them.
        package var operationsSource: OperationsSource?
        /// The beacon chain, for a node that has to do with operations.
        package var network: BeaconNetwork?
        /// How operations are overseen; `nil` for a node that oversees none.
        package var overseeing: Overseeing?
        /// The chain's endpoints, the preferred one first.
        package var endpoints: [RPCEndpoint]
        /// How many endpoints must agree on what proves nothing by itself.
        package var agreement: Int
        /// How many blocks must stand on a record's block.
        package var confirmations: UInt64
        /// How often the chain's head is asked for.
        package var poll: Duration
        /// The time between two heartbeats of the leader.
        package var heartbeatInterval: Duration
        /// By how much later each rank submits to the chain.
        package var stagger: Duration
        /// How long the leader waits from one list of what the logs come to, to be anchored, to the next.
        package var attestationInterval: Duration
        /// How patient the making of a group key is.
        package var ceremony: CeremonyTiming
        /// How many past epochs' log entries are kept; all when `nil`.
        package var keptEpochs: UInt64?
        /// The machine of the ceremonies with operators.
        package var operations: any OperationParticipant = NoOperations()

        /// Joins the parts.
        package init(
            version: SoftwareVersion,
            directory: DataDirectory,
            keys: NodeKeys,
            listen: Endpoint,
            statusSocket: FilePath,
            chainId: UInt64,
            genesis: Digest?,
            registry: Address,
            operationsSource: OperationsSource? = nil,
            endpoints: [RPCEndpoint],
            agreement: Int = 1,
            confirmations: UInt64 = 2,
            poll: Duration = .seconds(4),
            heartbeatInterval: Duration = .milliseconds(250),
            stagger: Duration = .seconds(15),
            attestationInterval: Duration = .seconds(600),
            ceremony: CeremonyTiming = CeremonyTiming(),
            keptEpochs: UInt64? = nil
        ) {
            self.version = version
            self.directory = directory
            self.keys = keys
            self.listen = listen
            self.statusSocket = statusSocket
            self.chainId = chainId
            self.genesis = genesis
            self.registry = registry
            self.operationsSource = operationsSource
            self.endpoints = endpoints
            self.agreement = agreement
            self.confirmations = confirmations
            self.poll = poll
            self.heartbeatInterval = heartbeatInterval
            self.stagger = stagger
            self.attestationInterval = attestationInterval
            self.ceremony = ceremony
            self.keptEpochs = keptEpochs
        }
    }

    private let setting: Setting
    private let transport: any RPCTransport
    private let beaconTransport: (any BeaconTransport)?
    private let metrics: @Sendable () -> String
    private let metricsListen: Endpoint?
    private let logger: Logger

    /// A node that does not run yet.
    ///
    /// - Parameters:
    ///   - setting: What it is made from.
    ///   - transport: How the chain's endpoints are reached.
    ///   - beaconTransport: How beacon nodes are reached; without one none is.
    ///   - metrics: Renders the counters for who asks.
    ///   - metricsListen: Where else than on the status socket they are served.
    ///   - logger: Where it tells what it does.
    package init(
        _ setting: Setting,
        transport: any RPCTransport,
        beaconTransport: (any BeaconTransport)? = nil,
        metrics: @escaping @Sendable () -> String,
        metricsListen: Endpoint? = nil,
        logger: Logger
    ) {
        self.setting = setting
        self.metricsListen = metricsListen
        self.transport = transport
        self.beaconTransport = beaconTransport
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until the graceful shutdown.
    ///
    /// - Throws: Why it cannot start or go on, in words for its operator.
    package func run() async throws {
        let clock = NodeClock.started()
        let store = try SQLiteStore(in: setting.directory)
        do {
            try await run(on: store, clock)
        } catch {
            // The reason that the node ends is worth more than a failure to close behind it.
            try? store.close()
            throw error
        }
        try store.close()
    }

    private func run(on store: SQLiteStore, _ clock: NodeClock) async throws {
        let pin = GenesisPin(
            store: store,
            transport: transport,
            endpoints: setting.endpoints,
            chainId: setting.chainId,
            clock: clock,
            logger: logger
        )
        let genesis = try await pin.resolve(configured: setting.genesis)
        let deployment = Deployment(chainId: setting.chainId, genesis: genesis, registry: setting.registry)
        let parts = try await NodeParts(
            setting,
            deployment: deployment,
            store: store,
            transport: transport,
            beaconTransport: beaconTransport,
            clock: clock,
            logger: logger
        )
        let status = try StatusServer(
            socket: setting.statusSocket,
            inspector: parts,
            metrics: metrics,
            logger: logger
        )
        var services: [any Service] = [status]
        if let metricsListen {
            services.append(MetricsServer(address: metricsListen, text: metrics, logger: logger))
        }
        try await parts.run(beside: services)
    }
}
