package import Cryptography
package import Ethereum
package import Primitives

/// A transaction that is in a block, and what the contract has put on record in it.
package struct ContractReceipt: Hashable, Sendable {
    /// The transaction.
    package let transaction: Digest
    /// The block it is in.
    package let block: BlockReference
    /// The contract's logs.
    package let entries: [LedgerEntry]
}

/// How far a transaction has come.
package enum ContractProgress: Hashable, Sendable {
    /// The endpoint has it.
    case sent(Digest)
    /// It is in no block yet.
    case waiting(Digest, for: Duration)
    /// The endpoint does not answer at present.
    case silent(ContractError)
}

extension OperationsContract {
    /// Sends a call from an account and waits until it is in a block.
    ///
    /// The contract is asked first, so that a call that it refuses costs nothing.
    ///
    /// - Parameters:
    ///   - data: The call.
    ///   - gasLimit: How much gas it may use.
    ///   - key: The account that pays and by which the contract knows who calls.
    ///   - patience: How long to wait for the block.
    ///   - tell: Called as it goes on.
    /// - Returns: Where it is, and what it has brought about.
    /// - Throws: ``ContractError``, or that the task was cancelled.
    package func send(
        _ data: [UInt8],
        gasLimit: UInt64,
        from key: AccountKey,
        patience: Duration,
        tell: (ContractProgress) -> Void
    ) async throws -> ContractReceipt {
        let signed = try await sign(data, gasLimit, key)
        try await hand(in: signed)
        tell(.sent(signed.hash))
        let clock = ContinuousClock()
        let start = clock.now
        var lastSent = start
        while true {
            try await clock.sleep(for: .milliseconds(500))
            do throws(ContractError) {
                if let receipt = try await receipt(of: signed.hash) { return receipt }
                // A node may forget what it was handed.
                if lastSent.duration(to: clock.now) > .seconds(30) {
                    lastSent = clock.now
                    _ = try await outcomes(of: .send(signed.raw, hash: signed.hash))
                }
                tell(.waiting(signed.hash, for: start.duration(to: clock.now)))
            } catch {
                // The transaction is under way: an endpoint that is away for a moment is no reason to leave it.
                guard case .endpoint = error else { throw error }
                tell(.silent(error))
            }
            guard start.duration(to: clock.now) < patience else {
                throw ContractError.notIncluded(signed.hash, after: patience)
            }
        }
    }

    private func sign(
        _ data: [UInt8],
        _ gasLimit: UInt64,
        _ key: AccountKey
    ) async throws(ContractError) -> SignedTransaction {
        let head = try await head()
        let trial = try await outcomes(
            of: .call(to: address, from: key.address, data: data, at: head.hash),
            .nonce(key.address, at: head.hash),
            .balance(key.address, at: head.hash),
            .feeHistory(16)
        )
        if case .failure(let refusal) = trial[0] {
            guard refusal.isRevert else { throw .refused(endpoint.name, method: "eth_call", refusal) }
            throw .reverted(Self.word(of: refusal))
        }
        guard case .success(.number(let nonce)) = trial[1], case .success(.amount(let balance)) = trial[2],
            case .success(.fees(let history)) = trial[3]
        else {
            for case (.failure(let refusal), let method) in zip(
                trial.dropFirst(),
                ["eth_getTransactionCount", "eth_getBalance", "eth_feeHistory"]
            ) { throw .refused(endpoint.name, method: method, refusal) }
            throw Self.strange(endpoint)
        }
        let fees = FeePolicy().offer(nextBaseFee: history.nextBaseFee, history: history)
        let needs = fees.limit * gasLimit
        guard balance >= needs else { throw .unaffordable(key.address, has: balance, needs: needs) }
        let transaction = Transaction(
            chainId: chainId,
            nonce: nonce,
            maxPriorityFee: fees.tip,
            maxFee: fees.limit,
            gasLimit: gasLimit,
            to: address,
            data: data
        )
        return SignedTransaction(transaction, key.sign(transaction.digest))
    }

    /// The contract's word, from what the call returned or, where a node leaves that out, from the node's words.
    private static func word(of refusal: RPCRefusal) -> String {
        if let data = refusal.data { return "\(RegistryRevert(data: data))" }
        let last = refusal.message.split { !($0.isUppercase || $0 == "_") }.last { $0.count > 4 }
        return last.map { String($0) } ?? refusal.message
    }

    private func hand(in signed: SignedTransaction) async throws(ContractError) {
        guard
            case .failure(let refusal) = try await outcomes(of: .send(signed.raw, hash: signed.hash))[0],
            refusal.sendVerdict != .known
        else { return }
        throw .unsent(refusal)
    }

    private func receipt(of hash: Digest) async throws(ContractError) -> ContractReceipt? {
        guard case .receipt(let receipt?) = try await ask(.receipt(hash))[0] else { return nil }
        guard receipt.succeeded else { throw .failed(hash, receipt.block) }
        let filter = LogFilter(.block(receipt.block.hash), address: address, topics: OperationsEvent.topics)
        guard case .logs(let logs) = try await ask(.logs(filter))[0] else { throw Self.strange(endpoint) }
        let own = logs.filter { $0.transaction == hash }
        return ContractReceipt(transaction: hash, block: receipt.block, entries: try entries(own))
    }
}
