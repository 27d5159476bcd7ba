import Cryptography
import Ethereum
import EthereumHTTP
import Logging
import Primitives
import Testing

@testable import P2PNode

/// What a chain service has told, and a way to wait for what it tells next.
actor ChainProbe {
    let service: ChainService
    let store: MemoryChainStore
    private let chain: DevChain
    private(set) var events: [ChainEvent] = []

    init(service: ChainService, store: MemoryChainStore, chain: DevChain) {
        self.service = service
        self.store = store
        self.chain = chain
    }

    /// Runs a service over some of the chain's endpoints while the body runs.
    static func with(
        _ registry: TestRegistry,
        account: UInt8 = 1,
        endpoints names: [String] = ["main"],
        store: MemoryChainStore = MemoryChainStore(),
        _ configure: (inout ChainConfiguration) -> Void = { _ in },
        _ body: (ChainProbe) async throws -> Void
    ) async throws {
        let nodes = try names.map { name in try #require(registry.chain.nodes.first { $0.name == name }) }
        let key = TestRegistry.account(account)
        var configuration = ChainConfiguration(
            deployment: registry.deployment,
            endpoints: EndpointPool.Configuration(
                endpointCount: nodes.count,
                identity: ChainIdentity(deployment: registry.deployment, codeHash: registry.codeHash)
            ),
            outbox: TransactionOutbox.Configuration(
                account: key.address,
                chainId: registry.deployment.chainId,
                registry: registry.address
            )
        )
        configuration.pollInterval = .milliseconds(40)
        configuration.endpoints.requestTimeout = .seconds(2)
        configuration.endpoints.backoff = Backoff(first: .milliseconds(50), limit: .milliseconds(400))
        configuration.endpoints.foreignWait = .milliseconds(400)
        configuration.endpoints.longestRetryAfter = .milliseconds(300)
        configure(&configuration)
        let transport = HTTPTransport()
        let service = try await ChainService(
            configuration,
            endpoints: nodes.map { RPCEndpoint(name: $0.name, url: $0.url) },
            key: key,
            transport: transport,
            store: store,
            clock: .started(),
            seed: 1,
            logger: Logger(label: "chain") { _ in SwiftLogNoOpLogHandler() }
        )
        let probe = ChainProbe(service: service, store: store, chain: registry.chain)
        let result: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await service.run() }
            group.addTask { await probe.listen() }
            defer { group.cancelAll() }
            do {
                try await body(probe)
                return .success(())
            } catch { return .failure(error) }
        }
        try await transport.shutdown()
        try result.get()
    }

    private func listen() async {
        for await event in service.events { events.append(event) }
    }

    /// How often is looked, 20 ms apart, before a wait is in vain: a minute, and longer where everything takes longer.
    private static let patience = 3_000

    /// Waits until a condition holds.
    func wait(
        until what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: () async throws -> Bool
    ) async throws {
        for _ in 0..<Self.patience {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await missed(what, sourceLocation)
    }

    private func missed(_ what: String, _ sourceLocation: SourceLocation) async throws -> Never {
        let status = await service.status
        Issue.record(
            "waited in vain for \(what): \(events.suffix(12)); \(status)",
            sourceLocation: sourceLocation
        )
        throw Missed()
    }

    /// Mines blocks until a call has taken effect in one; the transaction that did it.
    func mineUntilIncluded(_ call: RegistryCall, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
        -> Digest
    {
        for _ in 0..<40 {
            try await chain.mine()
            try await wait(forHead: try await chain.height(), sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(150))
            for case .submission(.registry(call), .progress(.included(let hash, _, .succeeded))) in events {
                return hash
            }
        }
        try await missed("inclusion", sourceLocation)
    }

    /// Waits until something was told that the predicate takes.
    @discardableResult
    func wait<Value>(
        for what: String,
        _ match: (ChainEvent) -> Value?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        for _ in 0..<Self.patience {
            for event in events { if let value = match(event) { return value } }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await missed(what, sourceLocation)
    }

    /// Waits until the service has followed to a block.
    func wait(forHead number: UInt64, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await wait(
            for: "block \(number)",
            { event in
                if case .head(let block, _) = event, block.number >= number { true } else { nil }
            },
            sourceLocation: sourceLocation
        )
    }

    /// Waits until an election of this view has come to a stage; where it is.
    @discardableResult
    func wait(
        forElection view: UInt64,
        _ stage: RecordStage,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RegistryRecord {
        try await wait(
            for: "view \(view) \(stage)",
            { event in
                guard case .record(let record, stage) = event,
                    case .leaderElected(let election) = record.event,
                    election.statement.view == View(view)
                else { return nil }
                return record
            },
            sourceLocation: sourceLocation
        )
    }

    /// Waits until an anchor of this number has come to a stage; where it is.
    @discardableResult
    func wait(
        forAnchor number: UInt64,
        _ stage: RecordStage,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RegistryRecord {
        try await wait(
            for: "anchor \(number) \(stage)",
            { event in
                guard case .record(let record, stage) = event, case .proofAnchored(let anchor) = record.event,
                    anchor.statement.number == number
                else { return nil }
                return record
            },
            sourceLocation: sourceLocation
        )
    }

    /// Waits until a call has come to an outcome that the predicate takes.
    @discardableResult
    func wait<Value>(
        forOutcome what: String,
        of call: RegistryCall,
        _ match: (SubmissionOutcome) -> Value?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        try await wait(forOutcome: what, of: call.id, match, sourceLocation: sourceLocation)
    }

    /// Waits until the call of an id has come to an outcome that the predicate takes.
    @discardableResult
    func wait<Value>(
        forOutcome what: String,
        of id: Digest,
        _ match: (SubmissionOutcome) -> Value?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        try await wait(
            for: what,
            { event in
                if case .submission(let told, let outcome) = event, told.id == id {
                    match(outcome)
                } else {
                    nil
                }
            },
            sourceLocation: sourceLocation
        )
    }

    /// Waits until a transaction of the call is on its way; its hash.
    @discardableResult
    func wait(forSending call: RegistryCall, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> Digest
    {
        try await wait(forSending: call.id, sourceLocation: sourceLocation)
    }

    /// Waits until a transaction of the call of an id is on its way; its hash.
    @discardableResult
    func wait(forSending id: Digest, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Digest
    {
        try await wait(
            forOutcome: "a transaction",
            of: id,
            { outcome in
                if case .progress(.sent(let hash, _)) = outcome { hash } else { nil }
            },
            sourceLocation: sourceLocation
        )
    }

    /// A transaction that the service has signed, while its call is not settled.
    func transaction(_ hash: Digest) async -> Transaction? {
        await service.status.pending.flatMap(\.attempts).map(\.transaction).first { $0.hash == hash }?
            .transaction
    }

    /// What was told of validators' keys.
    var operations: [OperationsRecord] {
        events.flatMap { event -> [OperationsRecord] in
            if case .operations(let records, _) = event { records } else { [] }
        }
    }

    /// Up to which blocks it was told.
    var operationsEnds: [UInt64] {
        events.compactMap { event in if case .operations(_, let last) = event { last.number } else { nil } }
    }

    /// How often something was told.
    func count(_ match: (ChainEvent) -> Bool) -> Int { events.count { match($0) } }

    struct Missed: Error {}
}

/// Keeps a chain service's memory for the length of a test.
actor MemoryChainStore: ChainStore {
    private(set) var cursor: ChainCursor?
    private(set) var records: [Digest: OutboxRecord] = [:]

    func load() -> ChainMemory {
        ChainMemory(cursor: cursor, records: records.values.sorted { $0.id < $1.id })
    }

    func write(_ change: ChainWrite) {
        switch change {
        case .put(let record): records[record.id] = record
        case .forget(let id): records[id] = nil
        case .save(let cursor): self.cursor = cursor
        }
    }
}
