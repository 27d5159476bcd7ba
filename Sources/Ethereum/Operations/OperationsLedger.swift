package import BLS12381
internal import Cryptography
package import KeyOperations
package import Primitives

/// A log of the contract for validators' keys, and where it stands.
package struct LedgerEntry: Hashable, Sendable {
    /// What it says.
    package var event: OperationsEvent
    /// The block it is in.
    package var block: BlockReference
    /// The transaction that caused it.
    package var transaction: Digest

    /// Reads a log.
    ///
    /// - Throws: ``ABIError`` for what the contract cannot have written.
    package init(_ log: Log, chainId: UInt64) throws(ABIError) {
        event = try OperationsEvent(log, chainId: chainId)
        block = log.block
        transaction = log.transaction
    }
}

/// All that was asked of oracles and operators, and what became of it, as the contract's logs tell it.
///
/// For people who look: it takes logs as they are and does not ask whether reports prove themselves. What contradicts
/// earlier logs, of which some are missing then, is passed over.
package struct OperationsLedger: Hashable, Sendable {
    /// What has become of a request.
    package enum Standing: Hashable, Sendable {
        /// Something of it is to be done yet.
        case open
        /// All of it is done.
        case done
        /// What was not done will not be.
        case failed(FailureReason, blamed: [OperatorID])
        /// The governor has taken back what was not done.
        case cancelled
    }

    /// A request with what was reported of it.
    package struct Entry: Hashable, Sendable {
        /// What is asked.
        package let request: OperationRequest
        /// By what reports name it.
        package let id: RequestID
        /// Where it was asked.
        package let asked: LedgerEntry
        /// Reports of what was done, in their order.
        package fileprivate(set) var results: [LedgerEntry] = []
        /// The log that ended it without success.
        package fileprivate(set) var ending: LedgerEntry?
        /// What has become of it.
        package fileprivate(set) var standing = Standing.open

        /// How many results end it.
        package var wanted: Int {
            if case .keygen(let request) = request { request.count } else { 1 }
        }
    }

    /// A validator that was made here.
    package struct Validator: Hashable, Sendable {
        /// Its key.
        package let publicKey: G1Bytes
        /// Who hold shares of it now.
        package fileprivate(set) var operators: OperatorGroup
        /// The request that it was made for.
        package let request: RequestID
        /// Whether the governor says that it has left.
        package fileprivate(set) var isClosed = false
    }

    /// In the order of their numbers.
    package private(set) var requests: [Entry] = []
    /// In the order of their making.
    package private(set) var validators: [Validator] = []
    /// By number.
    package private(set) var operators: [OperatorID: OperatorRecord] = [:]
    private var places: [RequestID: Int] = [:]
    private var keys: [G1Bytes: Int] = [:]

    /// Nothing was asked yet.
    package init() {}

    /// What is told by these logs, in the order of the chain.
    package init(_ entries: some Sequence<LedgerEntry>) {
        for entry in entries { add(entry) }
    }

    /// Takes the next log.
    package mutating func add(_ entry: LedgerEntry) {
        switch entry.event {
        case .operatorRegistered(let record), .operatorChanged(let record): operators[record.id] = record
        case .requested(let request, let id):
            guard places[id] == nil else { return }
            places[id] = requests.count
            requests.append(Entry(request: request, id: id, asked: entry))
        case .requestCancelled(let id): end(id, entry, .cancelled)
        case .requestFailed(let report):
            let standing = Standing.failed(report.reason, blamed: report.blamed)
            end(RequestID(report.statement.requestId.storage), entry, standing)
        case .validatorCreated(let report):
            let (key, id) = (report.deposit.message.publicKey, RequestID(report.statement.requestId.storage))
            if keys[key] == nil {
                keys[key] = validators.count
                validators.append(Validator(publicKey: key, operators: report.operators, request: id))
            }
            note(id, entry)
        case .validatorReshared(let report):
            if let place = keys[report.publicKey] { validators[place].operators = report.operators }
            note(RequestID(report.statement.requestId.storage), entry)
        case .exitSigned(let report): note(RequestID(report.statement.requestId.storage), entry)
        case .exitTriggered(let report): note(RequestID(report.statement.requestId.storage), entry)
        case .exitCall(let report): note(RequestID(report.statement.requestId.storage), entry)
        case .validatorClosed(let closed):
            if let place = keys[closed.publicKey] { validators[place].isClosed = true }
        }
    }

    private mutating func note(_ id: RequestID, _ entry: LedgerEntry) {
        guard let place = places[id] else { return }
        requests[place].results.append(entry)
        if requests[place].results.count >= requests[place].wanted { requests[place].standing = .done }
    }

    private mutating func end(_ id: RequestID, _ entry: LedgerEntry, _ standing: Standing) {
        guard let place = places[id] else { return }
        requests[place].ending = entry
        requests[place].standing = standing
    }
}

extension OperationsLedger {
    /// The validator of a key.
    package func validator(_ key: G1Bytes) -> Validator? { keys[key].map { validators[$0] } }

    /// The request of an id.
    package func request(_ id: RequestID) -> Entry? { places[id].map { requests[$0] } }

    /// How many validators that have not left an operator holds shares of.
    package func validatorCount(of id: OperatorID) -> Int {
        validators.count { !$0.isClosed && $0.operators.contains(id) }
    }

    /// The one request that a text names: by its number, as `3` or `#3`, or by its id or at least eight digits of it.
    ///
    /// - Returns: `nil` when none or several are meant.
    package func request(named text: String) -> Entry? {
        let text = text.lowercased()
        let digits = text.hasPrefix("#") ? String(text.dropFirst()) : text
        if let number = UInt64(digits), digits.count < 8 {
            return requests.first { $0.request.number == number }
        }
        let prefix = text.hasPrefix("0x") ? text : "0x" + text
        guard prefix.count >= 10 else { return nil }
        let found = requests.filter { "\($0.id)".hasPrefix(prefix) }
        return found.count == 1 ? found[0] : nil
    }
}
