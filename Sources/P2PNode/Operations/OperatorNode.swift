internal import Consensus
internal import Cryptography
package import Ethereum
internal import Gossip
internal import KeyOperations
package import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle
internal import UnixSignals

/// One operator: who holds shares of validators' keys, and is no member of the mesh.
///
/// It follows the chain by itself, dials all oracles of the newest committee there, and is dialed by nobody.
package struct OperatorNode: Sendable {
    private let id: UInt64
    private let setting: Node.Setting
    private let transport: any RPCTransport
    private let metrics: @Sendable () -> String
    private let metricsListen: Endpoint?
    private let logger: Logger

    /// An operator that does not run yet; what it listens on and its heartbeats play no part in it.
    ///
    /// - Parameters:
    ///   - id: Its number on the chain.
    ///   - setting: What it is made from, its ceremonies' machine included.
    ///   - transport: How the chain's endpoints are reached.
    ///   - metrics: Renders the counters for who asks.
    ///   - metricsListen: Where else than on the status socket they are served.
    ///   - logger: Where it tells what it does.
    package init(
        id: UInt64,
        _ setting: Node.Setting,
        transport: any RPCTransport,
        metrics: @escaping @Sendable () -> String,
        metricsListen: Endpoint? = nil,
        logger: Logger
    ) {
        self.id = id
        self.setting = setting
        self.transport = transport
        self.metrics = metrics
        self.metricsListen = metricsListen
        self.logger = logger
    }

    /// Runs until the graceful shutdown.
    ///
    /// - Throws: Why it cannot start or go on, in words for its operator.
    package func run() async throws {
        let store = try SQLiteStore(in: setting.directory)
        do {
            try await run(on: store, NodeClock.started())
        } catch {
            // The reason that the node ends is worth more than a failure to close behind it.
            try? store.close()
            throw error
        }
        try store.close()
    }

    /// The operator's machine with its secrets; one that knows of no contract takes part in nothing.
    private func participant(_ deployment: Deployment) throws -> any OperationParticipant {
        guard setting.operationsSource != nil, let network = setting.network else {
            return setting.operations
        }
        let files = try OperatorFiles(in: setting.directory, sealing: setting.keys.sealing)
        return OperatorParticipant(
            OperatorMachine.Setting(
                id: OperatorID(id),
                identity: setting.keys.identity.identity,
                deployment: deployment,
                network: network
            ),
            identity: setting.keys.identity,
            encryption: setting.keys.sharesKey.map { SharesKey($0.publicKey) },
            files: files
        )
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
        var random = SystemRandom()
        let failures = AsyncStream<StoreError>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let durability = Durability(store: store) { failures.continuation.yield($0) }
        let chain = try await ChainService(
            NodeParts.chainConfiguration(setting, deployment),
            endpoints: setting.endpoints,
            key: setting.keys.account,
            transport: transport,
            store: DurableChainStore(store: store, durability: durability),
            clock: clock,
            seed: random.seed(),
            logger: logger
        )
        let desk = OperationDesk(
            software: setting.version,
            participant: try participant(deployment),
            clock: clock,
            logger: logger
        )
        let links = LinkTransport(
            LinkTransport.Configuration(
                network: LinkNetwork(deployment),
                identity: setting.keys.identity,
                listen: nil
            ),
            observer: desk,
            clock: clock,
            seed: random.seed(),
            logger: logger
        )
        let view = OperatorView(id: id, setting, chain: chain, desk: desk, clock: clock)
        let listener = OperatorListener(
            chain: chain,
            links: links,
            desk: desk,
            view: view,
            interpreter: ChainInterpreter(
                identity: setting.keys.identity.identity,
                deployment: deployment,
                confirmations: setting.confirmations,
                remembered: nil
            ),
            logger: logger
        )
        let status = try OperatorStatusServer(
            socket: setting.statusSocket,
            view: view,
            metrics: metrics,
            logger: logger
        )
        var services: [any Service] = [
            status, durability, chain, links, listener, OperationService(desk: desk, links: links),
            StoreWatch(failures: failures.stream), HaltWatch(desk: desk),
        ]
        if let metricsListen {
            services.append(MetricsServer(address: metricsListen, text: metrics, logger: logger))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(
                        service: $0,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}

/// Ends the operator when its shares cannot be kept.
private struct HaltWatch: Service {
    let desk: OperationDesk

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            for await reason in desk.halts { throw NodeError.operatorStore(reason) }
        }
    }
}

/// Ends the operator when its store fails.
private struct StoreWatch: Service {
    let failures: AsyncStream<StoreError>

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            for await failure in failures { throw NodeError.storeFailed(failure) }
        }
    }
}

/// Has the operator speak with the oracles that the chain names.
private struct OperatorListener: Service {
    let chain: ChainService
    let links: LinkTransport
    let desk: OperationDesk
    let view: OperatorView
    let interpreter: ChainInterpreter
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var interpreter = interpreter
            var newest: Committee?
            for await event in chain.events {
                if case .operations(let records, _) = event {
                    await desk.tell(operator: .facts(records.map { OperationFact($0.event) }))
                }
                for conclusion in interpreter.conclusions(from: event) {
                    switch conclusion {
                    case .stranger(let committee):
                        // Logs before the state that was read name earlier ones too.
                        guard committee.epoch >= newest?.epoch ?? committee.epoch,
                            committee.configDigest != newest?.configDigest
                        else { continue }
                        newest = committee
                        await meet(committee)
                    case .enter: throw NodeError.operatorIsMember
                    case .unworkable(let error):
                        logger.error(
                            "the registry names a committee that cannot work",
                            metadata: ["reason": "\(error)"]
                        )
                    case .tell, .remember, .recall, .recallEnded, .recalledWrongly: break
                    }
                }
            }
        }
    }

    private func meet(_ committee: Committee) async {
        logger.notice(
            "dials the oracles of a committee",
            metadata: ["epoch": "\(committee.epoch)", "size": "\(committee.size)"]
        )
        view.enter(committee)
        // First, so that a link to one of the new ones is greeted with it.
        await desk.enter(committee)
        await desk.tell(operator: .committee(committee))
        await links.setPeers(Endpoint.of(committee.roster.members.elements, logger: logger))
    }
}
