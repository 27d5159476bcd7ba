internal import BeaconAPI
internal import Consensus
internal import Cryptography
internal import Ethereum
internal import FoundationEssentials
internal import Gossip
internal import Logging
internal import Peer
internal import Primitives
internal import ServiceLifecycle
internal import UnixSignals

/// The running parts of a node, and what goes between them.
struct NodeParts: Sendable {
    let setting: Node.Setting
    let deployment: Deployment
    let store: any Store
    let durability: Durability
    let chain: ChainService
    let links: LinkTransport
    let actor: NodeActor
    /// Where operators are spoken with.
    let desk: OperationDesk
    let errands: Errands
    let reads: LogReads
    let events: NodeEventBroadcaster
    let keys: KeyShelf
    /// Where the files of operations are written, if this node oversees some.
    let transcripts: TranscriptKeeper?
    let exits: ExitPublisher
    /// The beacon nodes, if an overseer has some to ask.
    let beacon: BeaconClient?
    let attestations: Attestations
    let clock: NodeClock
    let logger: Logger
    private let tickets = Tickets()

    init(
        _ setting: Node.Setting,
        deployment: Deployment,
        store: any Store,
        transport: any RPCTransport,
        beaconTransport: (any BeaconTransport)?,
        clock: NodeClock,
        logger: Logger
    ) async throws {
        let errands = Errands()
        let reads = LogReads()
        let events = NodeEventBroadcaster()
        let durability = Durability(store: store) { errands.add(.stop(NodeError.storeFailed($0))) }
        let identity = setting.keys.identity
        var random = SystemRandom()
        let machine = PeerMachine(
            PeerMachine.Setting(
                identity: identity.identity,
                incarnation: try await store.beginIncarnation(),
                deployment: deployment,
                heartbeatInterval: setting.heartbeatInterval,
                ceremony: setting.ceremony,
                stagger: setting.stagger,
                attestationInterval: setting.attestationInterval,
                operations: setting.overseeing?.contract,
                prefersWholeLogs: setting.keptEpochs == nil,
                software: setting.version,
                wallTimeAtStart: UnixMilliseconds.now,
                seed: random.seed()
            ),
            authenticator: Ed25519Authenticator(key: identity),
            cryptography: CurveCryptography(deployment: deployment)
        )
        let attestations = Attestations()
        let actor = NodeActor(
            machine,
            identity: setting.keys.identity.identity,
            durability: durability,
            clock: clock,
            errands: errands,
            reads: reads,
            notices: NoticeBoard(logger: logger, events: events),
            metrics: NodeMetrics(),
            attestations: attestations,
            office: OverseerOffice { errands.add(.stop(NodeError.overseerBehind)) }
        )
        self.setting = setting
        self.deployment = deployment
        self.store = store
        self.durability = durability
        self.actor = actor
        self.errands = errands
        self.reads = reads
        self.events = events
        self.clock = clock
        self.logger = logger
        self.attestations = attestations
        keys = KeyShelf(setting.keys)
        transcripts = setting.overseeing.map {
            TranscriptKeeper($0, verifier: Ed25519Authenticator(key: identity), logger: logger)
        }
        beacon = Self.beacon(setting, beaconTransport, clock, seed: random.seed())
        desk = OperationDesk(
            software: setting.version,
            participant: setting.overseeing.map { Self.overseer($0, setting, deployment) }
                ?? setting.operations,
            clock: clock,
            logger: logger
        )
        exits = ExitPublisher(beacon: beacon, logger: logger)
        links = LinkTransport(
            LinkTransport.Configuration(
                network: LinkNetwork(deployment),
                identity: identity,
                listen: setting.listen
            ),
            observer: actor,
            guestObserver: desk,
            clock: clock,
            seed: random.seed(),
            logger: logger
        )
        chain = try await ChainService(
            Self.chainConfiguration(setting, deployment),
            endpoints: setting.endpoints,
            key: setting.keys.account,
            transport: transport,
            store: DurableChainStore(store: store, durability: durability),
            clock: clock,
            seed: random.seed(),
            logger: logger
        )
    }

