internal import Cryptography
package import Primitives

/// The whole chain client as one machine: endpoints, head, contracts, account.
///
/// ```
///                    +--> HeadFollower --> LogCollector --> RegistryTracker --> records
///  EndpointPool <----+         +------> OperationsReader --> operations
///   (who is asked)   +--> RegistrySubmitter --> TransactionOutbox --> outcomes
/// ```
///
/// The parts know nothing of one another; their questions go through the pool with a ticket, their answers come back
/// by it. Nothing here reads a clock, opens a connection, holds a key or writes a file: those are actions.
package struct ChainMachine: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// A request has come to its end.
        case answered(UInt64, Result<[RPCOutcome], RPCFault>)
        /// The node wants a call on the chain; one of a known id is not taken twice.
        case wanted(ChainCall)
        /// The node does not want it any more.
        case unwanted(Digest)
        /// A record is on disk.
        case persisted(UInt64)
        /// A transaction is signed.
        case signed(Digest, SignedTransaction)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Send a request under this number, and report its end.
        case call(UInt64, endpoint: Int, RPCBatch, within: Duration)
        /// Sign a transaction with the account's key, for the call of this id.
        case sign(Digest, Transaction)
        /// Store a record under its id, and report the ticket when it is safe.
        case persist(OutboxRecord, ticket: UInt64)
        /// Remove the record of an id.
        case forget(Digest)
        /// Store where following goes on after a restart.
        case save(ChainCursor)
        /// Tell the rest of the node.
        case publish(ChainEvent)
    }

    /// What following has come to.
    enum Progress: Sendable {
        /// Nothing is known yet.
        case beginning
        /// The chain is followed.
        case following(HeadFollower)
    }

    /// How the client behaves.
    package let configuration: ChainConfiguration
    var pool: EndpointPool
    var progress = Progress.beginning
    var isAsking = false
    /// Whether the state with which following begins is told.
    var hasBegun = false
    /// When it will be told that there is no such state; `nil` before the first look, and when it is told.
    var silenceDue: Instant?
    var hasLooked = false
    /// Whether the state must be told again, because the chain has left what was known.
    var mustReadState = false
    var collector: LogCollector
    var tracker: RegistryTracker
    var submitter: RegistrySubmitter
    var outbox: TransactionOutbox
    let judge: RecordJudge
    /// Where validators' keys are followed.
    var reader: OperationsReader?
    let operationsJudge: OperationsJudge?
    var cursor: ChainCursor?
    var purposes: [QueryTicket: QueryPurpose] = [:]
    var lastTicket: UInt64 = 0
    var tip: BlockHeader?
    var nextPoll: Instant = .start
    var lastAdvance: Instant = .start
    var staleSince: Instant?
    var lastFinality: UInt64 = 0
    var isObserving = false
    var mustObserve = false
    /// What others paid when it was last asked for.
    var fees: FeeHistory?
    var balance: UInt256?
    var isLow = false

    /// A client that goes on where it was stopped.
    ///
    /// - Parameters:
    ///   - configuration: how it behaves.
    ///   - cursor: where following goes on; `nil` begins at the newest final block.
    ///   - records: the calls that were not settled.
    ///   - seed: for waiting times that are never quite the same.
    package init(
        _ configuration: ChainConfiguration,
        cursor: ChainCursor? = nil,
        restoring records: [OutboxRecord] = [],
        seed: UInt64
    ) {
        self.configuration = configuration
        self.cursor = cursor
        pool = EndpointPool(configuration.endpoints, seed: seed)
        collector = LogCollector(address: configuration.deployment.registry)
        tracker = RegistryTracker(domain: configuration.domain, confirmations: configuration.confirmations)
        submitter = RegistrySubmitter(
            restoring: records.filter { !$0.isWithdrawn }.map { ($0.call, !$0.attempts.isEmpty) }
        )
        outbox = TransactionOutbox(configuration.outbox, restoring: records)
        judge = RecordJudge(domain: configuration.domain)
        reader = configuration.operations.map { OperationsReader(firstBlock: $0.firstBlock) }
        operationsJudge = configuration.operations.map {
            OperationsJudge(chainId: configuration.deployment.chainId, contract: $0.contract)
        }
    }

    /// What the client can tell of itself.
    package var status: ChainStatus {
        let highest = pool.highestHead?.number ?? 0
        let number = tip?.number ?? 0
        return ChainStatus(
            endpoints: pool.endpoints,
            tip: tip,
            finalized: follower?.finalized,
            staleSince: staleSince,
            lag: highest > number ? highest - number : 0,
            balance: balance,
            operations: reader?.delivered,
            pending: outbox.records
        )
    }

    var follower: HeadFollower? {
        guard case .following(let follower) = progress else { return nil }
        return follower
    }

    package var nextDeadline: Instant? {
        let stale = staleSince == nil ? lastAdvance.advanced(by: configuration.staleAfter) : nil
        let poll = isAsking ? nil : nextPoll
        let silence = hasBegun ? nil : silenceDue
        let parts = [
            pool.nextDeadline, collector.nextDeadline, tracker.nextDeadline, reader?.nextDeadline,
        ]
        let dues = parts + [poll, stale, silence]
        return dues.compactMap { $0 }.min()
    }

    package mutating func expired(at now: Instant) -> [Action] {
        var actions = perform(pool.expired(at: now), at: now)
        actions += perform(collector.expired(at: now), at: now)
        actions += perform(tracker.expired(at: now), at: now)
        actions += perform(reader?.expired(at: now) ?? [], at: now)
        if !isAsking, nextPoll <= now { actions += poll(at: now) }
        if !hasBegun, let due = silenceDue, due <= now {
            silenceDue = nil
            actions.append(.publish(.silent))
        }
        if staleSince == nil, lastAdvance.advanced(by: configuration.staleAfter) <= now {
            staleSince = lastAdvance
            actions.append(.publish(.stale(since: lastAdvance)))
        }
        return actions
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .answered(let number, let result):
            return perform(pool.handle(.answered(number, result), at: now), at: now)
        case .wanted(let call):
            return perform(submitter.handle(.wanted(call), at: now), at: now)
        case .unwanted(let id):
            return perform(submitter.handle(.unwanted(id), at: now), at: now)
        case .persisted(let ticket):
            return perform(outbox.handle(.persisted(ticket), at: now), at: now)
        case .signed(let id, let transaction):
            return perform(outbox.handle(.signed(id, transaction), at: now), at: now)
        }
    }

    mutating func ask(
        _ purpose: QueryPurpose,
        _ queries: [RPCQuery],
        _ route: QueryRoute,
        at now: Instant
    ) -> [Action] {
        lastTicket += 1
        let ticket = QueryTicket(lastTicket)
        purposes[ticket] = purpose
        return perform(pool.handle(.wanted(ticket, queries, route), at: now), at: now)
    }

    mutating func poll(at now: Instant) -> [Action] {
        isAsking = true
        nextPoll = now.advanced(by: configuration.pollInterval)
        if !hasLooked {
            hasLooked = true
            silenceDue = now.advanced(by: configuration.silentAfter)
        }
        guard case .following(let follower) = progress else {
            var queries: [RPCQuery] = [.header(.finalized)]
            if let cursor { queries.append(.header(.number(cursor.link.number))) }
            return ask(.beginning, queries, .atLeast(0), at: now)
        }
        if configuration.endpoints.agreement > 1 {
            // Headers prove nothing: one that lies could keep this node on a branch of its own.
            return ask(.poll, [.header(.latest)], .agreed, at: now)
        }
        return ask(.poll, [], .atLeast(follower.ring.tip.number), at: now)
    }
}
