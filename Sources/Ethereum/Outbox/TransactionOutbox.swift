package import Primitives

/// The one who gives this account's nonces away, and sees each through until it can no longer be undone.
///
/// ```
/// submit -> stored -> held -release-> queued -> signed -> stored -> sent -> included -> settled, forgotten
///                       ^                          ^                 |  ^       |
///                       |                          +---- raise ------+  +-------+ block undone
///                       +------------------------------- nonce used by a stranger
/// ```
///
/// Every transaction is on disk before any node has it. An answer that was lost changes nothing: hashes are computed
/// here, and whatever is not in a block is sent again. After `raiseAfter` blocks without inclusion both fees rise;
/// at the limit, or when nobody wants the call any more, a payment of nothing to itself frees the nonce.
package struct TransactionOutbox: Machine {
    /// How the outbox behaves.
    package struct Configuration: Hashable, Sendable {
        /// The account.
        package var account: Address
        /// The chain.
        package var chainId: UInt64
        /// The registry, for calls that name no contract themselves.
        package var registry: Address
        /// What is paid.
        package var fees: FeePolicy
        /// How many nonces are in use at once at most.
        package var greatestOpen: Int
        /// After how many blocks without inclusion more is offered.
        package var raiseAfter: UInt64
        /// After how many blocks at the limit the nonce is freed.
        package var cancelAfter: UInt64

        /// The usual behaviour for one account.
        package init(account: Address, chainId: UInt64, registry: Address, fees: FeePolicy = FeePolicy()) {
            self.account = account
            self.chainId = chainId
            self.registry = registry
            self.fees = fees
            greatestOpen = 4
            raiseAfter = 3
            cancelAfter = 12
        }
    }

    /// Something that has happened.
    package enum Event: Sendable {
        /// Somebody wants a call on the chain; one of a known id is not taken twice.
        case submitted(ChainCall)
        /// The call passed its check and may be sent.
        case released(Digest)
        /// Nobody needs the call now, but a reorganisation may change that: it is kept and not sent.
        case recalled(Digest)
        /// Nobody will need the call any more.
        case withdrawn(Digest)
        /// A record is on disk.
        case persisted(UInt64)
        /// A transaction is signed.
        case signed(Digest, SignedTransaction)
        /// What the account looks like after the newest block.
        case observed(AccountObservation)
        /// What nodes said of a transaction; none when no node could be asked.
        case answered(Digest, [RPCRefusal?])
        /// A block is no longer canonical.
        case undone(BlockReference)
        /// All blocks up to this one are final.
        case finalized(UInt64)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Store a record under its id, and report the ticket when it is safe.
        case persist(OutboxRecord, ticket: UInt64)
        /// Remove the record of an id.
        case forget(Digest)
        /// Look at the account soon: something waits for a nonce or for news.
        case observe
        /// Sign a transaction for an id.
        case sign(Digest, Transaction)
        /// Hand a transaction of an id to all nodes.
        case send(Digest, SignedTransaction)
        /// Tell what has become of a call.
        case report(Digest, OutboxReport)
    }

    let configuration: Configuration
    /// In the order of submission.
    var entries: [OutboxEntry] = []
    var lastTicket: UInt64 = 0
    var observation: AccountObservation?
    var finalNumber: UInt64 = 0
    /// The nonce after the greatest that is used for good.
    var settledNonce: UInt64 = 0

    /// Goes on with what was stored.
    package init(_ configuration: Configuration, restoring records: [OutboxRecord] = []) {
        self.configuration = configuration
        entries = records.sorted { ($0.nonce ?? .max, $0.id) < ($1.nonce ?? .max, $1.id) }.map { record in
            guard record.attempts.isEmpty else {
                return OutboxEntry(record: record, phase: .sent(since: nil, last: 0))
            }
            // A nonce with which nothing was signed has not been used.
            var record = record
            record.nonce = nil
            return OutboxEntry(record: record, phase: .held)
        }
    }

    /// The calls that are not settled, in the order of their nonces and then of submission.
    package var records: [OutboxRecord] { entries.map(\.record) }

    /// The hashes whose receipts an observation must hold.
    package var watchedHashes: [Digest] {
        entries.flatMap { entry in entry.isOpen || entry.isIncluded ? entry.record.hashes : [] }
    }

    /// Whether anything waits for the chain.
    package var needsObservation: Bool {
        entries.contains { $0.phase == .queued || $0.isOpen }
    }

    package var nextDeadline: Instant? { nil }

    package mutating func expired(at now: Instant) -> [Action] { [] }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .submitted(let call): return submit(call)
        case .released(let id): return release(id)
        case .recalled(let id): return recall(id)
        case .withdrawn(let id): return withdraw(id)
        case .persisted(let ticket): return persisted(ticket)
        case .signed(let id, let transaction): return signed(id, transaction)
        case .observed(let observation): return observe(observation)
        case .answered(let id, let answers): return answered(id, answers)
        case .undone(let block): return undone(block)
        case .finalized(let number):
            finalNumber = max(finalNumber, number)
            return settle()
        }
    }

    func index(of id: Digest) -> Int? { entries.firstIndex { $0.record.id == id } }

    mutating func persist(_ index: Int) -> (action: Action, ticket: UInt64) {
        lastTicket += 1
        return (.persist(entries[index].record, ticket: lastTicket), lastTicket)
    }
}

// From a call to a transaction on its way.
extension TransactionOutbox {
    private mutating func submit(_ call: ChainCall) -> [Action] {
        if let index = index(of: call.id) {
            guard entries[index].record.isWithdrawn else { return [] }
            // Wanted again before its nonce was free.
            entries[index].record.isWithdrawn = false
            return [persist(index).action]
        }
        entries.append(OutboxEntry(record: OutboxRecord(call: call), phase: .held))
        let (action, ticket) = persist(entries.count - 1)
        entries[entries.count - 1].phase = .storing(ticket: ticket)
        return [action]
    }