    private static func beacon(
        _ setting: Node.Setting,
        _ transport: (any BeaconTransport)?,
        _ clock: NodeClock,
        seed: UInt64
    ) -> BeaconClient? {
        guard let transport, let overseeing = setting.overseeing, !overseeing.beacon.isEmpty else {
            return nil
        }
        return BeaconClient(
            BeaconEndpoints.Configuration(
                endpointCount: overseeing.beacon.count,
                identity: BeaconIdentity(network: overseeing.network, chainId: setting.chainId)
            ),
            endpoints: overseeing.beacon,
            transport: transport,
            seed: seed,
            clock: { clock.now }
        )
    }

    private static func overseer(
        _ overseeing: Overseeing,
        _ setting: Node.Setting,
        _ deployment: Deployment
    ) -> any OperationParticipant {
        OverseerParticipant(
            OverseerMachine(
                OverseerMachine.Setting(
                    identity: setting.keys.identity.identity,
                    deployment: deployment,
                    network: overseeing.network,
                    hasBeacon: !overseeing.beacon.isEmpty,
                    patience: overseeing.patience
                ),
                verifier: Ed25519Authenticator(key: setting.keys.identity)
            )
        )
    }

    static func chainConfiguration(
        _ setting: Node.Setting,
        _ deployment: Deployment
    ) -> ChainConfiguration {
        var configuration = ChainConfiguration(
            deployment: deployment,
            endpoints: EndpointPool.Configuration(
                endpointCount: setting.endpoints.count,
                identity: ChainIdentity(deployment: deployment),
                agreement: setting.agreement
            ),
            outbox: TransactionOutbox.Configuration(
                account: setting.keys.account.address,
                chainId: deployment.chainId,
                registry: deployment.registry
            )
        )
        configuration.operations = setting.operationsSource
        // What is asked of operators and what has come of it counts from final blocks.
        if setting.operationsSource != nil { configuration.finalityInterval = 1 }
        configuration.confirmations = setting.confirmations
        configuration.pollInterval = setting.poll
        return configuration
    }

    // MARK: Running

