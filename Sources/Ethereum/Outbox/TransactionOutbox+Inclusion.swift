internal import Primitives

// From a transaction on its way to one that can no longer be undone.
extension TransactionOutbox {
    mutating func observe(_ observation: AccountObservation) -> [Action] {
        self.observation = observation
        var actions: [Action] = []
        for id in entries.map(\.record.id) {
            guard let index = index(of: id), case .sent(let since, let last) = entries[index].phase else {
                continue
            }
            actions += follow(index, since: since, last: last, observation)
        }
        return actions + settle() + assign()
    }

    private mutating func follow(
        _ index: Int,
        since: UInt64?,
        last: UInt64,
        _ observation: AccountObservation
    ) -> [Action] {
        let record = entries[index].record
        for attempt in record.attempts {
            guard let receipt = observation.receipts[attempt.transaction.hash] else { continue }
            let inclusion: Inclusion =
                attempt.isCancellation ? .cancelled : receipt.succeeded ? .succeeded : .reverted
            entries[index].missing = 0
            entries[index].phase = .included(receipt.transaction, receipt.block, inclusion)
            return [.report(record.id, .included(receipt.transaction, receipt.block, inclusion))]
        }
        guard observation.isCurrent else { return [] }
        if let nonce = record.nonce, observation.nonce > nonce {
            return missed(index, nonce, at: observation.header.number)
        }
        entries[index].missing = 0
        let number = observation.header.number
        let start = min(since ?? number, number)
        let waited = number - start
        if entries[index].mustRaise || waited >= configuration.raiseAfter {
            if let actions = raise(index, observation, waited: waited) { return actions }
        }
        guard number > last, let attempt = record.attempts.last else { return [] }
        // Nodes drop what waits too long or was in a block that was undone; sending again costs nothing.
        entries[index].phase = .sent(since: start, last: number)
        return [.send(record.id, attempt.transaction)]
    }

    /// The nonce is used, and by none of ours: at one block it may be a node's delay, at two it is a stranger.
    private mutating func missed(_ index: Int, _ nonce: UInt64, at number: UInt64) -> [Action] {
        if entries[index].missingAt != number {
            entries[index].missing += 1
            entries[index].missingAt = number
        }
        guard entries[index].missing >= 2 else { return [] }
        let id = entries[index].record.id
        guard !entries[index].record.isWithdrawn else {
            entries.remove(at: index)
            return [.forget(id)]
        }
        entries[index].missing = 0
        entries[index].record.nonce = nil
        entries[index].record.attempts = []
        entries[index].isReleased = false
        let (action, ticket) = persist(index)
        entries[index].phase = .storing(ticket: ticket)
        return [action, .report(id, .displaced(nonce: nonce))]
    }

    /// Offers more, or frees the nonce; `nil` when there is nothing to be done but to wait.
    private mutating func raise(_ index: Int, _ observation: AccountObservation, waited: UInt64) -> [Action]?
    {
        let entry = entries[index]
        guard let previous = entry.record.offer, entry.record.attempts.count < OutboxRecord.maxAttempts,
            let newest = entry.record.attempts.last
        else { return nil }
        let offer = configuration.fees.offer(
            nextBaseFee: observation.header.nextBaseFee,
            history: observation.fees
        )
        let isCancelling = newest.isCancellation || entry.isUnwanted
        let raised: Fees
        if let outbid = configuration.fees.outbid(previous, with: offer) {
            raised = outbid
        } else if waited >= configuration.cancelAfter, !newest.isCancellation {
            raised = configuration.fees.outbidForCancellation(previous)
            entries[index].phase = .signing(isCancellation: true)
            return [.sign(entry.record.id, transaction(index, raised, isCancellation: true))]
        } else {
            return nil
        }
        entries[index].phase = .signing(isCancellation: isCancelling)
        return [.sign(entry.record.id, transaction(index, raised, isCancellation: isCancelling))]
    }

    mutating func undone(_ block: BlockReference) -> [Action] {
        var actions: [Action] = []
        for index in entries.indices {
            guard case .included(_, block, _) = entries[index].phase else { continue }
            let record = entries[index].record
            let number = block.number
            entries[index].phase = .sent(since: number, last: number)
            actions.append(.report(record.id, .reopened))
            if let attempt = record.attempts.last { actions.append(.send(record.id, attempt.transaction)) }
        }
        if !actions.isEmpty { actions.append(.observe) }
        return actions
    }

    mutating func settle() -> [Action] {
        var actions: [Action] = []
        entries.removeAll { entry in
            guard case .included(let hash, let block, let inclusion) = entry.phase,
                block.number <= finalNumber
            else {
                return false
            }
            settledNonce = max(settledNonce, entry.record.nonce?.nextNonce ?? 0)
            actions.append(.forget(entry.record.id))
            actions.append(.report(entry.record.id, .settled(hash, block, inclusion)))
            return true
        }
        return actions
    }
}