    private mutating func release(_ id: Digest) -> [Action] {
        guard let index = index(of: id) else { return [] }
        entries[index].isRecalled = false
        entries[index].isReleased = true
        return queue(index)
    }

    private mutating func recall(_ id: Digest) -> [Action] {
        guard let index = index(of: id) else { return [] }
        entries[index].isReleased = false
        entries[index].isRecalled = entries[index].record.nonce != nil
        if entries[index].phase == .queued { entries[index].phase = .held }
        return []
    }

    private mutating func queue(_ index: Int) -> [Action] {
        guard entries[index].isReleased, entries[index].phase == .held else { return [] }
        entries[index].phase = .queued
        // What was seen of the account last may be old; the nonce comes with the next look.
        return [.observe]
    }

    private mutating func withdraw(_ id: Digest) -> [Action] {
        guard let index = index(of: id) else { return [] }
        guard entries[index].record.nonce != nil else {
            entries.remove(at: index)
            return [.forget(id)]
        }
        guard !entries[index].record.isWithdrawn else { return [] }
        // Others may have later nonces, so this one must be used; a restart must know that nothing else is wanted.
        entries[index].record.isWithdrawn = true
        // Before the first signature no node has anything: if the process dies here, nothing is to be found again.
        guard !entries[index].record.attempts.isEmpty else { return [.forget(id)] }
        return [persist(index).action]
    }

    private mutating func persisted(_ ticket: UInt64) -> [Action] {
        for index in entries.indices {
            switch entries[index].phase {
            case .storing(ticket):
                entries[index].phase = .held
                return queue(index)
            case .recording(ticket):
                return launch(index)
            default: continue
            }
        }
        return []
    }

    /// Gives nonces to what waits for one.
    mutating func assign() -> [Action] {
        guard let observation, observation.isCurrent else { return [] }
        var actions: [Action] = []
        var open = entries.count { $0.isOpen }
        for index in entries.indices where entries[index].phase == .queued {
            guard open < configuration.greatestOpen else { break }
            let used = entries.compactMap(\.record.nonce).max()?.nextNonce ?? 0
            let nonce = max(used, observation.nonce, settledNonce)
            // No account has a transaction of this nonce (EIP-2681); who says so lies.
            guard nonce < .max else { break }
            entries[index].record.nonce = nonce
            entries[index].phase = .signing(isCancellation: false)
            let offer = configuration.fees.offer(
                nextBaseFee: observation.header.nextBaseFee,
                history: observation.fees
            )
            actions.append(.sign(entries[index].record.id, transaction(index, offer, isCancellation: false)))
            open += 1
        }
        return actions
    }

    func transaction(_ index: Int, _ fees: Fees, isCancellation: Bool) -> Transaction {
        let record = entries[index].record
        return Transaction(
            chainId: configuration.chainId,
            nonce: record.nonce ?? 0,
            maxPriorityFee: fees.tip,
            maxFee: fees.limit,
            gasLimit: isCancellation ? 21_000 : record.call.gasLimit,
            to: isCancellation
                ? configuration.account : record.call.contract(registry: configuration.registry),
            data: isCancellation ? [] : record.call.data
        )
    }

    private mutating func signed(_ id: Digest, _ transaction: SignedTransaction) -> [Action] {
        guard let index = index(of: id), case .signing(let isCancellation) = entries[index].phase else {
            return []
        }
        entries[index].record.attempts.append(
            OutboxRecord.Attempt(transaction: transaction, isCancellation: isCancellation)
        )
        let (action, ticket) = persist(index)
        entries[index].phase = .recording(ticket: ticket)
        return [action]
    }

    private mutating func launch(_ index: Int) -> [Action] {
        let record = entries[index].record
        guard let attempt = record.attempts.last, let nonce = record.nonce else { return [] }
        let number = observation?.header.number ?? 0
        entries[index].phase = .sent(since: number, last: number)
        entries[index].mustRaise = false
        let hash = attempt.transaction.hash
        let report: OutboxReport =
            attempt.isCancellation
            ? .cancelling(hash) : record.attempts.count == 1 ? .sent(hash, nonce: nonce) : .raised(hash)
        return [.send(record.id, attempt.transaction), .report(record.id, report)]
    }

    private mutating func answered(_ id: Digest, _ answers: [RPCRefusal?]) -> [Action] {
        guard let index = index(of: id), case .sent = entries[index].phase, !answers.isEmpty else {
            return []
        }
        let refusals = answers.compactMap { $0 }
        let verdicts = refusals.map(\.sendVerdict)
        // One node that has it is enough; the others may be behind.
        guard refusals.count == answers.count, !verdicts.contains(.known) else { return [] }
        if verdicts.contains(.nonceUsed) { return [.observe] }
        if verdicts.contains(.underbid) || verdicts.contains(.underpriced) {
            entries[index].mustRaise = true
            return [.observe]
        }
        if let position = verdicts.firstIndex(of: .unaffordable) {
            return [.report(id, .unaffordable(refusals[position].message))]
        }
        if verdicts.allSatisfy({ $0 == .impossible }), entries[index].record.attempts.count == 1 {
            entries.remove(at: index)
            return [.forget(id), .report(id, .rejected(refusals[0].message))]
        }
        return []
    }
}

extension UInt64 {
    /// The nonce after this one, or the greatest number.
    var nextNonce: UInt64 { self < .max ? self + 1 : self }
}