    /// Runs all parts; those that others need end last.
    func run(beside others: [any Service]) async throws {
        events.send(NodeEvent(.started, "started"))
        let services: [any Service] = [
            durability, chain, links, Errander(parts: self), ChainListener(parts: self),
            OperationService(desk: desk, links: links), OverseerService(parts: self), exits, StartPages(),
            LogCompactor(
                store: store,
                durability: durability,
                actor: actor,
                attestations: attestations,
                keptEpochs: setting.keptEpochs
            ),
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: (services + others).map {
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
        do {
            try await group.run()
        } catch StoreError.closed {
            // Told to end while it was reading: nothing else closes the store, and what was not read is not missed.
        }
    }
}

extension NodeParts: NodeInspector {
    func status() async -> NodeStatus {
        let (peer, view, recalled) = await actor.account
        return NodeStatus(
            NodeStatus.Identification(
                version: "\(setting.version)",
                identity: setting.keys.identity.identity,
                account: setting.keys.account.address,
                deployment: deployment,
                endpointNames: chain.endpointNames
            ),
            uptime: clock.now.sinceStart,
            peer: peer,
            view: view,
            recalled: recalled,
            chain: await chain.status,
            addresses: await actor.linkAddresses
        )
    }

    func committee(of epoch: UInt64) async throws -> CommitteeFile? {
        if let current = await committee(), current.record.roster.epoch == Epoch(epoch) { return current }
        return try await pastEpochs().first { $0.epoch == Epoch(epoch) }.map { CommitteeFile($0.record) }
    }

    func committee() async -> CommitteeFile? {
        guard let peer = await actor.snapshot, let statement = peer.groupKey?.record.statement else {
            return nil
        }
        return CommitteeFile(
            CommitteeRecord(
                deployment: deployment,
                roster: peer.committee.roster,
                groupKey: statement.groupKey,
                membersHash: statement.membersHash,
                transcript: statement.transcript
            )
        )
    }

    func evidence() async -> [EvidenceFinding] {
        await actor.evidence
    }

    func evidence(_ id: String) async -> EvidenceFile? {
        await actor.evidence(id)
    }

    func proofs(of member: UInt16?, last count: Int, published: Bool) async throws -> [ProofItem] {
        let member = member.map { MemberIndex(rawValue: $0) }
        return try await archive()?.list(count, of: member, published: published) ?? []
    }

    func publish(_ order: PublicationOrder) async throws(PublicationError) -> PublicationReport {
        // Never the same again, also after a restart, and small enough for every reader of JSON.
        let ticket = tickets.next(UInt64(max(0, Date().timeIntervalSince1970) * 1_000_000))
        guard let state = await actor.publish(try order.request(ticket)) else {
            return PublicationReport(ticket: ticket, state: .refused, reason: "the node has stopped for good")
        }
        return PublicationReport(ticket, state)
    }

    func publication(_ ticket: UInt64) async throws -> PublicationReport? {
        guard let account = await actor.publication(ticket) else { return nil }
        var report = PublicationReport(ticket, account.state)
        report.quorum = account.peer?.committee.quorum ?? 0
        report.committeeSize = account.peer?.committee.size ?? 0
        guard case .said(let sequence, _) = account.state, let own = account.peer?.own else { return report }
        report.id = "\(own):\(sequence)"
        report.holders = account.holders
        if let archive = try await archive(), let covering = try await archive.covering(own, sequence) {
            report.anchor = covering.place.number
            report.block = covering.record?.block
            report.transaction = covering.record.map { "\($0.transaction)" }
        }
        return report
    }

    func proof(
        of member: UInt16,
        _ sequence: UInt64,
        in epoch: UInt64?
    ) async throws -> Result<ProofBundle, ProofRefusal> {
        guard let archive = try await archive() else {
            return .failure(ProofRefusal(reason: "the committee has no group key yet"))
        }
        let epoch = epoch.map { Epoch($0) }
        return try await archive.bundle(of: MemberIndex(rawValue: member), sequence, in: epoch)
    }

    private func archive() async throws -> ProofArchive? {
        guard let proof = await actor.snapshot?.proof else { return nil }
        var eras: [ProofEra] = []
        if let record = await committee()?.record {
            let newest = proof.confirmedNewest
            eras.append(ProofEra(committee: record, newest: newest.place, record: newest.record))
        }
        for past in try await pastEpochs() where past.epoch < eras.first?.epoch ?? Epoch(.max) {
            let anchor = try await AnchorMemory.read(past.epoch, from: store)
            eras.append(
                ProofEra(committee: past.record, newest: anchor?.anchor.place ?? .none, record: anchor)
            )
        }
        return eras.isEmpty ? nil : ProofArchive(store: store, eras: eras)
    }

    private func pastEpochs() async throws -> [RememberedEpoch] {
        try await EpochMemory(store: store, durability: durability).past(in: deployment)
    }

    func drain(_ isDraining: Bool) async {
        await actor.feed(.drainRequested(isDraining))
    }
}

extension SystemRandom {
    /// A seed for jitter.
    mutating func seed() -> UInt64 {
        let bytes = bytes(FixedBytes<ByteTag.Opaque, 8>.self)
        return (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }
}

extension UnixMilliseconds {
    /// What the wall clock shows.
    fileprivate static var now: UnixMilliseconds {
        UnixMilliseconds(rawValue: UInt64(max(0, Date().timeIntervalSince1970) * 1_000))
    }
}
