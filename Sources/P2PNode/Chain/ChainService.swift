internal import AsyncAlgorithms
package import Cryptography
package import Ethereum
package import Logging
internal import Metrics
package import Primitives
internal import ServiceLifecycle

/// Runs the chain client: sends its requests, signs its transactions, writes its memory, wakes it in time.
///
/// All decisions are the ``ChainMachine``'s. What it publishes comes out of ``events`` in order; one consumer must
/// read them, and if ``eventLimit`` of them wait unread the service ends with an error rather than lose one.
package actor ChainService: Service {
    /// How many events may wait unread.
    package static let eventLimit = 65_536
    /// How many bytes a reply may have.
    package static let replyLimit = 16 << 20
    private static let callLimit = 1_024
    private static let writeLimit = 4_096

    private struct Call: Sendable {
        let number: UInt64
        let endpoint: Int
        let batch: RPCBatch
        let time: Duration
    }

    private struct Write: Sendable {
        let change: ChainWrite
        let ticket: UInt64?
    }

    /// What the chain layer tells, for one consumer.
    package nonisolated let events: AsyncStream<ChainEvent>

    private var machine: ChainMachine
    private let endpoints: [RPCEndpoint]
    private let key: AccountKey
    private let transport: any RPCTransport
    private let store: any ChainStore
    private let clock: NodeClock
    private let logger: Logger
    private let alarm = DeadlineAlarm()
    private let teller: AsyncStream<ChainEvent>.Continuation
    private let calls: AsyncStream<Call>
    private let caller: AsyncStream<Call>.Continuation
    private let writes: AsyncStream<Write>
    private let writer: AsyncStream<Write>.Continuation
    private var failure: ChainServiceError?
    private let headGauge = Gauge(label: "oracle_chain_head")
    private let lagGauge = Gauge(label: "oracle_chain_lag_blocks")

    /// A service that goes on with what the store remembers.
    ///
    /// - Parameters:
    ///   - configuration: how the client behaves.
    ///   - endpoints: as many as the configuration says.
    ///   - key: the key of the configuration's account.
    ///   - transport: how endpoints are reached.
    ///   - store: what must be found again.
    ///   - clock: the node's time.
    ///   - seed: for waiting times that are never quite the same.
    ///   - logger: who watches.
    /// - Throws: what the store throws, or ``ChainServiceError/unknownVersion(_:)``.
    package init(
        _ configuration: ChainConfiguration,
        endpoints: [RPCEndpoint],
        key: AccountKey,
        transport: any RPCTransport,
        store: any ChainStore,
        clock: NodeClock,
        seed: UInt64,
        logger: Logger
    ) async throws {
        precondition(endpoints.count == configuration.endpoints.endpointCount)
        precondition(key.address == configuration.outbox.account)
        let memory = try await store.load()
        machine = ChainMachine(configuration, cursor: memory.cursor, restoring: memory.records, seed: seed)
        self.endpoints = endpoints
        self.key = key
        self.transport = transport
        self.store = store
        self.clock = clock
        self.logger = logger
        (events, teller) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.eventLimit))
        (calls, caller) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.callLimit))
        (writes, writer) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.writeLimit))
    }

    /// Brings a call onto the chain; what becomes of it comes as ``ChainEvent/submission(_:_:)``.
    ///
    /// A call for the same purpose as one that is under way is not made twice.
    package func submit(_ call: RegistryCall) {
        feed(.wanted(.registry(call)))
    }

    /// Brings a report of the committee to the contract for validators' keys, by the account and in the way of all calls.
    ///
    /// - Returns: The id under which it is told what becomes of it; `nil` where no such contract is configured, and for what
    ///   only the governor may call.
    package func submit(_ call: OperationsCall) -> Digest? {
        guard let contract = machine.configuration.operations?.contract,
            let report = ReportCall(call, to: contract)
        else { return nil }
        feed(.wanted(.report(report)))
        return report.id
    }

    /// Gives up a call; a transaction that is on its way may still be mined.
    package func withdraw(_ id: Digest) {
        feed(.unwanted(id))
    }

    /// What the chain layer can tell of itself.
    package var status: ChainStatus { machine.status }

    /// The endpoints' names, in the order of ``ChainStatus/endpoints``.
    package nonisolated var endpointNames: [String] { endpoints.map(\.name) }

    /// Follows the chain until the graceful shutdown.
    ///
    /// - Throws: ``ChainServiceError`` when it cannot go on.
    package func run() async throws {
        defer { teller.finish() }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await self.alarm.run(on: self.clock) { await self.wake() } }
            group.addTask { try await self.write() }
            wake()
            for await call in calls.cancelOnGracefulShutdown() {
                group.addTask { await self.perform(call) }
            }
            group.cancelAll()
        }
        if let failure { throw failure }
    }

    private func wake() {
        carryOut(machine.expired(at: clock.now))
    }

    private func feed(_ event: ChainMachine.Event) {
        carryOut(machine.handle(event, at: clock.now))
    }

    private func carryOut(_ actions: [ChainMachine.Action]) {
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            switch action {
            case .call(let number, let endpoint, let batch, let time):
                let call = Call(number: number, endpoint: endpoint, batch: batch, time: time)
                if case .dropped = caller.yield(call) {
                    let fault = RPCFault.unreachable("\(Self.callLimit) requests wait already")
                    waiting += machine.handle(.answered(number, .failure(fault)), at: clock.now)
                }
            case .sign(let id, let transaction):
                let signed = SignedTransaction(transaction, key.sign(transaction.digest))
                waiting += machine.handle(.signed(id, signed), at: clock.now)
            case .persist(let record, let ticket): enqueue(Write(change: .put(record), ticket: ticket))
            case .forget(let id): enqueue(Write(change: .forget(id), ticket: nil))
            case .save(let cursor): enqueue(Write(change: .save(cursor), ticket: nil))
            case .publish(let event): publish(event)
            }
        }
        alarm.set(machine.nextDeadline)
    }

    private func enqueue(_ write: Write) {
        if case .dropped = writer.yield(write) { stop(.store("\(Self.writeLimit) changes wait already")) }
    }

    private func publish(_ event: ChainEvent) {
        log(event)
        if case .dropped = teller.yield(event) { stop(.slowConsumer(Self.eventLimit)) }
    }

    private func stop(_ reason: ChainServiceError) {
        failure = failure ?? reason
        caller.finish()
    }

    private func perform(_ call: Call) async {
        let endpoint = endpoints[call.endpoint]
        let result: Result<[RPCOutcome], RPCFault>
        do throws(RPCFault) {
            let reply = try await transport.post(
                call.batch.body,
                to: endpoint,
                within: call.time,
                limit: Self.replyLimit
            )
            result = .success(try call.batch.outcomes(of: reply))
        } catch {
            result = .failure(error)
        }
        feed(.answered(call.number, result))
    }

    private func write() async throws {
        for await write in writes {
            do {
                try await store.write(write.change)
            } catch {
                throw ChainServiceError.store(String(describing: error))
            }
            if let ticket = write.ticket { feed(.persisted(ticket)) }
        }
    }
}

// What somebody who watches should know.
extension ChainService {
    private func log(_ event: ChainEvent) {
        if case .head(let block, _) = event {
            headGauge.record(Double(block.number))
            lagGauge.record(Double(machine.status.lag))
            logger.trace(
                "the chain has a new tip",
                metadata: ["block": "\(block.number)", "hash": "\(block.hash)"]
            )
        }
        guard let line = ChainLine(event, endpoints: endpointNames, account: key.address, now: clock.now)
        else {
            return
        }
        logger.log(level: line.level, "\(line.message)", metadata: line.metadata)
    }
}
